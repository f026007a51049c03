"""What an enterprise does: demands and their answers, registrations, negotiations, bids, contracts."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as bidding
from app.auctions.confirmations.tables import ConfirmationRow
from app.contracts import actions as contracts
from app.contracts.tables import ContractRow
from app.demands.states import DemandStatus
from app.demands.tables import DemandRow, SolutionRow
from app.identity.permissions import Role
from app.identity.sealing import Sealer
from app.identity.states import PartyKind
from app.markets.events import OfferingAwarded
from app.markets.negotiated import actions as negotiated
from app.markets.negotiated.schemas import AgreedTermsIn, NegotiationIn, OfferIn
from app.markets.negotiated.tables import NegotiationRow
from app.markets.registrations import actions as registrations
from app.markets.registrations.schemas import QualificationIn, RegistrationIn
from app.settlement.tables import DepositRow
from tests.factories import auctions, markets
from tests.factories import contracts as deals
from tests.factories.demands import make_demand, make_solution, written_demand
from tests.factories.identity import Member, make_member
from tests.factories.settlement import hold_deposit
from tests.fuzz.notices import of_an_objector
from tests.fuzz.world import CLOCK, Example, Examples, on


async def examples(session: AsyncSession, me: Member) -> Examples:
    """One succeeding request for each operation of an enterprise."""
    # The auction first: its making moves the clock by weeks.
    return {
        **await _won(session, me),
        **await _auction(session, me),
        **await _demands(session, me),
        **await _registrations(session, me),
        **await _negotiations(session, me),
        **await _contracts(session, me),
        **await of_an_objector(session, me),
    }


async def _auction(session: AsyncSession, me: Member) -> Examples:
    sale = await auctions.make_noticed(session)
    await auctions.add_bidder(session, sale)
    row = await registrations.register(
        session, CLOCK, actor=me.actor, offering_id=sale.offering_id, body=RegistrationIn()
    )
    deposit = (await session.scalars(select(DepositRow).where(DepositRow.reference_id == row.id))).one()
    await hold_deposit(session, deposit, sale.finance)
    await registrations.decide(
        session,
        CLOCK,
        actor=sale.operator.actor,
        registration_id=row.id,
        expected=row.version,
        body=QualificationIn(passed=True, reason="材料齐全"),
    )
    await _start(session, sale)
    return {
        "read_standing": Example(sale.auction_id),
        "place_bid": Example(sale.auction_id, body={"amount": "2000000.00"}),
        "list_auction_events": Example(sale.auction_id),
        "list_bids": Example(sale.auction_id),
        "read_deposit": Example(deposit.id),
    }


async def _enter(session: AsyncSession, me: Member, sale: auctions.Sale) -> None:
    """Registered, paid and let in."""
    row = await registrations.register(
        session, CLOCK, actor=me.actor, offering_id=sale.offering_id, body=RegistrationIn()
    )
    found = await session.scalars(select(DepositRow).where(DepositRow.reference_id == row.id))
    for deposit in found:
        await hold_deposit(session, deposit, sale.finance)
    await registrations.decide(
        session,
        CLOCK,
        actor=sale.operator.actor,
        registration_id=row.id,
        expected=row.version,
        body=QualificationIn(passed=True, reason="材料齐全"),
    )


async def _start(session: AsyncSession, sale: auctions.Sale) -> None:
    """From open registration to the free phase."""
    found = await sale.row(session)
    assert found.deposit_due_at is not None and found.starts_at is not None
    await auctions.advance_to(session, found.deposit_due_at + timedelta(hours=1))
    await bidding.mark_ready(session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id)
    await auctions.advance_to(session, found.starts_at)
    while (await sale.row(session)).ends_at is None:
        assert await bidding.sweep(session, CLOCK)


async def _won(session: AsyncSession, me: Member) -> Examples:
    """A sale that this enterprise has won: its record waits for a signature."""
    sale = await auctions.make_noticed(session)
    await _enter(session, me, sale)
    await _start(session, sale)
    await auctions.place(session, sale, me, "2000000.00")
    await auctions.close(session, sale)
    found = await session.scalars(
        select(ConfirmationRow).where(ConfirmationRow.auction_id == sale.auction_id)
    )
    record = found.one()
    return {
        "sign_sale_confirmation": Example(record.id, record.version),
        "list_sale_confirmations": Example(query={"auction_id": str(sale.auction_id)}),
    }


async def _demand(session: AsyncSession, me: Member, *answers: Member) -> tuple[DemandRow, list[SolutionRow]]:
    demand = await make_demand(session, me)
    return demand, [await make_solution(session, demand, provider) for provider in answers]


async def _demands(session: AsyncSession, me: Member) -> Examples:
    provider = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    clerk = await make_member(session, Role.CLERK, kind=PartyKind.EXCHANGE)
    drafts = [await make_demand(session, me, status=DemandStatus.DRAFT) for _ in range(2)]
    typed = await make_demand(session, me, status=DemandStatus.DRAFT, clerk=clerk)
    answered, (chosen,) = await _demand(session, me, provider)
    looked_at, (listed,) = await _demand(session, me, provider)
    closing, _ = await _demand(session, me)
    return {
        "post_demand": Example(body=written_demand()),
        "read_demand": Example(answered.id),
        "change_demand": on(drafts[0], {"title": "装配线节拍从 18 s 降到 11 s"}),
        "submit_demand": on(drafts[1]),
        "confirm_demand": on(typed),
        "choose_solution": on(answered, {"solution_id": str(chosen.id), "reason": "工艺成熟"}),
        "close_demand": on(closing, {"outcome": "solved_elsewhere", "reason": "自己解决了"}),
        "list_solutions": Example(looked_at.id),
        "shortlist_solution": on(listed),
    }


async def _registrations(session: AsyncSession, me: Member) -> Examples:
    to_register, to_leave = [
        await markets.make_listed(session, await markets.make_market(session)) for _ in range(2)
    ]
    mine = await markets.register(session, to_leave.id, me)
    return {
        "register": Example(to_register.id, body={"agent_name": "李某", "agent_phone": "13800000000"}),
        "read_registration": Example(mine.id),
        "list_registrations": Example(query={"offering_id": str(to_leave.id)}),
        "withdraw_registration": on(mine),
        "accept_ask": await _acceptable(session, me),
    }


async def _acceptable(session: AsyncSession, me: Member) -> Example:
    """An ordinary licence at a fixed price: taken by whoever accepts the ask."""
    market = await markets.make_market(session)
    row = await markets.make_listed(
        session, market, mode="license_ordinary", term_months=36, capacity=5, deposit_amount=None
    )
    registration = await markets.register(session, row.id, me)
    if registration.deposit_minor:
        await markets.pay(session, registration)
    await markets.decide(session, market, registration)
    return Example(row.id)


async def _negotiation(session: AsyncSession, me: Member) -> tuple[markets.Market, NegotiationRow]:
    market = await markets.make_market(session)
    offering = await markets.make_negotiated(session, market)
    row = await negotiated.open_negotiation(
        session, CLOCK, actor=me.actor, offering_id=offering.id, body=NegotiationIn(message="有意受让")
    )
    await session.flush()
    return market, row


async def _negotiations(session: AsyncSession, me: Member) -> Examples:
    offering = await markets.make_negotiated(session, await markets.make_market(session))
    _, offering_to = await _negotiation(session, me)
    _, ending = await _negotiation(session, me)
    market, deciding = await _negotiation(session, me)
    offer = await negotiated.offer(
        session,
        CLOCK,
        actor=market.seller.actor,
        negotiation_id=deciding.id,
        body=OfferIn(amount="780000.00", terms="一次付清", valid_until=None),
    )
    await session.flush()
    await session.refresh(deciding)
    return {
        "open_negotiation": Example(offering.id, body={"message": "有意受让"}),
        "read_negotiation": Example(offering_to.id),
        "make_offer": Example(offering_to.id, body={"amount": "700000.00", "terms": "一次付清"}),
        "end_negotiation": on(ending, {"reason": "价格谈不拢"}),
        "accept_offer": on(deciding, {"offer_id": str(offer.id)}),
        "confirm_agreed_terms": on(await _agreed(session, me), {"confirms": True}),
    }


async def _agreed(session: AsyncSession, me: Member) -> NegotiationRow:
    market = await markets.make_market(session)
    offering = await markets.make_negotiated(session, market)
    terms = AgreedTermsIn(
        amount="780000.00",
        terms="一次付清",
        agreed_on=date(2026, 9, 1),
        document_no="备忘录1号",
        buyer_party_id=me.party_id,
    )
    entered = await negotiated.enter_agreed(
        session, CLOCK, actor=market.seller.actor, sealer=Sealer(None), offering_id=offering.id, body=terms
    )
    await session.flush()
    await session.refresh(entered.negotiation)
    return entered.negotiation


async def _contracts(session: AsyncSession, me: Member) -> Examples:
    deal = await deals.make_deal(session)
    told: OfferingAwarded = deal.award.model_copy(
        update={"buyer_party_id": me.party_id, "parties": (deal.seller.party_id, me.party_id)}
    )
    await contracts.draft_contract(session, CLOCK, award=told)
    row = (await session.scalars(select(ContractRow).where(ContractRow.award_id == told.award_id))).one()
    return {
        "read_contract": Example(row.id),
        "confirm_contract": on(row),
    }
