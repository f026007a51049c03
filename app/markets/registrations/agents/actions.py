"""Appoint an agent for a registration: the old one no longer bids from this commit on."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.events import outbox
from app.identity.access import Actor
from app.identity.permissions import Permission, permissions_of
from app.identity.queries import acting_member
from app.kit.money import fen
from app.markets.events import AgentAppointed
from app.markets.registrations.agents.errors import AgentUnfit
from app.markets.registrations.agents.schemas import AgentIn
from app.markets.registrations.agents.states import Cause
from app.markets.registrations.agents.tables import AgentRow
from app.markets.registrations.tables import RegistrationRow


async def appoint(
    session: AsyncSession,
    *,
    actor: Actor,
    registration: RegistrationRow,
    asked: AgentIn,
    cause: Cause,
    note: str | None,
    at: datetime,
) -> AgentRow:
    """Let somebody of the buyer's act for it in this sale: same registration, same code, same deposit.

    The registration is locked, or new. Raises `AgentUnfit` for whoever is no member of the buyer's, or may not bid.
    """
    member = await acting_member(session, party_id=registration.buyer_party_id, user_id=asked.user_id)
    if member is None or Permission.BID not in permissions_of(member.roles):
        raise AgentUnfit(field="/body/user_id" if cause is not Cause.NAMED else "/body/agent/user_id")
    limit_minor = fen(asked.limit) if asked.limit is not None else None
    row = AgentRow(
        registration_id=registration.id,
        user_id=asked.user_id,
        user_name=member.name,
        document_no=asked.document_no,
        limit_minor=limit_minor,
        cause=cause,
        note=note,
        appointed_by=actor.user_id,
        at=at,
    )
    session.add(row)
    registration.agent_user_id, registration.agent_limit_minor = asked.user_id, limit_minor
    await session.flush()
    await outbox.record(
        session,
        AgentAppointed(
            subject_id=registration.id,
            at=at,
            parties=(registration.buyer_party_id,),
            registration_number=registration.number,
            offering_id=registration.offering_id,
            agent_user_id=asked.user_id,
            document_no=asked.document_no,
            cause=cause,
        ),
    )
    return row
