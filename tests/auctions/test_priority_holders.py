"""Rights of first refusal: named, told in time, used in each of three styles, and answered once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.errors import PriorityAnswered, PriorityRefused
from app.auctions.priority import actions as answers
from app.auctions.queries import standing
from app.auctions.rules.terms import PriorityStyle
from app.auctions.schemas import FirstRefusal, TermsIn
from app.kit.dates import market_date
from app.kit.errors import NotFound
from app.markets.priority import actions, rules
from app.markets.priority.errors import HolderNotTold, HoldersLeftOut, HoldersPinned, HolderUnfit
from app.markets.priority.queries import read_holders
from app.markets.priority.schemas import PriorityHoldersIn
from app.markets.priority.states import Basis, Reach
from app.markets.registrations import actions as registrations
from app.markets.registrations.schemas import QualificationIn, RegistrationIn
from app.markets.states import Mode
from app.markets.tables import AwardRow
from tests.factories.auctions import (
    CLOCK,
    TERMS,
    Sale,
    add_bidder,
    advance_to,
    make_draft,
    place,
    timetable,
)
from tests.factories.identity import Member, make_member


async def name(
    session: AsyncSession, sale: Sale, *parties: object, told_days_ago: int = 3, **changed: Any
) -> None:
    """The seller names holders, of rising rank, told so many days ago."""
    at = await CLOCK.read(session)
    told = {"told_on": str(market_date(at) - timedelta(days=told_days_ago)), "document_no": "通知〔2026〕6号"}
    holders = [
        {"party_id": party, "rank": rank, "basis": "completer", "reach": "notified"} | told | changed
        for rank, party in enumerate(parties, start=1)
    ]
    asked = PriorityHoldersIn.model_validate({"holders": holders}, strict=False)
    await actions.name_holders(session, actor=sale.seller.actor, offering_id=sale.offering_id, asked=asked)


def terms(style: PriorityStyle) -> TermsIn:
    return TERMS.model_copy(update={"priority": style, "deposit": "0.00"})


async def announce(session: AsyncSession, sale: Sale) -> None:
    """Give the notice."""
    row = await sale.row(session)
    noticed = await auctions.publish_notice(
        session,
        CLOCK,
        actor=sale.operator.actor,
        auction_id=sale.auction_id,
        notice_in=await timetable(session),
        expected=row.version,
    )
    assert noticed.registration_opens_at is not None
    await advance_to(session, noticed.registration_opens_at)


async def started(session: AsyncSession, style: PriorityStyle) -> tuple[Sale, Member, Member, Member]:
    """A sale in which two holders, ranked 1 and 2, and one ordinary bidder take part."""
    sale = await make_draft(session, terms(style))
    better, lesser = await make_member(session), await make_member(session)
    await name(session, sale, better.party_id, lesser.party_id)
    await announce(session, sale)
    for holder in (better, lesser):
        row = await registrations.register(
            session, CLOCK, actor=holder.actor, offering_id=sale.offering_id, body=RegistrationIn()
        )
        await registrations.decide(
            session,
            CLOCK,
            actor=sale.operator.actor,
            registration_id=row.id,
            expected=row.version,
            body=QualificationIn(passed=True, reason="材料齐全"),
        )
    ordinary = await add_bidder(session, sale)
    live = await sale.row(session)
    assert live.deposit_due_at is not None and live.starts_at is not None
    await advance_to(session, live.deposit_due_at + timedelta(hours=1))
    await auctions.mark_ready(session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id)
    await advance_to(session, live.starts_at)
    while (await sale.row(session)).ends_at is None:
        assert await auctions.sweep(session, CLOCK)
    return sale, better, lesser, ordinary


async def answer(session: AsyncSession, sale: Sale, who: Member, *, exercise: bool) -> str:
    row = await answers.answer_priority(
        session, CLOCK, actor=who.actor, auction_id=sale.auction_id, exercise=exercise
    )
    return row.status


async def pending(session: AsyncSession, sale: Sale) -> None:
    """Let the bidding end; the sale waits for the holders."""
    row = await sale.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at)
    while (await sale.row(session)).status != "priority_pending":
        assert await auctions.sweep(session, CLOCK)


async def test_after_the_close_the_better_rank_takes_the_lot_at_the_price_found(
    session: AsyncSession,
) -> None:
    sale, better, lesser, ordinary = await started(session, PriorityStyle.AFTER_CLOSE)
    await place(session, sale, ordinary, "2300000.00")
    await pending(session, sale)
    with pytest.raises(PriorityRefused):
        await answer(session, sale, ordinary, exercise=True)
    assert await rights(session, sale, better, lesser, ordinary) == ["open", "open", None]
    assert await answer(session, sale, lesser, exercise=True) == "priority_pending"
    assert await rights(session, sale, better, lesser, ordinary) == ["open", "taken", None]
    with pytest.raises(PriorityAnswered):
        await answer(session, sale, lesser, exercise=False)
    assert await answer(session, sale, better, exercise=True) == "awarded"
    row = await sale.row(session)
    told = await sold_to(session, row.award_id)
    assert told == (better.party_id, 230_000_000)


async def rights(session: AsyncSession, sale: Sale, *who: Member) -> list[FirstRefusal | None]:
    """What each is told of his own right, and of nobody else's."""
    told = [await standing(session, actor=one.actor, auction_id=sale.auction_id) for one in who]
    return [one.first_refusal for one in told]


