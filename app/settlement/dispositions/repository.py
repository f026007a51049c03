"""Loading and locking dispositions: the disposition, then its deposit, then the accounts."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.settlement.dispositions.errors import DispositionNotFound
from app.settlement.dispositions.states import DispositionStatus
from app.settlement.dispositions.tables import DispositionRow


async def lock(session: AsyncSession, disposition_id: UUID, region_prefix: str) -> DispositionRow:
    """One disposition of a region's subtree, locked. Raises `DispositionNotFound`."""
    found = await session.scalars(
        select(DispositionRow)
        .where(
            DispositionRow.id == disposition_id,
            DispositionRow.region_code.startswith(region_prefix, autoescape=True),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    if row is None:
        raise DispositionNotFound()
    return row


async def stands(session: AsyncSession, deposit_id: UUID) -> bool:
    """Whether a disposition of a deposit is confirmed or waits. Lock the deposit first."""
    found = await session.scalars(
        select(DispositionRow.id).where(
            DispositionRow.deposit_id == deposit_id, DispositionRow.status != DispositionStatus.REFUSED
        )
    )
    return found.first() is not None


async def add(session: AsyncSession, row: DispositionRow) -> DispositionRow:
    """Store a proposal."""
    session.add(row)
    await session.flush()
    return row
