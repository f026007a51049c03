"""When a period ends, and what is left of one that stood still. Pure.

The day on which something is announced is day 0 and is never counted. A period ends at its cut-off, a minute of its
last day in Asia/Shanghai; 24:00 is minute 1440 of that day. Working days follow the government's notices; a date that
rests on a day which nobody has decided yet is provisional, and says so. House rule, as exchanges and universities
count.

A period that stands still (an objection, a suspension) loses the day that was broken: what is left is the whole
period less the days that had ended. So whoever reads a notice has all of its days, whole, whatever came between.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.calendar.errors import PeriodOutOfRange
from app.calendar.rules.days import DAYS_MAX, LATEST, add_working_days, judge
from app.kit.dates import at_minute, end_of_day, local_text

CALENDAR_DAYS_MAX: Final = 1_000
MONTHS_MAX: Final = 600


class PeriodUnit(StrEnum):
    """What a period counts; a number of days never goes without it."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """So many days or months. value: 0 is nothing left; only `resumed_end` takes it."""

    value: int
    unit: PeriodUnit

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("a period is not negative")


@dataclass(frozen=True)
class CountedEnd:
    """When a period ends: on `on` at `minute` of the day, which is the instant `at` (the first that is too late).

    provisional: a working day on the way is not decided yet. period: what was counted. calendar_no: the revision of
    the calendar by which it was counted; 0 where nobody asked a calendar that is kept.
    """

    on: date
    minute: int
    at: datetime
    provisional: bool
    period: Period
    calendar_no: int = 0

    @property
    def local(self) -> str:
        """The minute as it is announced: `17:00`, `24:00`."""
        return local_text(self.minute)


def months_later(on: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day where it has no such day."""
    year, month = divmod(on.month - 1 + months, 12)
    year, month = on.year + year, month + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def last_day_asked(start_on: date, period: Period) -> date:
    """Up to which day the calendar has to be known to count a period: no period of working days reaches farther."""
    if period.unit is not PeriodUnit.WORKING_DAY or start_on >= LATEST:
        return start_on
    return start_on + timedelta(days=min(max(period.value, 1), DAYS_MAX) * 3 + 30)


def period_end(known: Mapping[date, bool], start_on: date, period: Period, minute: int) -> CountedEnd:
    """When a period that was announced on `start_on` (day 0) ends.

    minute: the cut-off, 1 to 1440. Raises `WorkingDaysOutOfRange`, or `PeriodOutOfRange` for other units.
    """
    if period.unit is PeriodUnit.WORKING_DAY:
        found = add_working_days(known, start_on, period.value)
        return CountedEnd(found.on, minute, at_minute(found.on, minute), found.provisional, period)
    longest = CALENDAR_DAYS_MAX if period.unit is PeriodUnit.CALENDAR_DAY else MONTHS_MAX
    if not 1 <= period.value <= longest or start_on >= LATEST - timedelta(days=31 * longest):
        raise PeriodOutOfRange(unit=str(period.unit), highest=longest)
    if period.unit is PeriodUnit.CALENDAR_DAY:
        on = start_on + timedelta(days=period.value)
    else:
        on = months_later(start_on, period.value)
    return CountedEnd(on, minute, at_minute(on, minute), provisional=False, period=period)


def full_days(known: Mapping[date, bool], start_on: date, period: Period, minute: int, at: datetime) -> int:
    """How many days of a period have ended by `at`: each at its 24:00, the last one at the cut-off.

    Days only: a period in months is not interrupted.
    """
    assert period.unit is not PeriodUnit.MONTH
    if period.value == 0:
        return 0
    end = period_end(known, start_on, period, minute)
    if at >= end.at:
        return period.value
    ended, on = 0, start_on + timedelta(days=1)
    while on < end.on and end_of_day(on) <= at:
        ended += period.unit is PeriodUnit.CALENDAR_DAY or judge(known, on).is_working
        on += timedelta(days=1)
    return ended


def remaining(
    known: Mapping[date, bool], start_on: date, period: Period, minute: int, at: datetime
) -> Period:
    """What is left of a period that stands still from `at` on, in its own unit. The day that was broken is left whole."""
    return Period(period.value - full_days(known, start_on, period, minute, at), period.unit)


def resumed_end(
    known: Mapping[date, bool], on: date, left: Period, minute: int, *, at_least: Period | None = None
) -> CountedEnd:
    """When a period ends that goes on from `on`, which is day 0 again, with what was left of it.

    at_least: the floor of what is left, in a unit of its own; the later of the two ends counts, and `period` of the
    answer is the one that was counted. One of the two is above zero.
    """
    ends = [
        period_end(known, on, one, minute) for one in (left, at_least) if one is not None and one.value > 0
    ]
    if not ends:
        raise PeriodOutOfRange(unit=str(left.unit), lowest=1)
    return max(ends, key=lambda end: end.at)
