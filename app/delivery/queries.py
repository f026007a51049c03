"""Reading an organisation's events in the order of their positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.tables import EventRow, RelayRow

BATCH = 200


@dataclass(frozen=True)
class Told:
    """One event as an organisation sees it."""

    position: int
    kind: str
    version: int
    subject: str
    subject_id: UUID
    at: datetime
    payload: dict[str, Any]


async def events_after(session: AsyncSession, party_id: UUID, position: int) -> Sequence[Told]:
    """Up to 200 events addressed to a party after a position, oldest first."""
    rows = await session.execute(
        select(EventRow)
        .where(EventRow.parties.contains([party_id]), EventRow.position > position)
        .order_by(EventRow.position)
        .limit(BATCH)
    )
    return [
        Told(row.position or 0, row.kind, row.version, row.subject, row.subject_id, row.at, row.payload)
        for row in rows.scalars()
    ]


async def last_position(session: AsyncSession) -> int:
    """The last position that the relay has given."""
    return (await session.execute(select(RelayRow.last_position))).scalar_one()
