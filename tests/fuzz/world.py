"""A small market for the fuzzer: for each operation that a cast may call, one object in a state in which it succeeds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock, move_sandbox_clock
from app.identity.credentials import fingerprint
from app.identity.tables import ApiKeyRow, MembershipRow
from tests.factories.identity import Member

CLOCK = Clock()


@dataclass
class Example:
    """One request that succeeds. `version`: what `If-Match` must name."""

    id: object = None
    version: int | None = None
    body: Any = None
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


Examples = dict[str, Example]
"""By operation id."""


@dataclass
class Own:
    """What the fuzzer's requests stand on: it must not take these from itself."""

    key_id: UUID
    membership_id: UUID


async def settle(session: AsyncSession) -> datetime:
    """Let market time run like real time, however an earlier cast has left it. Gives market time."""
    return (await move_sandbox_clock(session, advance=timedelta(0), rate=1)).at


async def own(session: AsyncSession, member: Member) -> Own:
    """The ids that keep a member signed in; his key lives on whatever the clock does."""
    key = (
        await session.scalars(select(ApiKeyRow).where(ApiKeyRow.key_hash == fingerprint(member.key)))
    ).one()
    await session.execute(
        update(ApiKeyRow).where(ApiKeyRow.id == key.id).values(expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    )
    place = (
        await session.scalars(
            select(MembershipRow).where(
                MembershipRow.user_id == member.user_id, MembershipRow.party_id == member.party_id
            )
        )
    ).one()
    return Own(key.id, place.id)


def on(row: Any, body: Any = None) -> Example:
    """A change of a versioned row as it stands."""
    return Example(row.id, row.version, body)


def wire(at: datetime | date) -> str:
    """A time or date as one sends it."""
    return at.isoformat()


Maker = Callable[[AsyncSession, Member], Awaitable[Examples]]
