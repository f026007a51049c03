"""An agent falls ill at 08:30: another takes his place, with the same registration, code and deposit."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.agents import actions, rules
from app.auctions.errors import MandateExceeded, NotTheAgent
from app.auctions.rules.bids import judge_bidder
from app.auctions.states import AuctionStatus
from app.auctions.tables import BidRow
from app.db.session import Database
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.kit.ids import new_id
from app.markets.registrations import actions as registrations
from app.markets.registrations.agents.errors import AgentStage, AgentUnfit
from app.markets.registrations.agents.schemas import AgentIn, ReplacementIn
from app.markets.registrations.agents.states import Cause
from app.markets.registrations.agents.tables import AgentRow
from app.markets.registrations.schemas import RegistrationIn
from app.markets.registrations.tables import RegistrationRow
from tests.auctions.sale import START, bid, refused, seconds, started
from tests.factories.auctions import CLOCK, Sale, make_noticed, make_ready, make_started, place
from tests.factories.identity import Member, make_member

LETTER = "授权〔2026〕8号"


async def colleague(session: AsyncSession, of: Member, *roles: Role) -> Member:
    """Somebody else of the same organisation."""
    party = await session.get_one(PartyRow, of.party_id)
    return await make_member(session, *(roles or (Role.ENTERPRISE_USER,)), party=party, name="李某")


async def replace(session: AsyncSession, sale: Sale, by: Member, to: Member, **changed: Any) -> AgentRow:
    """The organisation's administrator names somebody."""
    asked = {"user_id": to.user_id, "document_no": LETTER} | changed
    return await actions.replace_agent(
        session,
        CLOCK,
        actor=by.actor,
        auction_id=sale.auction_id,
        asked=ReplacementIn.model_validate(asked),
    )


async def registration_of(session: AsyncSession, sale: Sale) -> RegistrationRow:
    return await session.get_one(RegistrationRow, sale.registrations[0], populate_existing=True)


async def test_a_replaced_agent_bids_no_more_and_his_successor_keeps_code_and_deposit(
    session: AsyncSession,
) -> None:
    sale = await make_started(session)
    old = sale.bidders[0]
    before = await registration_of(session, sale)
    code, deposit = before.bidder_code, before.deposit_held_at
    first = await place(session, sale, old, "2000000.00")
    await place(session, sale, sale.bidders[1], "2100000.00")
    admin, new = await colleague(session, old, Role.ENTERPRISE_ADMIN), await colleague(session, old)
    await replace(session, sale, admin, new, cause="illness", note="突发疾病")
    with pytest.raises(NotTheAgent):
        await place(session, sale, old, "2200000.00")
    placed = await place(session, sale, new, "2200000.00")
    after = await registration_of(session, sale)
    assert (placed.bid.bidder_code, after.bidder_code, after.deposit_held_at) == (code, code, deposit)
    assert first.bid.bidder_code == code
    # The record shows who acted when.
    acted = await session.scalars(
        select(BidRow.placed_by)
        .where(BidRow.auction_id == sale.auction_id, BidRow.bidder_code == code)
        .order_by(BidRow.bid_no)
    )
    assert acted.all() == [old.user_id, new.user_id]


async def test_before_the_start_an_agent_is_replaced_at_will_and_afterwards_for_a_natural_cause(
    session: AsyncSession,
) -> None:
    sale = await make_ready(session)
    admin = await colleague(session, sale.bidders[0], Role.ENTERPRISE_ADMIN)
    new = await colleague(session, sale.bidders[0])
    made = await replace(session, sale, admin, new)
    assert (made.cause, made.document_no, made.appointed_by) == ("replaced", LETTER, admin.user_id)
    for stage in (AuctionStatus.FREE_BIDDING, AuctionStatus.TIMED_BIDDING):
        for cause in Cause:
            if cause in (Cause.NAMED, Cause.REPLACED):
                with pytest.raises(AgentStage):
                    rules.check_replacement(stage, stage, cause)
            else:
                rules.check_replacement(stage, stage, cause)
    # A sale that is suspended before its start is not yet bid for.
    rules.check_replacement(AuctionStatus.READY, AuctionStatus.SUSPENDED, Cause.REPLACED)
    with pytest.raises(AgentStage):
        rules.check_replacement(AuctionStatus.AWARDED, AuctionStatus.AWARDED, Cause.DEATH)


