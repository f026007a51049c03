"""Deciding days."""

from datetime import date
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import repository
from app.calendar.events import CalendarDayDecided
from app.calendar.rules import check_decidable
from app.db.clock import Clock
from app.events import outbox
from app.identity.access import Actor


async def decide_day(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    on: date,
    is_working: bool,
    note: str | None,
    source: str,
) -> None:
    """Enter or correct one day. Whether a day is worked is a fact of a notice, so the notice is named."""
    check_decidable(on)
    await repository.put_day(
        session, on=on, is_working=is_working, note=note, source=source, entered_by=actor.user_id
    )
    at = await clock.read(session)
    await repository.add_revision(
        session, at=at, first_on=on, last_on=on, source=source, entered_by=actor.user_id
    )
    # A day has no id of its own; the same day always gets the same one.
    subject_id = uuid5(NAMESPACE_OID, f"calendar-day:{on.isoformat()}")
    await outbox.record(
        session, CalendarDayDecided(subject_id=subject_id, at=at, on=on, is_working=is_working)
    )
