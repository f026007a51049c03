"""Reading the calendar."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import rules
from app.calendar.rules import CountedEnd, DayFact, Period, WorkingDate
from app.calendar.schemas import CalendarDayOut
from app.calendar.tables import CalendarDayRow, CalendarRevisionRow
from app.db import plain


async def known(session: AsyncSession, first: date, last: date) -> Mapping[date, bool]:
    """The decided days of a range: whether each is worked."""
    rows = await plain.fetch(session, _KNOWN, first, last)
    return {row["on"]: row["is_working"] for row in rows}


_KNOWN: Final = 'SELECT "on", is_working FROM calendar_days WHERE "on" BETWEEN $1::date AND $2::date'


async def calendar_no(session: AsyncSession) -> int:
    """The number of the calendar's latest revision. Read it before the days: a date is never counted by less than it says."""
    return await session.scalar(select(func.coalesce(func.max(CalendarRevisionRow.no), 0))) or 0


async def period_end(
    session: AsyncSession, *, start_on: date, period: Period, cutoff_minute: int
) -> CountedEnd:
    """When a period that is announced on `start_on` (day 0) ends, by the calendar as it is now.

    Raises `WorkingDaysOutOfRange` or `PeriodOutOfRange`.
    """
    no, days = await _asked(session, start_on, period)
    return replace(rules.period_end(days, start_on, period, cutoff_minute), calendar_no=no)


async def remaining(
    session: AsyncSession, *, start_on: date, period: Period, cutoff_minute: int, at: datetime
) -> Period:
    """What is left of a period that stands still from `at` on: whole days, in its own unit."""
    _, days = await _asked(session, start_on, period)
    return rules.remaining(days, start_on, period, cutoff_minute, at)


async def resumed_end(
    session: AsyncSession, *, on: date, left: Period, cutoff_minute: int, at_least: Period | None = None
) -> CountedEnd:
    """When a period ends that goes on from `on` with what was left, but with no less than a floor."""
    no = await calendar_no(session)
    last = max(rules.last_day_asked(on, one) for one in (left, at_least or left))
    days = await known(session, on, last)
    return replace(rules.resumed_end(days, on, left, cutoff_minute, at_least=at_least), calendar_no=no)


async def _asked(session: AsyncSession, start_on: date, period: Period) -> tuple[int, Mapping[date, bool]]:
    no = await calendar_no(session)
    return no, await known(session, start_on, rules.last_day_asked(start_on, period))


async def add_working_days(session: AsyncSession, start: date, days: int) -> WorkingDate:
    """The `days`-th working day after `start` (day 0). Raises `WorkingDaysOutOfRange` outside 1 to 250."""
    # Outside these limits the rule refuses; the query must not overflow first.
    reach = min(max(days, 1), rules.DAYS_MAX) * 3 + 30
    last = start + timedelta(days=reach) if start < rules.LATEST else start
    return rules.add_working_days(await known(session, start, last), start, days)


async def working_day(session: AsyncSession, on: date) -> DayFact:
    """Whether a day is worked, and whether that is decided or only its weekday."""
    return rules.judge(await known(session, on, on), on)


async def horizon(session: AsyncSession, first: date) -> date | None:
    """The last day up to which every day from `first` on is decided. None: `first` itself is not."""
    return rules.horizon(await known(session, first, rules.LAST), first)


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