async def test_an_agent_is_somebody_of_the_buyers_who_may_bid(session: AsyncSession) -> None:
    sale = await make_ready(session)
    admin = await colleague(session, sale.bidders[0], Role.ENTERPRISE_ADMIN)
    clerk = await colleague(session, sale.bidders[0], Role.CLERK)
    for unfit in (clerk, sale.bidders[1]):
        with pytest.raises(AgentUnfit):
            await replace(session, sale, admin, unfit)
    outsider = await make_member(session, Role.ENTERPRISE_ADMIN)
    with pytest.raises(NotFound):
        await replace(session, sale, outsider, outsider)


async def test_a_mandate_of_220_wan_ends_there(session: AsyncSession) -> None:
    sale = await make_started(session)
    admin = await colleague(session, sale.bidders[0], Role.ENTERPRISE_ADMIN)
    await replace(session, sale, admin, sale.bidders[0], cause="illness", limit="2200000.00")
    await place(session, sale, sale.bidders[0], "2000000.00")
    await place(session, sale, sale.bidders[1], "2100000.00")
    with pytest.raises(MandateExceeded) as above:
        await place(session, sale, sale.bidders[0], "2300000.00")
    assert (above.value.field, above.value.data) == ("/body/amount", {"limit": "2200000.00"})
    assert (await place(session, sale, sale.bidders[0], "2200000.00")).bid.bid_no == 3


def test_the_engine_asks_for_the_agent_before_the_deposit_and_for_the_mandate_before_the_amount() -> None:
    sale = started()
    at = START + seconds(60)
    told = refused(sale, bid("3260", 200, is_agent=False, deposit_held=False), at)
    assert told.code == "not_the_agent"
    told = refused(sale, bid("3260", 100, limit_minor=90_000_000), at)
    assert told.code == "mandate_exceeded"
    assert judge_bidder(sale.now, bid("3260", 200).bidder) == "3260"


async def test_an_agent_may_be_named_with_the_registration_itself(session: AsyncSession) -> None:
    sale = await make_noticed(session)
    buyer = await make_member(session, Role.ENTERPRISE_USER)
    body = RegistrationIn(agent=AgentIn(user_id=buyer.user_id, document_no=LETTER, limit="3000000.00"))
    row = await registrations.register(
        session, CLOCK, actor=buyer.actor, offering_id=sale.offering_id, body=body
    )
    assert (row.agent_user_id, row.agent_limit_minor) == (buyer.user_id, 300_000_000)
    told = await session.scalars(select(EventRow).where(EventRow.kind == "markets.agent_appointed"))
    assert [event.parties for event in told] == [[buyer.party_id]]


async def test_only_an_administrator_replaces_and_only_the_own_party_reads_the_history(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_ready(session)
        admin = await colleague(session, sale.bidders[0], Role.ENTERPRISE_ADMIN)
    path, body = (
        f"/v1/auctions/{sale.auction_id}/agent",
        {
            "user_id": str(sale.bidders[0].user_id),
            "document_no": LETTER,
        },
    )
    key = {"Idempotency-Key": new_id().hex}
    denied = await client.post(path, json=body, headers=sale.bidders[0].headers | key)
    assert (denied.status_code, denied.json()["code"]) == (403, "permission_missing")
    made = await client.post(path, json=body, headers=admin.headers | key)
    assert (made.status_code, made.json()["user_name"]) == (201, "王某")
    history = f"/v1/registrations/{sale.registrations[0]}/agents"
    mine = (await client.get(history, headers=sale.bidders[0].headers)).json()["data"]
    assert [(one["document_no"], one["cause"]) for one in mine] == [(LETTER, "replaced")]
    for nobody in (sale.bidders[1], sale.operator, sale.seller):
        assert (await client.get(history, headers=nobody.headers)).status_code == 404
