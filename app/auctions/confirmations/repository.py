"""Loading and saving confirmation records. The auction's row is locked before its record."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.confirmations.tables import ConfirmationRow


async def auction_of(session: AsyncSession, confirmation_id: UUID) -> UUID | None:
    """Of which auction a record is: that is locked before it."""
    found = await session.scalars(
        select(ConfirmationRow.auction_id).where(ConfirmationRow.id == confirmation_id)
    )
    return found.one_or_none()


async def of_auction(session: AsyncSession, auction_id: UUID) -> ConfirmationRow | None:
    """The record of a locked auction."""
    found = await session.scalars(
        select(ConfirmationRow)
        .where(ConfirmationRow.auction_id == auction_id)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def add(session: AsyncSession, row: ConfirmationRow) -> ConfirmationRow:
    """Store a new record."""
    session.add(row)
    await session.flush()
    return row
