"""Which days are decided, as far as a count of days may reach, and by which revision of the calendar."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import queries
from app.calendar.queries import calendar_no
from app.calendar.rules import Period, PeriodUnit, last_day_asked

__all__ = ["calendar_no", "known_days"]


async def known_days(session: AsyncSession, first: date, *, days: int) -> Mapping[date, bool]:
    """The decided days from `first` on, so far that `days` working days can be counted."""
    return await queries.known(session, first, last_day_asked(first, Period(days, PeriodUnit.WORKING_DAY)))
