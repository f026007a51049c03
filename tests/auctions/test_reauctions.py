"""The same lot once more: its limits, its notice, and who may not come back."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.defaults import actions as defaults
from app.auctions.reauctions import actions, rules
from app.auctions.reauctions.errors import (
    LotNotFree,
    ReauctionCalledBefore,
    ReauctionDecisionMissing,
    ReauctionPriceOutOfBounds,
    ReauctionsUsedUp,
    ReauctionTermsChanged,
    ReauctionTooLate,
)
from app.auctions.reauctions.schemas import ReauctionIn
from app.auctions.rules.commands import CancelReason
from app.auctions.schemas import CancelIn
from app.auctions.tables import AuctionRow
from app.kit.errors import NotFound
from app.kit.money import yuan
from app.markets.registrations import actions as registrations
from app.markets.registrations.errors import BuyerBarred
from app.markets.registrations.schemas import RegistrationIn
from app.markets.tables import OfferingRow
from app.settlement.dispositions.tables import DispositionRow
from tests.auctions.test_defaults import ask, defaulted, sold
from tests.factories.auctions import (
    CLOCK,
    TERMS,
    Sale,
    add_bidder,
    advance_to,
    close,
    make_started,
    place,
    timetable,
)

PAPER = "校办纪要〔2026〕21号"
LOWER = TERMS.model_copy(update={"start_price": "1600000.00", "deposit": "160000.00"})


async def passed_in(session: AsyncSession) -> Sale:
    """A sale for which nobody bid."""
    sale = await make_started(session)
    await close(session, sale)
    return sale


async def call(session: AsyncSession, sale: Sale, **changed: Any) -> AuctionRow:
    """The seller calls the re-auction, a fifth lower unless told otherwise."""
    asked = ReauctionIn.model_validate({"terms": LOWER, "decision_document_no": PAPER} | changed)
    return await actions.call_reauction(
        session, CLOCK, actor=sale.seller.actor, auction_id=sale.auction_id, asked=asked
    )


async def announce(session: AsyncSession, sale: Sale, row: AuctionRow) -> Sale:
    """Give notice of a re-auction; its registration is open."""
    again = Sale(row.id, row.offering_id, sale.seller, sale.operator, sale.finance)
    noticed = await auctions.publish_notice(
        session,
        CLOCK,
        actor=sale.operator.actor,
        auction_id=row.id,
        notice_in=await timetable(session),
        expected=row.version,
    )
    assert noticed.registration_opens_at is not None
    await advance_to(session, noticed.registration_opens_at)
    return again


async def test_a_lot_that_passed_in_is_put_up_again_a_fifth_lower_without_a_second_review(
    session: AsyncSession,
) -> None:
    sale = await passed_in(session)
    row = await call(session, sale)
    assert (row.status, row.terms["start_price_minor"]) == ("draft", 160_000_000)
    before = await session.get_one(OfferingRow, sale.offering_id)
    offering = await session.get_one(OfferingRow, row.offering_id)
    assert (offering.status, offering.previous_offering_id, offering.first_offering_id) == (
        "approved",
        before.id,
        before.id,
    )
    assert (offering.title, offering.mode, offering.profile_version) == (
        before.title,
        before.mode,
        before.profile_version,
    )
    assert offering.decision_document_no == PAPER
    # It is announced as any sale is: with the full notice again.
    again = await announce(session, sale, row)
    live = await again.row(session)
    assert live.starts_at is not None and live.last_at is not None
    assert live.status == "noticed" and live.starts_at - live.last_at >= timedelta(days=7)


async def test_the_price_falls_by_a_fifth_at_most_and_never_rises(session: AsyncSession) -> None:
    sale = await passed_in(session)
    for wrong in ("1599999.99", "2000000.01"):
        with pytest.raises(ReauctionPriceOutOfBounds) as refused:
            await call(session, sale, terms=LOWER.model_copy(update={"start_price": wrong}))
        assert refused.value.field == "/body/terms/start_price"
        assert refused.value.data == {"lowest": "1600000.00", "highest": "2000000.00"}


@given(before=st.integers(min_value=1, max_value=10**14), cut_bp=st.integers(min_value=0, max_value=10_000))
def test_no_fraction_of_a_fen_is_cut_too_much(before: int, cut_bp: int) -> None:
    lowest = rules.lowest_start(before, cut_bp)
    assert lowest * 10_000 >= before * (10_000 - cut_bp)
    assert (lowest - 1) * 10_000 < before * (10_000 - cut_bp)


async def test_nothing_but_the_price_may_differ_and_the_field_is_named(session: AsyncSession) -> None:
    sale = await passed_in(session)
    with pytest.raises(ReauctionTermsChanged) as refused:
        await call(session, sale, terms=LOWER.model_copy(update={"window_seconds": 240}))
    assert refused.value.field == "/body/terms/window_seconds"


async def test_a_university_lowers_its_price_by_a_decision_and_repeats_it_without_one(
    session: AsyncSession,
) -> None:
    sale = await passed_in(session)
    with pytest.raises(ReauctionDecisionMissing):
        await call(session, sale, decision_document_no=None)
    row = await call(session, sale, terms=TERMS, decision_document_no=None)
    assert row.terms["start_price_minor"] == 200_000_000


async def test_limits_hold_when_the_draft_is_changed_afterwards(session: AsyncSession) -> None:
    sale = await passed_in(session)
    row = await call(session, sale)
    with pytest.raises(ReauctionPriceOutOfBounds):
        await auctions.change_terms(
            session,
            actor=sale.seller.actor,
            auction_id=row.id,
            terms=LOWER.model_copy(update={"start_price": "1000000.00", "deposit": "0.00"}),
            expected=row.version,
        )


async def test_a_lot_is_put_up_again_within_thirty_days(session: AsyncSession) -> None:
    sale = await passed_in(session)
    ended = (await sale.row(session)).last_at
    assert ended is not None
    in_time = await call(session, sale)
    await advance_to(session, ended + timedelta(days=30))
    with pytest.raises(ReauctionTooLate):
        await announce(session, sale, in_time)
    other = await passed_in(session)
    ended = (await other.row(session)).last_at
    assert ended is not None
    await advance_to(session, ended + timedelta(days=30))
    with pytest.raises(ReauctionTooLate):
        await call(session, other)


async def test_one_reauction_at_a_time_and_a_discarded_draft_makes_room(session: AsyncSession) -> None:
    sale = await passed_in(session)
    row = await call(session, sale)
    with pytest.raises(ReauctionCalledBefore):
        await call(session, sale)
    await auctions.cancel(
        session,
        CLOCK,
        actor=sale.operator.actor,
        auction_id=row.id,
        asked=CancelIn(reason=CancelReason.SELLER_WITHDRAWAL, document_no="〔2026〕1号", note="重拟条件"),
    )
    assert (await call(session, sale)).status == "draft"


async def test_a_lot_comes_up_again_as_often_as_the_profile_allows(session: AsyncSession) -> None:
    sale = await passed_in(session)
    prices = ("1600000.00", "1280000.00", "1024000.00")
    for count, price in enumerate(prices):
        terms = LOWER.model_copy(update={"start_price": price, "deposit": "0.00"})
        if count == 2:
            with pytest.raises(ReauctionsUsedUp):
                await call(session, sale, terms=terms)
            break
        row = await call(session, sale, terms=terms, decision_document_no=f"{PAPER}-{count}")
        sale = await announce(session, sale, row)
        live = await sale.row(session)
        assert live.deposit_due_at is not None and live.starts_at is not None
        await advance_to(session, live.deposit_due_at + timedelta(hours=1))
        await auctions.mark_ready(
            session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id
        )
        await advance_to(session, live.starts_at)
        while (await sale.row(session)).ends_at is None:
            assert await auctions.sweep(session, CLOCK)
        await close(session, sale)


async def test_only_a_lot_that_is_free_and_only_its_seller(session: AsyncSession) -> None:
    sale = await sold(session)
    with pytest.raises(LotNotFree):
        await call(session, sale)
    asked = ReauctionIn(terms=LOWER, decision_document_no=PAPER)
    with pytest.raises(NotFound):
        await actions.call_reauction(
            session, CLOCK, actor=sale.bidders[0].actor, auction_id=sale.auction_id, asked=asked
        )


async def test_after_a_default_the_lot_is_sold_again_and_the_deposit_makes_up_the_difference(
    session: AsyncSession,
) -> None:
    """210 万, then 180 万 at the re-auction; deposit 20 万, costs 1.2 万: 18.8 万 to the seller, 11.2 万 still owed."""
    sale = await sold(session)
    await defaulted(session, sale)
    row = await call(session, sale)
    again = await announce(session, sale, row)
    with pytest.raises(BuyerBarred):
        await registrations.register(
            session,
            CLOCK,
            actor=sale.bidders[0].actor,
            offering_id=again.offering_id,
            body=RegistrationIn(),
        )
    bidder = await add_bidder(session, again)
    live = await again.row(session)
    assert live.deposit_due_at is not None and live.starts_at is not None
    await advance_to(session, live.deposit_due_at + timedelta(hours=1))
    await auctions.mark_ready(session, CLOCK, actor=again.finance.checker.actor, auction_id=again.auction_id)
    await advance_to(session, live.starts_at)
    while (await again.row(session)).ends_at is None:
        assert await auctions.sweep(session, CLOCK)
    await place(session, again, bidder, "1800000.00")
    await close(session, again)
    made: DispositionRow = await defaults.propose_disposition(
        session, CLOCK, actor=sale.finance.maker.actor, auction_id=sale.auction_id, asked=ask()
    )
    assert (made.costs_minor, made.shortfall_minor, made.seller_minor) == (1_200_000, 18_800_000, 0)
    assert yuan(made.claim_minor) == "112000.00"
    sales = await session.scalars(
        select(AuctionRow.number).where(AuctionRow.id.in_((sale.auction_id, row.id)))
    )
    assert all(number in made.shortfall_basis for number in sales)
