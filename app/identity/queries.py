"""Reading who is who."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.states import PartyKind, ReviewStatus
from app.identity.tables import PartyRow, UserRow


@dataclass(frozen=True)
class PartyFacts:
    """What other rooms' rules need to know of a party."""

    id: UUID
    kind: PartyKind
    name: str
    region_code: str
    country_code: str
    status: ReviewStatus


async def party_names(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of parties, as they stand now. Whoever asks must know that the names may be told."""
    rows = await session.execute(select(PartyRow.id, PartyRow.name).where(PartyRow.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


async def user_names(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of people, as they stand now. Whoever asks must know that the names may be told."""
    rows = await session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


async def party_facts(session: AsyncSession, party_id: UUID) -> PartyFacts | None:
    """Kind, name, region and review of a party; None if there is no such party."""
    row = (
        await session.execute(
            select(
                PartyRow.id,
                PartyRow.kind,
                PartyRow.name,
                PartyRow.region_code,
                PartyRow.country_code,
                PartyRow.status,
            ).where(PartyRow.id == party_id)
        )
    ).one_or_none()
    if row is None:
        return None
    return PartyFacts(
        id=row.id,
        kind=PartyKind(row.kind),
        name=row.name,
        region_code=row.region_code,
        country_code=row.country_code,
        status=ReviewStatus(row.status),
    )
