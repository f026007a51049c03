"""Loading and saving the timetable of listings."""

from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.heartbeat import COVERED_NOW
from app.markets.listed.tables import ListingRow


async def add(session: AsyncSession, row: ListingRow) -> ListingRow:
    """Store a new listing."""
    session.add(row)
    await session.flush()
    return row


async def take_due(session: AsyncSession) -> ListingRow | None:
    """One listing that is due by market time, locked; rows that somebody else holds are passed over.

    The sweep alone locks listings, and the offering after it: nobody waits for the two in the other order.
    """
    found = await session.execute(
        select(ListingRow)
        .where(ListingRow.next_due_at <= text(COVERED_NOW))
        .where((ListingRow.retry_at.is_(None)) | (ListingRow.retry_at <= text("clock_timestamp()")))
        .order_by(ListingRow.next_due_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def take_unjudged(session: AsyncSession) -> ListingRow | None:
    """One listing that has not ended and has not been judged by the latest outage, locked."""
    found = await session.execute(
        select(ListingRow)
        .where(ListingRow.evaluated_at.is_(None))
        .where(ListingRow.outage_no < text("(SELECT coalesce(max(no), 0) FROM outages)"))
        .where((ListingRow.retry_at.is_(None)) | (ListingRow.retry_at <= text("clock_timestamp()")))
        .order_by(ListingRow.ends_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def put_off(session: AsyncSession, offering_id: UUID) -> None:
    """Leave a listing whose sweep failed alone for five real seconds, so that it holds up no other."""
    await session.execute(
        update(ListingRow)
        .where(ListingRow.offering_id == offering_id)
        .values(retry_at=text("clock_timestamp() + interval '5 seconds'"))
    )
