"""Replace the agent of the caller's party in a sale."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.agents import rules
from app.db.clock import Clock
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.markets.registrations import repository as registrations
from app.markets.registrations.agents import actions as agents
from app.markets.registrations.agents.schemas import ReplacementIn
from app.markets.registrations.agents.tables import AgentRow
from app.markets.registrations.states import LIVE, RegistrationStatus


async def replace_agent(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: ReplacementIn
) -> AgentRow:
    """Let somebody else act for the actor's party in this sale, by a new letter.

    Bids are judged under the same lock: no bid of the old agent counts after this commit, whatever credential he shows.
    Raises `NotFound` for a party that is not registered, `AgentStage`, `AgentUnfit`.
    """
    row = await repository.lock_announced(session, auction_id)
    at = await clock.read(session)
    found = await registrations.existing(session, row.offering_id, actor.party_id)
    if found is None or RegistrationStatus(found.status) not in LIVE:
        raise NotFound()
    now = repository.snapshot_of(row)
    rules.check_replacement(now.stage, now.status, asked.cause)
    return await agents.appoint(
        session,
        actor=actor,
        registration=await registrations.lock(session, found.id),
        asked=asked,
        cause=asked.cause,
        note=asked.note,
        at=at,
    )
