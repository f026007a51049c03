"""Offering slots, booking them, giving them back. The offering is locked first, then the slot."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.markets import repository as offerings
from app.markets.dataroom.repository import takes_part
from app.markets.inspection import repository, rules
from app.markets.inspection.schemas import SlotIn
from app.markets.inspection.states import MACHINE, SlotStatus
from app.markets.inspection.tables import SlotBookingRow, SlotRow


async def offer_slot(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, asked: SlotIn
) -> SlotRow:
    """Offer a slot for the actor's own offering. Raises `NotFound`, `SlotUnfit`."""
    offering = await offerings.lock_own(session, offering_id, actor.party_id)
    at = await clock.read(session)
    rules.check_slot(
        starts_at=asked.starts_at, ends_at=asked.ends_at, at=at, sale_over=offering.closed_at is not None
    )
    row = SlotRow(
        offering_id=offering_id,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
        place=asked.place,
        capacity=asked.capacity,
        status=MACHINE.initial,
        made_by=actor.user_id,
    )
    session.add(row)
    await session.flush()
    return row


async def cancel_slot(session: AsyncSession, clock: Clock, *, actor: Actor, slot_id: UUID) -> SlotRow:
    """Cancel a slot of the actor's own offering before it begins. Raises `NotFound`, `SlotOver`."""
    offering = await offerings.lock_own(
        session, await repository.offering_of(session, slot_id), actor.party_id
    )
    row = await repository.lock(session, slot_id)
    await _open(session, clock, row, sale_over=offering.closed_at is not None)
    MACHINE.advance(row, SlotStatus.CANCELLED)
    await session.flush()
    return row


async def book(session: AsyncSession, clock: Clock, *, actor: Actor, slot_id: UUID) -> SlotRow:
    """Book a place for the actor's party, which takes part in the sale. Once more changes nothing.

    Raises `NotFound`, `SlotOver`, `SlotFull`.
    """
    row = await _of_part(session, clock, actor, slot_id)
    if await session.get(SlotBookingRow, (slot_id, actor.party_id)) is not None:
        return row
    rules.check_place(booked=await repository.booked(session, slot_id), capacity=row.capacity)
    at = await clock.read(session)
    session.add(SlotBookingRow(slot_id=slot_id, party_id=actor.party_id, user_id=actor.user_id, booked_at=at))
    await session.flush()
    return row


async def give_back(session: AsyncSession, clock: Clock, *, actor: Actor, slot_id: UUID) -> SlotRow:
    """Give the place of the actor's party back before the slot begins. Raises `NotFound`, `SlotOver`."""
    row = await _of_part(session, clock, actor, slot_id)
    await repository.give_back(session, slot_id, actor.party_id)
    return row


async def _of_part(session: AsyncSession, clock: Clock, actor: Actor, slot_id: UUID) -> SlotRow:
    offering = await offerings.lock(session, await repository.offering_of(session, slot_id))
    if not await takes_part(session, offering.id, actor.party_id):
        raise NotFound()
    row = await repository.lock(session, slot_id)
    await _open(session, clock, row, sale_over=offering.closed_at is not None)
    return row


async def _open(session: AsyncSession, clock: Clock, row: SlotRow, *, sale_over: bool) -> None:
    at = await clock.read(session)
    rules.check_open(status=SlotStatus(row.status), starts_at=row.starts_at, at=at, sale_over=sale_over)
