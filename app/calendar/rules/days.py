"""Counting working days over the days that are known. Pure.

A day that no notice has decided yet counts by its weekday, and every answer that rests on such a day says so
(`provisional`): the make-up Saturdays of a year come from a yearly notice and cannot be computed. House rule, as
exchanges have it: periods in working days follow the days that the government announces as worked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendar.errors import CalendarDayOutOfRange, CalendarRangeInvalid, WorkingDaysOutOfRange

DAYS_MAX = 250
"""The longest period that is counted in working days: about a year."""

RANGE_DAYS_MAX = 400
"""How many days one call may ask for."""

FIRST, LAST = date(2004, 1, 1), date(2099, 12, 31)
"""Days that may be decided."""

LATEST = date(9990, 1, 1)
"""Beyond it dates cannot be counted safely."""


@dataclass(frozen=True)
class WorkingDate:
    """A date found by counting. provisional: some day on the way has not been decided yet."""

    on: date
    provisional: bool


@dataclass(frozen=True)
class DayFact:
    """Whether a day is worked. provisional: by its weekday only, nobody has decided it yet."""

    on: date
    is_working: bool
    provisional: bool


def judge(known: Mapping[date, bool], on: date) -> DayFact:
    """What is known of one day, or what its weekday suggests."""
    decided = known.get(on)
    if decided is None:
        return DayFact(on, is_working=on.weekday() < 5, provisional=True)
    return DayFact(on, is_working=decided, provisional=False)


def add_working_days(known: Mapping[date, bool], start: date, days: int) -> WorkingDate:
    """The `days`-th working day after `start`; `start` itself is day 0 and is never counted.

    days: 1 to DAYS_MAX. Raises `WorkingDaysOutOfRange`. House rule: the day of publication is day 0.
    """
    if not 1 <= days <= DAYS_MAX or start >= LATEST:
        raise WorkingDaysOutOfRange(
            f"工作日数应为 1 至 {DAYS_MAX}。", f"Give 1 to {DAYS_MAX} working days.", days_max=DAYS_MAX
        )
    on, provisional = start, False
    while days:
        on += timedelta(days=1)
        fact = judge(known, on)
        provisional = provisional or fact.provisional
        days -= fact.is_working
    return WorkingDate(on, provisional)


def horizon(known: Mapping[date, bool], start: date) -> date | None:
    """The last day up to which every day from `start` on is decided. None: `start` itself is not."""
    on = start
    while on in known:
        on += timedelta(days=1)
    return on - timedelta(days=1) if on > start else None


def check_range(first: date, last: date) -> None:
    """Refuse a range that is turned round or longer than RANGE_DAYS_MAX days."""
    if not 0 <= (last - first).days < RANGE_DAYS_MAX:
        raise CalendarRangeInvalid(field="/query/to_on", days_max=RANGE_DAYS_MAX)


def check_decidable(on: date) -> None:
    """Refuse a day outside the calendar."""
    if not FIRST <= on <= LAST:
        raise CalendarDayOutOfRange(field="/path/on")
