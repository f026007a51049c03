"""Many at once for one thing, on committed databases: as many awards as the capacity allows, and not one more."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.session import Database
from app.events.tables import EventRow
from app.kit.errors import Refusal
from app.markets import actions
from app.markets.listed import actions as listed
from app.markets.listed.tables import ListingRow
from app.markets.negotiated import actions as negotiated
from app.markets.negotiated import repository
from app.markets.negotiated.schemas import NegotiationIn, OfferIn
from app.markets.negotiated.tables import NegotiationRow
from app.markets.registrations import actions as registrations
from app.markets.registrations.schemas import RegistrationIn
from app.markets.registrations.tables import RegistrationRow
from app.markets.schemas import WithdrawalIn
from app.markets.tables import AwardRow, OfferingRow
from app.settlement.tables import DepositRow
from tests.factories.identity import Member
from tests.factories.markets import (
    advance_to,
    make_buyer,
    make_listed,
    make_market,
    make_negotiated,
    make_qualified,
)

CLOCK = Clock()
Act = Callable[[AsyncSession], Awaitable[object]]


async def attempt(database: Database, act: Act) -> str:
    """What came of it: done, or the refusal's code."""
    try:
        async with database.transaction() as session:
            await act(session)
    except Refusal as refusal:
        return refusal.code
    return "done"


async def at_once(database: Database, *acts: Act) -> Counter[str]:
    return Counter(await asyncio.gather(*(attempt(database, act) for act in acts)))


async def statuses(session: AsyncSession, row: type[RegistrationRow] | type[DepositRow]) -> Counter[str]:
    return Counter((await session.execute(select(row.status))).scalars())


async def test_a_licence_with_capacity_three_taken_by_ten_at_once_has_three_awards(
    fresh_database: Database,
) -> None:
    async with fresh_database.transaction() as session:
        market = await make_market(session)
        sale = await make_listed(session, market, mode="license_ordinary", capacity=3)
        buyers = [(await make_qualified(session, market, sale.id))[0] for _ in range(10)]

    def accept(buyer: Member) -> Act:
        return lambda session: listed.accept(session, CLOCK, actor=buyer.actor, offering_id=sale.id)

    assert await at_once(fresh_database, *map(accept, buyers)) == {"done": 3, "capacity_used_up": 7}
    async with fresh_database.transaction() as session:
        made = (await session.execute(select(AwardRow).order_by(AwardRow.position))).scalars().all()
        assert [one.position for one in made] == [1, 2, 3]
        assert len({one.buyer_party_id for one in made}) == 3
        assert {one.amount_minor for one in made} == {80_000_000}
        after = await session.get_one(OfferingRow, sale.id)
        assert (after.status, after.awards_count) == ("awarded", 3)
        assert await statuses(session, RegistrationRow) == {"winner": 3, "not_winner": 7}
        assert await statuses(session, DepositRow) == {"held": 3, "released": 7}
        told = await session.execute(
            select(EventRow.kind, func.count())
            .where(EventRow.kind.in_(["markets.offering_awarded", "markets.offering_closed"]))
            .group_by(EventRow.kind)
        )
        assert dict(told.all()) == {"markets.offering_awarded": 3, "markets.offering_closed": 1}


