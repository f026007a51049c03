"""Whether what somebody enters is a whole year as a government notice decides it. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from app.calendar.errors import CalendarDayDecidedBefore, CalendarYearUnfit


def days_of_year(year: int, days_off: Collection[date], days_worked: Collection[date]) -> dict[date, bool]:
    """Every day of a year: the ordinary week, with the weekdays off and the weekend days worked in exchange.

    Raises `CalendarYearUnfit` for a day of another year, a day off that is a weekend anyway, a worked day that is
    none, and a day that is named twice.
    """
    for field, named, weekend in (("days_off", days_off, False), ("days_worked", days_worked, True)):
        odd = sorted(on for on in named if on.year != year or (on.weekday() >= 5) is not weekend)
        if odd or len(set(named)) != len(named):
            raise CalendarYearUnfit(field=f"/body/{field}", days=[str(on) for on in odd])
    first = date(year, 1, 1)
    whole = (first + timedelta(days=step) for step in range((date(year + 1, 1, 1) - first).days))
    off, worked = frozenset(days_off), frozenset(days_worked)
    return {on: on in worked or (on.weekday() < 5 and on not in off) for on in whole}


def undecided(known: Mapping[date, bool], year: Mapping[date, bool]) -> dict[date, bool]:
    """The days of a year that nobody has decided yet.

    Raises `CalendarDayDecidedBefore` where an earlier decision says otherwise, or has decided every day: a decided
    day is corrected by itself, with its notice.
    """
    other = sorted(on for on, works in year.items() if known.get(on, works) != works)
    new = {on: works for on, works in year.items() if on not in known}
    if other or not new:
        raise CalendarDayDecidedBefore(days=[str(on) for on in other[:20]])
    return new
