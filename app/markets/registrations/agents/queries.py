"""Reading who acted for a registration, and since when: for its own party."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets.registrations.agents.schemas import AgentOut, AgentPage
from app.markets.registrations.agents.tables import AgentRow
from app.markets.registrations.tables import RegistrationRow


async def list_agents(
    session: AsyncSession, *, actor: Actor, registration_id: UUID, cursor: str | None, limit: int
) -> AgentPage:
    """The appointments for a registration of the caller's party, the latest first. Anybody else's is `NotFound`."""
    owner = await session.scalar(
        select(RegistrationRow.buyer_party_id).where(RegistrationRow.id == registration_id)
    )
    if owner != actor.party_id:
        raise NotFound()
    filters = {"list": "agents", "registration": registration_id}
    statement = select(AgentRow).where(AgentRow.registration_id == registration_id)
    if cursor is not None:
        statement = statement.where(AgentRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.scalars(statement.order_by(AgentRow.id.desc()).limit(limit + 1))).all()
    page, more = rows[:limit], len(rows) > limit
    return AgentPage(
        data=[agent_out(row) for row in page],
        next_cursor=encode_cursor([page[-1].id], filters) if more else None,
        has_more=more,
    )


def agent_out(row: AgentRow) -> AgentOut:
    """An appointment's wire shape."""
    return AgentOut(
        id=row.id,
        registration_id=row.registration_id,
        user_id=row.user_id,
        user_name=row.user_name,
        document_no=row.document_no,
        limit=MoneyOut.of(row.limit_minor) if row.limit_minor is not None else None,
        cause=row.cause,
        note=row.note,
        appointed_by=row.appointed_by,
        at=row.at,
    )
