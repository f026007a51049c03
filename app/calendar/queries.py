"""Reading the calendar."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import rules
from app.calendar.rules import DayFact, WorkingDate
from app.calendar.schemas import CalendarDayOut
from app.calendar.tables import CalendarDayRow


async def _known(session: AsyncSession, first: date, last: date) -> dict[date, bool]:
    rows = await session.execute(
        select(CalendarDayRow.on, CalendarDayRow.is_working).where(CalendarDayRow.on.between(first, last))
    )
    return {row.on: row.is_working for row in rows}


async def add_working_days(session: AsyncSession, start: date, days: int) -> WorkingDate:
    """The `days`-th working day after `start` (day 0). Raises `WorkingDaysOutOfRange` outside 1 to 250."""
    # Outside these limits the rule refuses; the query must not overflow first.
    reach = min(max(days, 1), rules.DAYS_MAX) * 3 + 30
    last = start + timedelta(days=reach) if start < rules.LATEST else start
    return rules.add_working_days(await _known(session, start, last), start, days)


async def working_day(session: AsyncSession, on: date) -> DayFact:
    """Whether a day is worked, and whether that is decided or only its weekday."""
    return rules.judge(await _known(session, on, on), on)


async def days(session: AsyncSession, first: date, last: date) -> list[CalendarDayOut]:
    """Every day of a range, decided or provisional, in order."""
    rows = await session.scalars(select(CalendarDayRow).where(CalendarDayRow.on.between(first, last)))
    found = {row.on: row for row in rows}
    told = []
    for step in range((last - first).days + 1):
        on = first + timedelta(days=step)
        row = found.get(on)
        fact = rules.judge({on: row.is_working} if row else {}, on)
        told.append(
            CalendarDayOut(
                on=on,
                is_working=fact.is_working,
                provisional=fact.provisional,
                note=row.note if row else None,
                source=row.source if row else None,
            )
        )
    return told
