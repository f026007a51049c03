"""Reading slots: open to all, without who comes."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.markets.inspection.schemas import InspectionOut, InspectionSlotOut
from app.markets.inspection.states import SlotStatus
from app.markets.inspection.tables import SlotBookingRow, SlotRow
from app.markets.queries.sight import require_visible, sees_inside
from app.markets.tables import OfferingRow


async def slots(session: AsyncSession, actor: Actor | None, offering_id: UUID) -> InspectionOut:
    """The slots of an offering that the caller sees. Raises `NotFound`."""
    await require_visible(session, actor, offering_id)
    offering = await session.get_one(OfferingRow, offering_id, populate_existing=True)
    rows = list(
        await session.scalars(
            select(SlotRow)
            .where(SlotRow.offering_id == offering_id)
            .order_by(SlotRow.starts_at, SlotRow.id)
            .execution_options(populate_existing=True)
        )
    )
    ids = [row.id for row in rows]
    counted = await session.execute(
        select(SlotBookingRow.slot_id, func.count())
        .where(SlotBookingRow.slot_id.in_(ids))
        .group_by(SlotBookingRow.slot_id)
    )
    counts = {row[0]: row[1] for row in counted}
    mine: set[UUID] = set()
    if actor is not None:
        own = select(SlotBookingRow.slot_id).where(
            SlotBookingRow.slot_id.in_(ids), SlotBookingRow.party_id == actor.party_id
        )
        mine = set(await session.scalars(own))
    inside = sees_inside(actor, offering)
    return InspectionOut(
        data=[
            InspectionSlotOut(
                id=row.id,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                place=row.place,
                capacity=row.capacity,
                status=SlotStatus(row.status),
                is_full=counts.get(row.id, 0) >= row.capacity,
                is_mine=row.id in mine,
                booked=counts.get(row.id, 0) if inside else None,
                version=row.version,
            )
            for row in rows
        ]
    )
