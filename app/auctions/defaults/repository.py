"""Loading and saving findings of default. The auction's row is locked before any of them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.defaults.errors import DefaultNotFound
from app.auctions.defaults.states import DefaultStatus
from app.auctions.defaults.tables import DefaultRow


async def latest(session: AsyncSession, auction_id: UUID) -> DefaultRow:
    """The finding about a sale that stands or waits, else the last that was refused. Raises `DefaultNotFound`."""
    found = await session.scalars(
        select(DefaultRow)
        .where(DefaultRow.auction_id == auction_id)
        .order_by((DefaultRow.status == DefaultStatus.REFUSED).asc(), DefaultRow.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    if row is None:
        raise DefaultNotFound()
    return row


async def stands(session: AsyncSession, auction_id: UUID) -> bool:
    """Whether a finding about a sale is confirmed or waits."""
    found = await session.scalars(
        select(DefaultRow.id).where(
            DefaultRow.auction_id == auction_id, DefaultRow.status != DefaultStatus.REFUSED
        )
    )
    return found.first() is not None


async def add(session: AsyncSession, row: DefaultRow) -> DefaultRow:
    """Store a proposal."""
    session.add(row)
    await session.flush()
    return row
