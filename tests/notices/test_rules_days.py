"""However often a notice stands still, its readers have all of its days, whole: against counting day by day."""

from datetime import date, datetime, timedelta

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import Period, PeriodUnit
from app.kit.dates import at_minute, end_of_day, market_date
from app.notices.rules import clock
from app.notices.rules.clock import Segment

FIRST, LAST = date(2023, 1, 1), date(2026, 6, 30)
KNOWN = {
    FIRST + timedelta(days=n): chinese_calendar.is_workday(FIRST + timedelta(days=n))
    for n in range((date(2026, 12, 31) - FIRST).days + 1)
}
PERIODS = st.builds(
    Period, st.integers(1, 20), st.sampled_from([PeriodUnit.CALENDAR_DAY, PeriodUnit.WORKING_DAY])
)
MINUTES = st.integers(1, 1440)
PAUSES = st.lists(
    st.tuples(st.integers(0, 15 * 1440), st.integers(0, 12 * 1440), st.integers(1, 10)), max_size=4
)


def _counts(on: date, unit: PeriodUnit) -> bool:
    return unit is PeriodUnit.CALENDAR_DAY or KNOWN[on]


def _play(
    began: datetime, period: Period, minute: int, pauses: list[tuple[int, int, int]]
) -> tuple[list[tuple[datetime, datetime]], Segment, list[tuple[date, int, Segment]]]:
    """The stretches in which the clock ran, the last segment, and every going on."""
    segment = clock.start(KNOWN, market_date(began), period, minute)
    ran, since, resumed = [], began, []
    for after, length, least in pauses:
        stop = since + timedelta(minutes=after)
        if stop >= segment.ends_at:
            break
        left = clock.left_of(KNOWN, segment, stop)
        ran.append((since, stop))
        since = stop + timedelta(minutes=length)
        on = market_date(since)
        segment = clock.go_on(KNOWN, on, left, minute, least_days=least)
        resumed.append((on, least, segment))
    ran.append((since, segment.ends_at))
    return ran, segment, resumed


@given(st.dates(FIRST, date(2026, 1, 31)), st.integers(0, 1439), PERIODS, MINUTES, PAUSES)
def test_a_notice_has_all_of_its_whole_days_whatever_came_between(
    on: date, began_minute: int, period: Period, minute: int, pauses: list[tuple[int, int, int]]
) -> None:
    began = at_minute(on, began_minute)
    ran, last, _ = _play(began, period, minute, pauses)
    whole = sum(
        _counts(day, period.unit)
        for since, until in ran
        for day in _days(since, until)
        if end_of_day(day - timedelta(days=1)) >= since and _ends(day, last, minute) <= until
    )
    assert whole >= period.value


def _days(since: datetime, until: datetime) -> list[date]:
    first = market_date(since)
    return [first + timedelta(days=n) for n in range((market_date(until) - first).days + 1)]


def _ends(day: date, last: Segment, minute: int) -> datetime:
    """A day ends at its 24:00, the last one at the cut-off."""
    return at_minute(day, minute) if day == last.ends_on else end_of_day(day)


@given(st.dates(FIRST, date(2026, 1, 31)), st.integers(0, 1439), PERIODS, MINUTES, PAUSES)
def test_what_goes_on_has_its_least_working_days_and_ends_at_the_cut_off(
    on: date, began_minute: int, period: Period, minute: int, pauses: list[tuple[int, int, int]]
) -> None:
    _, last, resumed = _play(at_minute(on, began_minute), period, minute, pauses)
    assert last.ends_at == at_minute(last.ends_on, minute)
    for from_on, least, segment in resumed:
        worked = [
            from_on + timedelta(days=n)
            for n in range(1, (segment.ends_on - from_on).days + 1)
            if KNOWN[from_on + timedelta(days=n)]
        ]
        assert len(worked) >= least


@given(st.dates(FIRST, LAST), PERIODS, MINUTES, st.integers(1, 20))
def test_a_stretch_adds_its_days_to_the_announced_end(
    on: date, period: Period, minute: int, days: int
) -> None:
    begun = clock.start(KNOWN, on, period, minute)
    later = clock.stretched(KNOWN, begun, days)
    assert later.ends_on > begun.ends_on
    whole = clock.start(KNOWN, on, Period(period.value + days, period.unit), minute)
    assert later.ends_on == whole.ends_on
