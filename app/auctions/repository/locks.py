"""Locking: the auction's row first, `FOR NO KEY UPDATE`; what lies below (offering, registrations, accounts) after it and only
where the sale ends. A bid locks nothing but its auction.
"""

from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.states import ENDED
from app.auctions.tables import AuctionRow
from app.db.heartbeat import COVERED_NOW, LATEST_OUTAGE, Pulse
from app.kit.errors import NotFound


async def lock(session: AsyncSession, auction_id: UUID) -> AuctionRow:
    """The auction, locked until the transaction ends. Raises `NotFound`."""
    found = await session.execute(
        select(AuctionRow)
        .where(AuctionRow.id == auction_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def take_due(session: AsyncSession) -> tuple[AuctionRow, Pulse] | None:
    """One auction on which something is due by the last heartbeat, locked, and that heartbeat; rows that somebody else
    holds are passed over.
    """
    found = await session.execute(
        select(AuctionRow, text(COVERED_NOW), text(LATEST_OUTAGE))
        .where(AuctionRow.next_due_at <= text(COVERED_NOW))
        .where((AuctionRow.retry_at.is_(None)) | (AuctionRow.retry_at <= text("clock_timestamp()")))
        .order_by(AuctionRow.next_due_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    taken = found.one_or_none()
    return None if taken is None else (taken[0], Pulse(covered_at=taken[1], outage_no=taken[2]))


async def take_unjudged(session: AsyncSession) -> AuctionRow | None:
    """One announced auction that has not ended and was not judged by the latest outage, locked."""
    found = await session.execute(
        select(AuctionRow)
        .where(AuctionRow.status.not_in(ENDED), AuctionRow.starts_at.is_not(None))
        .where(AuctionRow.judged_outage_no < text(LATEST_OUTAGE))
        .where((AuctionRow.retry_at.is_(None)) | (AuctionRow.retry_at <= text("clock_timestamp()")))
        .order_by(AuctionRow.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def note_judged(session: AsyncSession, auction_id: UUID, outage_no: int) -> None:
    """A locked auction was judged by every outage up to this one."""
    await session.execute(
        update(AuctionRow)
        .where(AuctionRow.id == auction_id)
        .values(judged_outage_no=outage_no, updated_at=AuctionRow.updated_at)
    )


async def put_off(session: AsyncSession, auction_id: UUID) -> None:
    """Leave an auction whose sweep failed alone for five real seconds."""
    await session.execute(
        update(AuctionRow)
        .where(AuctionRow.id == auction_id)
        .values(retry_at=text("clock_timestamp() + interval '5 seconds'"))
    )


async def lock_announced(session: AsyncSession, auction_id: UUID) -> AuctionRow:
    """An announced auction, locked. A draft is `NotFound`: nobody outside learns that there is one."""
    row = await lock(session, auction_id)
    if not is_announced(row):
        raise NotFound()
    return row


async def lock_in_region(session: AsyncSession, auction_id: UUID, region_prefix: str) -> AuctionRow:
    """An auction of a region's subtree, locked: staff of a city run their own sales. Others are `NotFound`."""
    row = await lock(session, auction_id)
    if not row.region_code.startswith(region_prefix):
        raise NotFound()
    return row


async def lock_own(session: AsyncSession, auction_id: UUID, seller_party_id: UUID) -> AuctionRow:
    """The party's own auction, locked. Somebody else's is `NotFound`."""
    row = await lock(session, auction_id)
    if row.seller_party_id != seller_party_id:
        raise NotFound()
    return row


async def open_of(session: AsyncSession, offering_id: UUID) -> AuctionRow | None:
    """The auction of an offering that has not ended."""
    found = await session.execute(
        select(AuctionRow).where(AuctionRow.offering_id == offering_id, AuctionRow.status.not_in(ENDED))
    )
    return found.scalar_one_or_none()


def is_announced(row: AuctionRow) -> bool:
    """Whether the public knows of the sale. A draft, also a discarded one, is nobody's business."""
    return row.starts_at is not None


async def add(session: AsyncSession, row: AuctionRow) -> AuctionRow:
    """Store a new draft."""
    session.add(row)
    await session.flush()
    return row