async def test_one_buyer_who_accepts_ten_times_at_once_has_one_award(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        market = await make_market(session)
        sale = await make_listed(session, market, mode="license_ordinary", capacity=None)
        buyer, _ = await make_qualified(session, market, sale.id)

    def accept(session: AsyncSession) -> Awaitable[object]:
        return listed.accept(session, CLOCK, actor=buyer.actor, offering_id=sale.id)

    assert await at_once(fresh_database, *[accept] * 10) == {"done": 1, "already_awarded": 9}


async def talks(
    session: AsyncSession, count: int
) -> tuple[OfferingRow, Member, list[tuple[Member, NegotiationRow]]]:
    """Negotiations of several buyers, each with a live offer of the seller's."""
    market = await make_market(session)
    sale = await make_negotiated(session, market)
    made = []
    for _ in range(count):
        buyer = await make_buyer(session)
        row = await negotiated.open_negotiation(
            session, CLOCK, actor=buyer.actor, offering_id=sale.id, body=NegotiationIn()
        )
        await session.flush()
        await negotiated.offer(
            session,
            CLOCK,
            actor=market.seller.actor,
            negotiation_id=row.id,
            body=OfferIn(amount="460000.00", terms="一次性支付"),
        )
        made.append((buyer, row))
    return sale, market.seller, made


async def latest(session: AsyncSession, row: NegotiationRow) -> UUID:
    found = await repository.latest(session, row)
    assert found is not None
    return found.id


async def test_several_buyers_who_accept_at_once_make_one_deal(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        sale, _, made = await talks(session, 6)
        offers = [await latest(session, row) for _, row in made]

    def accept(index: int) -> Act:
        buyer, row = made[index]
        return lambda session: negotiated.accept(
            session,
            CLOCK,
            actor=buyer.actor,
            negotiation_id=row.id,
            offer_id=offers[index],
            expected=row.version,
        )

    assert await at_once(fresh_database, *map(accept, range(6))) == {"done": 1, "offering_not_open": 5}
    async with fresh_database.transaction() as session:
        assert (await session.execute(select(func.count()).select_from(AwardRow))).scalar_one() == 1
        ended = Counter((await session.execute(select(NegotiationRow.status))).scalars())
        assert ended == {"agreed": 1, "closed": 5}
        assert (await session.get_one(OfferingRow, sale.id)).status == "awarded"


async def test_an_acceptance_and_a_counter_offer_at_once_have_one_outcome(fresh_database: Database) -> None:
    """Either the offer was accepted, and the counter-offer comes too late, or the other way round."""
    async with fresh_database.transaction() as session:
        sale, seller, ((buyer, row),) = await talks(session, 1)
        offer_id = await latest(session, row)
    outcome = await at_once(
        fresh_database,
        lambda session: negotiated.accept(
            session, CLOCK, actor=buyer.actor, negotiation_id=row.id, offer_id=offer_id, expected=row.version
        ),
        lambda session: negotiated.offer(
            session,
            CLOCK,
            actor=seller.actor,
            negotiation_id=row.id,
            body=OfferIn(amount="480000.00", terms="提价"),
        ),
    )
    assert outcome in (
        Counter({"done": 1, "offering_not_open": 1}),
        Counter({"done": 1, "offer_not_live": 1}),
    )
    async with fresh_database.transaction() as session:
        awards = (await session.execute(select(AwardRow.amount_minor))).scalars().all()
        sold = (await session.get_one(OfferingRow, sale.id)).status == "awarded"
        assert awards == ([46_000_000] if sold else [])


async def test_a_withdrawal_and_an_award_at_once_have_one_outcome(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        sale, seller, ((buyer, row),) = await talks(session, 1)
        offer_id = await latest(session, row)
        await session.refresh(sale)
        version = sale.version
    outcome = await at_once(
        fresh_database,
        lambda session: negotiated.accept(
            session, CLOCK, actor=buyer.actor, negotiation_id=row.id, offer_id=offer_id, expected=row.version
        ),
        lambda session: actions.withdraw(
            session,
            CLOCK,
            actor=seller.actor,
            offering_id=sale.id,
            expected=version,
            body=WithdrawalIn(reason="other", note="改变计划", document_no="校发〔2026〕3号"),
        ),
    )
    assert outcome["done"] == 1
    async with fresh_database.transaction() as session:
        status = (await session.get_one(OfferingRow, sale.id)).status
        awards = (await session.execute(select(func.count()).select_from(AwardRow))).scalar_one()
        assert (status, awards) in (("awarded", 1), ("withdrawn", 0))


async def test_a_party_that_registers_ten_times_at_once_is_registered_once(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        market = await make_market(session)
        sale = await make_listed(session, market)
        buyer = await make_buyer(session)

    def register(session: AsyncSession) -> Awaitable[object]:
        return registrations.register(
            session, CLOCK, actor=buyer.actor, offering_id=sale.id, body=RegistrationIn()
        )

    assert await at_once(fresh_database, *[register] * 10) == {"done": 1, "already_registered": 9}
    async with fresh_database.transaction() as session:
        assert await statuses(session, DepositRow) == {"required": 1}


async def test_several_sweepers_evaluate_each_listing_once(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        market = await make_market(session)
        sales = [await make_listed(session, market) for _ in range(6)]
        for sale in sales:
            await make_qualified(session, market, sale.id)
        last = (await session.execute(select(func.max(ListingRow.evaluates_at)))).scalar_one()
        await advance_to(session, last)

    async def sweeper() -> int:
        found = 0
        while True:
            async with fresh_database.transaction() as session:
                if not await listed.sweep(session, CLOCK):
                    return found
            found += 1

    # Each ends once, and is evaluated once.
    assert sum(await asyncio.gather(*(sweeper() for _ in range(4)))) == 12
    async with fresh_database.transaction() as session:
        assert (await session.execute(select(func.count()).select_from(AwardRow))).scalar_one() == 6
