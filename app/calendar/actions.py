"""Deciding days."""

from collections.abc import Collection
from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import queries, repository, rules
from app.calendar.events import CalendarDayDecided, CalendarYearDecided
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
    await repository.one_at_a_time(session)
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


async def decide_year(
    session: AsyncSession,
    clock: Clock,
    *,
    year: int,
    days_off: Collection[date],
    days_worked: Collection[date],
    source: str,
    entered_by: UUID | None,
) -> int:
    """Enter a whole year as its notice decides it; how many days were new. Days that were decided before stay.

    entered_by: None for the operator of the servers. Raises `CalendarYearUnfit`, `CalendarDayOutOfRange`,
    `CalendarDayDecidedBefore`.
    """
    check_decidable(date(year, 1, 1))
    whole = rules.days_of_year(year, days_off, days_worked)
    first, last = date(year, 1, 1), date(year, 12, 31)
    await repository.one_at_a_time(session)
    new = rules.undecided(await queries.known(session, first, last), whole)
    await repository.add_days(session, new, source=source, entered_by=entered_by)
    at = await clock.read(session)
    await repository.add_revision(
        session, at=at, first_on=first, last_on=last, source=source, entered_by=entered_by
    )
    subject_id = uuid5(NAMESPACE_OID, f"calendar-year:{year}")
    await outbox.record(session, CalendarYearDecided(subject_id=subject_id, at=at, year=year, source=source))
    return len(new)
