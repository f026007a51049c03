"""How a negotiation is answered: whole, with its version."""

from uuid import UUID

from fastapi import Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.etags import etag
from app.identity.access import Actor
from app.markets.negotiated import queries
from app.markets.negotiated.schemas import (
    NegotiationOut,
)


async def answer(
    session: AsyncSession, response: Response, negotiation_id: UUID, actor: Actor
) -> NegotiationOut:
    """The negotiation as its caller sees it now, with its ETag."""
    await session.flush()
    told = await queries.negotiation(session, actor=actor, negotiation_id=negotiation_id)
    etag(response, told.version)
    return told