async def sold_to(session: AsyncSession, award_id: Any) -> tuple[Any, int]:
    award = await session.get_one(AwardRow, award_id)
    return award.buyer_party_id, award.amount_minor


async def test_holders_who_give_up_leave_the_lot_to_the_highest_bidder(session: AsyncSession) -> None:
    sale, better, lesser, ordinary = await started(session, PriorityStyle.AFTER_CLOSE)
    await place(session, sale, ordinary, "2000000.00")
    await pending(session, sale)
    assert await rights(session, sale, better) == ["open"]
    assert await answer(session, sale, better, exercise=False) == "priority_pending"
    assert await rights(session, sale, better, lesser) == ["answered", "open"]
    assert await answer(session, sale, lesser, exercise=False) == "awarded"
    assert (await sold_to(session, (await sale.row(session)).award_id))[0] == ordinary.party_id


async def test_in_the_room_a_holder_matches_the_price_and_the_better_rank_matches_him(
    session: AsyncSession,
) -> None:
    sale, better, lesser, ordinary = await started(session, PriorityStyle.IN_ROOM)
    await place(session, sale, ordinary, "2000000.00")
    matched = await place(session, sale, lesser, "2000000.00")
    assert (matched.bid.via, matched.bid.rank) == ("priority", 2)
    assert (await place(session, sale, better, "2000000.00")).bid.rank == 1


async def test_a_holder_is_told_three_days_before_the_notice_or_has_waived(session: AsyncSession) -> None:
    sale = await make_draft(session, terms(PriorityStyle.AFTER_CLOSE))
    holder = await make_member(session)
    for late in ({"told_days_ago": 2}, {"told_days_ago": 4, "reach": "unreachable"}):
        await name(session, sale, holder.party_id, **late)  # type: ignore[arg-type]
        with pytest.raises(HolderNotTold) as refused:
            await announce(session, sale)
        assert refused.value.source == "house rule, after 法释〔2016〕18号 art. 16"
    await name(session, sale, holder.party_id, reach="pending", told_on=None, document_no=None)
    with pytest.raises(HolderNotTold):
        await announce(session, sale)
    await name(session, sale, holder.party_id, told_days_ago=0, reach="waived")
    await announce(session, sale)
    with pytest.raises(HoldersPinned):
        await name(session, sale, holder.party_id)


async def test_terms_without_a_style_leave_no_standing_holder_out(session: AsyncSession) -> None:
    sale = await make_draft(session, terms(PriorityStyle.NONE))
    holder = await make_member(session)
    await name(session, sale, holder.party_id)
    with pytest.raises(HoldersLeftOut):
        await announce(session, sale)


async def test_holders_are_the_sellers_to_name_and_each_sees_his_own_entry(session: AsyncSession) -> None:
    sale = await make_draft(session, terms(PriorityStyle.IN_ROOM))
    first, second = await make_member(session), await make_member(session)
    with pytest.raises(HolderUnfit):
        await name(session, sale, first.party_id, first.party_id)
    with pytest.raises(HolderUnfit):
        await name(session, sale, sale.seller.party_id)
    await name(session, sale, first.party_id, second.party_id)
    offering = {"offering_id": sale.offering_id}
    assert len((await read_holders(session, actor=sale.seller.actor, **offering)).data) == 2
    (mine,) = (await read_holders(session, actor=second.actor, **offering)).data
    assert (mine.party_id, mine.rank, mine.source) == (second.party_id, 2, "民法典 art. 847")
    stranger = await make_member(session)
    for nobody in (stranger, sale.finance.maker):
        with pytest.raises(NotFound):
            await read_holders(session, actor=nobody.actor, **offering)


def test_the_statute_is_named_only_where_something_is_transferred() -> None:
    assert rules.source_of(Basis.COMPLETER, Mode.TRANSFER) == "民法典 art. 847"
    assert rules.source_of(Basis.COMPLETER, Mode.LICENSE_SOLE) == "house rule, after 民法典 art. 847"
    assert rules.source_of(Basis.AGREEMENT, Mode.TRANSFER) == "contract"
    assert Reach.WAIVED not in (Reach.NOTIFIED, Reach.PENDING)
