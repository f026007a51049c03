"""Inspection's SQL for writing."""

from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.markets.inspection.tables import SlotBookingRow, SlotRow


async def offering_of(session: AsyncSession, slot_id: UUID) -> UUID:
    """Which offering a slot is for: it is locked first. Raises `NotFound`."""
    found = await session.scalar(select(SlotRow.offering_id).where(SlotRow.id == slot_id))
    if found is None:
        raise NotFound()
    return found


async def lock(session: AsyncSession, slot_id: UUID) -> SlotRow:
    """A slot, locked after its offering."""
    found = await session.execute(
        select(SlotRow)
        .where(SlotRow.id == slot_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def booked(session: AsyncSession, slot_id: UUID) -> int:
    """How many parties come."""
    found = await session.scalar(select(func.count()).where(SlotBookingRow.slot_id == slot_id))
    return found or 0


async def give_back(session: AsyncSession, slot_id: UUID, party_id: UUID) -> None:
    """A party does not come after all."""
    await session.execute(
        delete(SlotBookingRow).where(SlotBookingRow.slot_id == slot_id, SlotBookingRow.party_id == party_id)
    )
