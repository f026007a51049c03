"""A session in a hall: lots in order, floor and web under one lock, calls and hammer, corrections, withdrawal."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.errors import (
    BidNotAboveCurrent,
    HammerTooEarly,
    WithdrawalAfterStart,
)
from app.auctions.rules.commands import CancelReason
from app.auctions.sessions import actions
from app.auctions.sessions.errors import (
    HandInSession,
    LotOfSession,
    LotOutOfOrder,
    NotTheAuctioneer,
    PaddleUnknown,
    SessionStage,
)
from app.auctions.sessions.schemas import FloorBidIn, LotWithdrawalIn
from app.identity.permissions import Role
from tests.factories.auctions import CLOCK
from tests.factories.identity import make_member
from tests.factories.sessions import (
    bid_online,
    knock_down,
    make_ready_session,
    moved,
    open_lot,
    raise_paddle,
)


async def test_lots_are_opened_in_brochure_order_once_the_one_before_is_over(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    with pytest.raises(LotOutOfOrder) as early:
        await open_lot(session, hall, 2)
    assert early.value.data == {"lot_no": 1}
    await open_lot(session, hall, 1)
    with pytest.raises(LotOutOfOrder):
        await open_lot(session, hall, 2)
    await actions.pass_in(session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[0])
    assert (await open_lot(session, hall, 2)).status == "on_the_block"
    assert (await hall.row(session)).status == "running"


async def test_paddles_and_web_bids_share_one_order(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    one, two = hall.bidders
    await open_lot(session, hall, 1)
    first = await raise_paddle(session, hall, 1, one, 200)
    second = await bid_online(session, hall, 1, two, 210)
    assert (first.bid.via, second.bid.via) == ("floor", "web")
    assert (first.bid.bid_no, second.bid.bid_no) == (1, 2)
    assert second.bid.seq == first.bid.seq + 1
    with pytest.raises(BidNotAboveCurrent) as refused:
        await raise_paddle(session, hall, 1, one, 210)
    assert refused.value.data["next_amount"] == "2200000.00"


async def test_a_paddle_is_the_code_of_its_bidder_on_every_lot(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    one, _ = hall.bidders
    await open_lot(session, hall, 1)
    placed = await raise_paddle(session, hall, 1, one, 200)
    assert placed.bid.bidder_code == str(one.paddle_no)
    assert 201 <= one.paddle_no <= 320


async def test_the_hammer_falls_only_after_three_calls_and_their_warning(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    one, two = hall.bidders
    await open_lot(session, hall, 1)
    await raise_paddle(session, hall, 1, one, 200)
    auctioneer, lot = hall.auctioneer.actor, hall.lots[0]
    await actions.call(session, CLOCK, actor=auctioneer, auction_id=lot, number=1)
    await bid_online(session, hall, 1, two, 210)
    with pytest.raises(HammerTooEarly):
        await actions.hammer(session, CLOCK, actor=auctioneer, auction_id=lot)
    sold = await knock_down(session, hall, 1)
    assert (sold.status, sold.leader_code) == ("awarded", str(two.paddle_no))
    assert sold.award_id is not None


async def test_a_mis_keyed_floor_bid_is_struck_and_who_led_leads_again(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    one, two = hall.bidders
    await open_lot(session, hall, 1)
    await raise_paddle(session, hall, 1, one, 200)
    wrong = await raise_paddle(session, hall, 1, two, 2100)
    row = await actions.correct_floor_bid(
        session,
        CLOCK,
        actor=hall.auctioneer.actor,
        auction_id=hall.lots[0],
        bid_no=wrong.bid.bid_no,
    )
    assert (row.leader_code, row.current_minor) == (str(one.paddle_no), 200_000_000)
    assert (await raise_paddle(session, hall, 1, two, 210)).bid.bid_no == 3


async def test_a_lot_that_is_withdrawn_is_passed_over(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    paper = LotWithdrawalIn(
        reason=CancelReason.SELLER_WITHDRAWAL, document_no="撤〔2026〕3号", note="委托方撤回"
    )
    await actions.withdraw_lot(
        session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[1], body=paper
    )
    await open_lot(session, hall, 1)
    await raise_paddle(session, hall, 1, hall.bidders[0], 200)
    with pytest.raises(WithdrawalAfterStart):
        await actions.withdraw_lot(
            session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[0], body=paper
        )
    await knock_down(session, hall, 1)
    assert (await open_lot(session, hall, 3)).status == "on_the_block"


async def test_a_session_ends_with_its_last_lot(session: AsyncSession) -> None:
    hall = await make_ready_session(session, lots=((200, 10), (5, 1)))
    for number in (1, 2):
        await open_lot(session, hall, number)
        await actions.pass_in(session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[number - 1])
    await moved(session, hall)
    row = await hall.row(session)
    assert (row.status, row.ended_at is not None, row.next_due_at) == ("ended", True, None)


async def test_only_who_is_named_conducts_and_he_does_not_bid(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    other = await make_member(session, Role.AUCTIONEER)
    with pytest.raises(NotTheAuctioneer):
        await actions.open_lot(session, CLOCK, actor=other.actor, auction_id=hall.lots[0])
    await open_lot(session, hall, 1)
    with pytest.raises(HandInSession):
        await auctions.place_bid(
            session,
            CLOCK,
            actor=hall.auctioneer.actor,
            auction_id=hall.lots[0],
            amount="2000000.00",
        )


async def test_a_paddle_that_nobody_was_handed_bids_nothing(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    await open_lot(session, hall, 1)
    free = next(number for number in range(201, 321) if number not in {b.paddle_no for b in hall.bidders})
    with pytest.raises(PaddleUnknown):
        await actions.floor_bid(
            session,
            CLOCK,
            actor=hall.auctioneer.actor,
            auction_id=hall.lots[0],
            body=FloorBidIn(paddle_no=free, amount="2000000.00"),
        )


async def test_a_lot_of_a_session_is_signed_off_with_it(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    with pytest.raises(LotOfSession):
        await auctions.mark_ready(session, CLOCK, actor=hall.finance.checker.actor, auction_id=hall.lots[0])
    with pytest.raises(SessionStage):
        await actions.mark_session_ready(
            session, CLOCK, actor=hall.finance.checker.actor, session_id=hall.session_id
        )
