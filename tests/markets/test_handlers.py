"""What happens by itself: a demand's choice becomes an award, a closed sale ends its negotiations."""

from sqlalchemy import select

from app.db.clock import Clock
from app.db.session import Database
from app.demands.events import SolutionChosen
from app.demands.states import SolutionKind
from app.events import outbox
from app.kit.ids import new_id
from app.markets import actions
from app.markets.negotiated import actions as negotiated
from app.markets.negotiated.schemas import NegotiationIn
from app.markets.negotiated.tables import NegotiationRow
from app.markets.tables import AwardRow, OfferingRow, OfferingSubjectRow
from app.worker import Worker
from tests.factories.demands import make_demand
from tests.factories.markets import make_buyer, make_market, make_negotiated

CLOCK = Clock()


async def test_a_chosen_solution_becomes_an_offering_with_its_award_once(
    database: Database, worker: Worker
) -> None:
    async with database.transaction() as session:
        poster, provider = await make_buyer(session), await make_buyer(session)
        demand = await make_demand(session, poster)
        told = SolutionChosen(
            subject_id=new_id(),
            at=await CLOCK.read(session),
            parties=(poster.party_id, provider.party_id),
            demand_id=demand.id,
            demand_number=demand.number,
            title="角磨机自动装配线提速",
            provider_party_id=provider.party_id,
            solution_id=new_id(),
            poster_party_id=poster.party_id,
            amount="1680000.00",
            work=SolutionKind.SERVICE,
            schedule_months=8,
            reason="方案最可行",
            region_code="330106",
            entered_by=poster.user_id,
        )
        await outbox.record(session, told)
    await worker.drain()
    await worker.drain()
    async with database.transaction() as session:
        found = await session.execute(
            select(OfferingRow, AwardRow)
            .join(AwardRow, AwardRow.offering_id == OfferingRow.id)
            .join(OfferingSubjectRow, OfferingSubjectRow.offering_id == OfferingRow.id)
            .where(OfferingSubjectRow.demand_id == demand.id)
        )
        ((sale, award),) = found.all()
    assert (sale.mode, sale.path, sale.status, sale.term_months) == ("service", "negotiated", "awarded", 8)
    assert (award.seller_party_id, award.buyer_party_id) == (provider.party_id, poster.party_id)
    assert (award.amount_minor, award.rule) == (168_000_000, "demand_choice")


async def test_a_sale_that_left_the_market_ends_its_negotiations(database: Database, worker: Worker) -> None:
    async with database.transaction() as session:
        market = await make_market(session)
        sale = await make_negotiated(session, market)
        buyer = await make_buyer(session)
        row = await negotiated.open_negotiation(
            session, CLOCK, actor=buyer.actor, offering_id=sale.id, body=NegotiationIn()
        )
        await session.flush()
        await actions.fail(session, CLOCK, offering_id=sale.id, reason="终止")
    await worker.drain()
    async with database.transaction() as session:
        assert (await session.get_one(NegotiationRow, row.id)).status == "closed"
