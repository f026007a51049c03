"""The award, the one door of every path, and what it ends."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.tables import EventRow
from app.identity.states import PartyKind
from app.kit.errors import Refusal
from app.kit.states import IllegalTransition
from app.markets import actions
from app.markets.award import AwardRule
from app.markets.states import Mode
from app.markets.tables import AwardRow, OfferingRow
from tests.factories.demands import make_demand
from tests.factories.identity import make_party
from tests.factories.markets import (
    make_approved,
    make_buyer,
    make_listed,
    make_market,
    make_negotiated,
)

CLOCK = Clock()


async def kinds(session: AsyncSession, subject_id: object) -> list[str]:
    found = await session.execute(
        select(EventRow.kind).where(EventRow.subject_id == subject_id).order_by(EventRow.id)
    )
    return list(found.scalars())


async def award(session: AsyncSession, row: OfferingRow, buyer_party_id: object, amount: int = 100) -> object:
    return await actions.award(
        session,
        CLOCK,
        offering_id=row.id,
        buyer_party_id=buyer_party_id,  # type: ignore[arg-type]
        amount_minor=amount,
        rule=AwardRule.NEGOTIATED_ACCEPTANCE,
    )


async def test_an_award_closes_what_only_one_can_have(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market)
    buyer = await make_buyer(session)
    made = await actions.award(
        session,
        CLOCK,
        offering_id=row.id,
        buyer_party_id=buyer.party_id,
        amount_minor=46_000_000,
        rule=AwardRule.NEGOTIATED_ACCEPTANCE,
    )
    assert (made.amount_minor, made.buyer_party_id, made.rule) == (
        46_000_000,
        buyer.party_id,
        "negotiated_acceptance",
    )
    assert (row.status, row.awards_count) == ("awarded", 1)
    found = (
        await session.execute(
            select(EventRow).where(EventRow.subject_id == row.id).order_by(EventRow.id.desc()).limit(2)
        )
    ).scalars()
    closed, awarded = found
    assert awarded.kind == "markets.offering_awarded"
    assert awarded.payload["amount"] == "460000.00"
    assert awarded.payload["subject_ids"] == [str(market.achievement_id)]
    assert set(awarded.parties) == {market.seller.party_id, buyer.party_id}
    assert awarded.public is False
    # The price of a private seller's negotiated deal is its own affair, and no buyer is named.
    assert (closed.kind, closed.public, closed.payload["amount"]) == ("markets.offering_closed", True, None)
    assert str(buyer.party_id) not in str(closed.payload)


async def test_a_second_award_of_what_is_sold_is_refused_as_used_up(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market)
    await award(session, row, (await make_buyer(session)).party_id)
    with pytest.raises(Refusal) as refused:
        await award(session, row, (await make_buyer(session)).party_id)
    assert refused.value.code == "capacity_used_up"


async def test_a_licence_for_three_stays_open_until_the_third_award(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market, mode="license_ordinary", capacity=3)
    for _ in range(2):
        await award(session, row, (await make_buyer(session)).party_id)
    assert (row.status, row.awards_count) == ("open", 2)
    await award(session, row, (await make_buyer(session)).party_id)
    assert (row.status, row.awards_count) == ("awarded", 3)


async def test_an_unlimited_licence_never_closes_by_itself(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market, mode="license_ordinary", capacity=None)
    for _ in range(5):
        await award(session, row, (await make_buyer(session)).party_id)
    assert (row.status, row.awards_count) == ("open", 5)


async def test_a_buyer_has_one_award_and_the_seller_none(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market, mode="license_ordinary", capacity=None)
    buyer = await make_buyer(session)
    await award(session, row, buyer.party_id)
    for party_id, code in ((buyer.party_id, "already_awarded"), (market.seller.party_id, "buyer_is_seller")):
        with pytest.raises(Refusal) as refused:
            await award(session, row, party_id)
        assert refused.value.code == code
    assert row.awards_count == 1


async def test_what_is_not_on_the_market_is_not_awarded(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_approved(session, market)
    with pytest.raises(Refusal) as refused:
        await award(session, row, (await make_buyer(session)).party_id)
    assert refused.value.code == "offering_not_open"


async def test_an_award_is_never_changed(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market)
    await award(session, row, (await make_buyer(session)).party_id)
    for statement in ("UPDATE awards SET amount_minor = 1", "DELETE FROM awards"):
        with pytest.raises(DBAPIError, match="only ever added to"):
            async with session.begin_nested():
                await session.execute(text(statement))


async def test_a_failed_sale_tells_the_public_why(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_listed(session, market)
    await actions.fail(session, CLOCK, offering_id=row.id, reason="流拍")
    assert (row.status, row.close_reason) == ("failed", "流拍")
    assert (await kinds(session, row.id))[-1] == "markets.offering_closed"
    with pytest.raises(IllegalTransition):
        await actions.fail(session, CLOCK, offering_id=row.id, reason="再次")


async def test_a_demands_choice_becomes_an_offering_and_its_award_that_the_public_never_sees(
    session: AsyncSession,
) -> None:
    demand = await make_demand(session, await make_buyer(session))
    provider = await make_party(session, kind=PartyKind.STATE_ENTERPRISE)
    made = await actions.award_demand(
        session,
        CLOCK,
        demand_id=demand.id,
        title="角磨机自动装配线提速",
        seller_party_id=provider.id,
        buyer_party_id=demand.poster_party_id,
        amount="1680000.00",
        mode=Mode.DEVELOPMENT,
        term_months=8,
        region_code="330106",
        entered_by=demand.entered_by,
    )
    row = await session.get_one(OfferingRow, made.offering_id)
    assert (row.status, row.path, row.subject_kind, row.opened_at) == (
        "awarded",
        "negotiated",
        "demand",
        None,
    )
    assert made.rule == "demand_choice"
    assert await kinds(session, row.id) == ["markets.offering_awarded"]
    kept = await session.get_one(AwardRow, made.award_id)
    assert (kept.amount_minor, kept.position) == (168_000_000, 1)
