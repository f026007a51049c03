"""A listing from publication to its deadline: none, one, two buyers; fixed prices; what it waits for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.tables import EventRow
from app.identity.states import PartyKind
from app.kit.dates import SHANGHAI
from app.kit.errors import Refusal
from app.markets import actions
from app.markets.listed import actions as listed
from app.markets.listed.tables import ListingRow
from app.markets.schemas import WithdrawalIn
from app.markets.tables import AwardRow, OfferingRow
from app.settlement.tables import DepositRow
from tests.factories.markets import (
    advance_to,
    decide,
    evaluate,
    make_approved,
    make_buyer,
    make_listed,
    make_market,
    make_qualified,
    pay,
    register,
)
from tests.factories.settlement import hold_deposit

CLOCK = Clock()


async def awards_of(session: AsyncSession, sale: OfferingRow) -> list[AwardRow]:
    found = await session.execute(
        select(AwardRow).where(AwardRow.offering_id == sale.id).order_by(AwardRow.position)
    )
    return list(found.scalars())


async def test_the_period_is_counted_in_working_days_and_make_up_saturdays_count(
    session: AsyncSession,
) -> None:
    """Published on Monday 2027-01-04: the ten working days after it end on Monday the 18th."""
    market = await make_market(session, PartyKind.UNIVERSITY)
    approved = await make_approved(session, market, period_days=10)
    await advance_to(session, datetime(2027, 1, 4, 2, tzinfo=UTC))
    await listed.publish(
        session, CLOCK, actor=market.operator.actor, offering_id=approved.id, expected=approved.version
    )
    row = await session.get_one(ListingRow, approved.id)
    assert (row.published_on, row.ends_on) == (date(2027, 1, 4), date(2027, 1, 18))
    assert row.ends_at == datetime(2027, 1, 18, 17, tzinfo=SHANGHAI)
    assert row.evaluates_at == datetime(2027, 1, 19, 17, tzinfo=SHANGHAI)
    assert row.provisional is True
    assert approved.status == "open"
    assert approved.registration_ends_at == approved.deposit_due_at == row.ends_at


async def test_the_seller_does_not_publish_and_no_path_but_listed_is(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_approved(session, market)
    with pytest.raises(Refusal) as refused:
        await listed.publish(
            session, CLOCK, actor=market.seller.actor, offering_id=row.id, expected=row.version
        )
    assert refused.value.code == "reviewer_is_party"
    other = await make_approved(session, market, path="auction", ask_amount=None, period_days=None)
    with pytest.raises(Refusal) as refused:
        await listed.publish(
            session, CLOCK, actor=market.operator.actor, offering_id=other.id, expected=other.version
        )
    assert refused.value.code == "offering_stage"


async def test_the_profiles_usual_deposit_is_asked_where_the_seller_names_none(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_listed(session, market, deposit_amount=None, ask_amount="800000.05")
    assert row.deposit_minor == 8_000_000


async def test_without_a_buyer_the_sale_fails(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await evaluate(session, sale.id)
    assert (row.status, row.result, row.next_due_at) == ("unsold", "no_buyer", None)
    assert (sale.status, sale.awards_count) == ("failed", 0)


async def test_a_listing_waits_after_its_end_and_nothing_is_evaluated_before_its_time(
    session: AsyncSession,
) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await session.get_one(ListingRow, sale.id)
    await advance_to(session, row.ends_at - timedelta(seconds=5))
    assert await listed.sweep(session, CLOCK) is False
    await advance_to(session, row.evaluates_at - timedelta(seconds=5))
    assert [await listed.sweep(session, CLOCK) for _ in range(2)] == [True, False]
    assert (row.status, row.next_due_at) == ("evaluating", row.evaluates_at)
    assert sale.status == "open"


async def test_one_buyer_has_it_for_the_ask(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyer, registration = await make_qualified(session, market, sale.id)
    row = await evaluate(session, sale.id)
    (made,) = await awards_of(session, sale)
    assert (row.status, row.result) == ("awarded", "single_buyer")
    assert (made.amount_minor, made.buyer_party_id, made.rule) == (
        80_000_000,
        buyer.party_id,
        "listed_single_buyer",
    )
    assert (sale.status, registration.status, sale.public_amount_minor) == ("awarded", "winner", 80_000_000)


async def test_one_buyer_pays_his_own_quote_where_it_is_higher(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    await make_qualified(session, market, sale.id, "830000.00")
    await evaluate(session, sale.id)
    assert [made.amount_minor for made in await awards_of(session, sale)] == [83_000_000]


async def test_who_is_qualified_but_has_not_paid_is_no_buyer(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await decide(session, market, await register(session, sale.id, await make_buyer(session)))
    await evaluate(session, sale.id)
    assert (sale.status, row.status) == ("failed", "waived")
    deposit = await session.execute(select(DepositRow.status).where(DepositRow.reference_id == row.id))
    assert deposit.scalar_one() == "lapsed"


async def test_two_buyers_must_bid_and_nobody_learns_that_there_are_two(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyers = [await make_qualified(session, market, sale.id, "900000.00") for _ in range(2)]
    row = await evaluate(session, sale.id)
    assert (row.status, row.result) == ("competition", "competition")
    assert (sale.status, sale.with_auction, await awards_of(session, sale)) == ("open", True, [])
    assert [registration.status for _, registration in buyers] == ["qualified", "qualified"]
    told = (
        await session.execute(select(EventRow).where(EventRow.kind == "markets.competition_required"))
    ).scalar_one()
    assert (told.public, told.parties) == (False, [])
    assert (told.payload["amount"], told.payload["deposit_amount"]) == ("800000.00", "80000.00")


async def test_who_has_paid_and_is_not_decided_on_is_waited_for_a_working_day(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session))
    await pay(session, row)
    listing = await session.get_one(ListingRow, sale.id)
    first = listing.evaluates_at
    listing = await evaluate(session, sale.id)
    assert (listing.result, listing.put_off_count, sale.status) == (None, 1, "open")
    assert listing.evaluates_at > first
    await decide(session, market, row)
    listing = await evaluate(session, sale.id)
    assert (listing.result, sale.status, row.status) == ("single_buyer", "awarded", "winner")


async def test_a_deposit_that_settlement_holds_counts_before_its_event_is_handled(
    session: AsyncSession,
) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await decide(session, market, await register(session, sale.id, await make_buyer(session)))
    deposit = (
        await session.execute(select(DepositRow).where(DepositRow.reference_id == row.id))
    ).scalar_one()
    await hold_deposit(session, deposit)
    assert row.status == "qualified_pending_deposit"
    await evaluate(session, sale.id)
    assert (sale.status, row.status) == ("awarded", "winner")


async def test_a_withdrawn_listing_returns_the_deposits_and_is_not_evaluated(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    _, registration = await make_qualified(session, market, sale.id)
    await session.refresh(sale)
    await actions.withdraw(
        session,
        CLOCK,
        actor=market.seller.actor,
        offering_id=sale.id,
        expected=sale.version,
        body=WithdrawalIn(reason="right_disputed", note="权属争议", document_no="校发〔2026〕3号"),
    )
    assert (sale.status, registration.status) == ("withdrawn", "not_winner")
    deposit = await session.execute(
        select(DepositRow.status).where(DepositRow.reference_id == registration.id)
    )
    assert deposit.scalar_one() == "released"
    row = await evaluate(session, sale.id)
    assert (row.status, row.result, row.next_due_at) == ("withdrawn", "withdrawn", None)
    assert sale.status == "withdrawn"


LICENCE = {"mode": "license_ordinary", "capacity": 2}


async def test_a_licence_for_several_goes_to_whoever_accepts_the_ask(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market, **LICENCE)
    first, _ = await make_qualified(session, market, sale.id)
    second, _ = await make_qualified(session, market, sale.id)
    third, left = await make_qualified(session, market, sale.id)
    made = await listed.accept(session, CLOCK, actor=first.actor, offering_id=sale.id)
    assert (made.amount_minor, made.rule, sale.status) == (80_000_000, "listed_fixed_price", "open")
    await listed.accept(session, CLOCK, actor=second.actor, offering_id=sale.id)
    assert (sale.status, sale.awards_count, left.status) == ("awarded", 2, "not_winner")
    with pytest.raises(Refusal) as refused:
        await listed.accept(session, CLOCK, actor=third.actor, offering_id=sale.id)
    assert refused.value.code == "capacity_used_up"


async def test_nobody_accepts_twice(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market, **LICENCE)
    buyer, _ = await make_qualified(session, market, sale.id)
    await listed.accept(session, CLOCK, actor=buyer.actor, offering_id=sale.id)
    with pytest.raises(Refusal) as refused:
        await listed.accept(session, CLOCK, actor=buyer.actor, offering_id=sale.id)
    assert refused.value.code == "already_awarded"
    assert len(await awards_of(session, sale)) == 1


async def test_who_is_not_qualified_cannot_accept(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market, **LICENCE)
    stranger, waiting = await make_buyer(session), await make_buyer(session)
    await pay(session, await register(session, sale.id, waiting))
    for somebody in (stranger, waiting):
        with pytest.raises(Refusal) as refused:
            await listed.accept(session, CLOCK, actor=somebody.actor, offering_id=sale.id)
        assert refused.value.code == "acceptance_not_qualified"
    assert await awards_of(session, sale) == []


async def test_what_only_one_can_have_waits_for_the_deadline(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyer, _ = await make_qualified(session, market, sale.id)
    with pytest.raises(Refusal) as refused:
        await listed.accept(session, CLOCK, actor=buyer.actor, offering_id=sale.id)
    assert refused.value.code == "acceptance_not_for_this"


@pytest.mark.parametrize(("accepts", "ends"), [(0, "failed"), (1, "awarded")])
async def test_when_its_time_is_over_a_licence_for_several_closes_with_what_it_has(
    session: AsyncSession, accepts: int, ends: str
) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market, mode="license_ordinary", capacity=None)
    for _ in range(accepts):
        buyer, _ = await make_qualified(session, market, sale.id)
        await listed.accept(session, CLOCK, actor=buyer.actor, offering_id=sale.id)
    row = await evaluate(session, sale.id)
    assert (row.status, row.result) == ("over", "period_over")
    assert (sale.status, sale.awards_count) == (ends, accepts)
