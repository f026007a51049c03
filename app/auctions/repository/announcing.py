"""What was last said of a sale itself, and the maximum that a registration has left with the market."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.repository.record import facts_of
from app.auctions.repository.rows import snapshot_of
from app.auctions.rules.facts import (
    Adjourned,
    Cancelled,
    Continued,
    Fact,
    PassedIn,
    Postponed,
    Resumed,
    Suspended,
)
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionEventRow, AuctionRow, ProxyRow

_KINDS: Final = tuple(
    fact.kind for fact in (Suspended, Resumed, Cancelled, Adjourned, Continued, Postponed, PassedIn)
)
_SPEAKING: Final = (
    AuctionStatus.SUSPENDED,
    AuctionStatus.ADJOURNED,
    AuctionStatus.CANCELLED,
    AuctionStatus.PASSED_IN,
)


async def announcement_of(session: AsyncSession, row: AuctionRow) -> Fact | None:
    """The latest fact that says why the sale stopped, moved or ended so. Only looked for where there is one."""
    now = snapshot_of(row)
    if now.status not in _SPEAKING and now.outage_no == 0:
        return None
    found = await session.execute(
        select(AuctionEventRow.seq)
        .where(AuctionEventRow.auction_id == row.id, AuctionEventRow.kind.in_(_KINDS))
        .order_by(AuctionEventRow.seq.desc())
        .limit(1)
    )
    seq = found.scalar_one_or_none()
    if seq is None:
        return None
    ((fact, _),) = await facts_of(session, row.id, seq - 1, 1)
    return fact


async def maximum_of(session: AsyncSession, auction_id: UUID, registration_id: UUID) -> int | None:
    """The maximum in force that a registration has left with the market, in fen."""
    found = await session.execute(
        select(ProxyRow.max_minor).where(
            ProxyRow.auction_id == auction_id,
            ProxyRow.registration_id == registration_id,
            ProxyRow.ended_at.is_(None),
        )
    )
    return found.scalar_one_or_none()
