"""Lost paddles: void at once and for good, exchanged for another, the bidder and his code as before."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.sessions import actions, minutes, queries
from app.auctions.sessions.errors import PaddleVoid, SessionStage
from app.auctions.sessions.schemas import FloorBidIn, PaddleExchangeIn
from app.auctions.sessions.tables import SessionRegistrationRow
from app.kit.errors import Stale
from tests.factories.auctions import CLOCK
from tests.factories.sessions import (
    Bidder,
    Hall,
    enter,
    knock_down,
    make_noticed_session,
    make_ready_session,
    open_lot,
    raise_paddle,
)


async def exchange(session: AsyncSession, hall: Hall, bidder: Bidder) -> SessionRegistrationRow:
    """The door exchanges a bidder's paddle; he holds the new one from now on."""
    made = await hall.entry(session, bidder)
    exchanged = await actions.exchange_paddle(
        session,
        CLOCK,
        actor=hall.operator.actor,
        registration_id=made.id,
        expected=made.version,
        body=PaddleExchangeIn(reason="号牌遗失，身份已核对"),
    )
    assert exchanged.paddle_no is not None
    bidder.paddle_no = exchanged.paddle_no
    return exchanged


async def floor(session: AsyncSession, hall: Hall, paddle_no: int, amount: str) -> auctions.Placed:
    """A bid by whoever raises this number on the first lot."""
    return await actions.floor_bid(
        session,
        CLOCK,
        actor=hall.auctioneer.actor,
        auction_id=hall.lots[0],
        body=FloorBidIn(paddle_no=paddle_no, amount=amount),
    )


async def test_a_lost_paddle_is_void_and_the_new_one_bids_under_the_same_code(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    one, two = hall.bidders
    lost = one.paddle_no
    await open_lot(session, hall, 1)
    assert (await raise_paddle(session, hall, 1, one, 200)).bid.bidder_code == str(lost)
    await exchange(session, hall, one)
    assert one.paddle_no not in (lost, two.paddle_no)
    await raise_paddle(session, hall, 1, two, 210)
    with pytest.raises(PaddleVoid) as refused:
        await floor(session, hall, lost, "2200000.00")
    assert refused.value.field == "/body/paddle_no"
    placed = await raise_paddle(session, hall, 1, one, 220)
    assert (placed.bid.bidder_code, placed.bid.bid_no) == (str(lost), 3)
    sold = await knock_down(session, hall, 1)
    assert (sold.status, sold.leader_code) == ("awarded", str(lost))


async def test_an_exchange_is_kept_on_the_doors_sheet_with_who_when_and_why(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    one = hall.bidders[0]
    lost = one.paddle_no
    before = minutes.sheet(
        await queries.paddle_sheet(session, actor=hall.operator.actor, session_id=hall.session_id)
    )
    assert len(before["parts"]) == 1
    made = await exchange(session, hall, one)
    told = await queries.paddle_sheet(session, actor=hall.operator.actor, session_id=hall.session_id)
    (line,) = told.exchanges
    assert (line.old_no, line.new_no) == (lost, one.paddle_no)
    assert (line.reason, line.exchanged_at) == ("号牌遗失，身份已核对", made.handed_out_at)
    assert line.exchanged_by
    assert one.paddle_no in [paddle.paddle_no for paddle in told.paddles]
    assert lost not in [paddle.paddle_no for paddle in told.paddles]
    printed: dict[str, Any] = minutes.sheet(told)["parts"][1]
    assert printed["table"]["rows"][0][:3] == [str(lost), str(one.paddle_no), "号牌遗失，身份已核对"]


async def test_a_void_number_is_given_to_nobody_again(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    one, two = hall.bidders
    row = await hall.row(session)
    numbers = {one.paddle_no, two.paddle_no}
    row.paddle_first, row.paddle_last = min(numbers), min(numbers) + 4
    await session.flush()
    given = [one.paddle_no]
    for _ in range(3):
        await exchange(session, hall, one)
        given.append(one.paddle_no)
    assert len(set(given)) == 4 and two.paddle_no not in given


async def test_only_a_paddle_that_was_handed_out_is_exchanged(session: AsyncSession) -> None:
    hall = await make_noticed_session(session)
    bidder = await enter(session, hall)
    with pytest.raises(SessionStage):
        await exchange(session, hall, bidder)


async def test_an_exchange_upon_an_older_version_is_refused_so_that_two_clerks_give_one_paddle(
    session: AsyncSession,
) -> None:
    hall = await make_ready_session(session)
    made = await hall.entry(session, hall.bidders[0])
    seen = made.version
    await exchange(session, hall, hall.bidders[0])
    with pytest.raises(Stale):
        await actions.exchange_paddle(
            session,
            CLOCK,
            actor=hall.operator.actor,
            registration_id=made.id,
            expected=seen,
            body=PaddleExchangeIn(reason="号牌遗失"),
        )


async def test_what_was_written_down_of_an_exchange_is_never_changed(session: AsyncSession) -> None:
    hall = await make_ready_session(session)
    await exchange(session, hall, hall.bidders[0])
    with pytest.raises(DBAPIError):
        async with session.begin_nested():
            await session.execute(text("UPDATE paddle_exchanges SET reason = '其他'"))
