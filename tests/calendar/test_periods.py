"""Periods against a count by brute force, day by day, over every day from 2004 to 2026."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.errors import PeriodOutOfRange, WorkingDaysOutOfRange
from app.calendar.rules import (
    CALENDAR_DAYS_MAX,
    DAYS_MAX,
    MONTHS_MAX,
    Period,
    PeriodUnit,
    full_days,
    last_day_asked,
    months_later,
    period_end,
    remaining,
    resumed_end,
)
from tests.calendar.known import ALL, FIRST, KNOWN, LAST

CALENDAR, WORKING, MONTH = PeriodUnit.CALENDAR_DAY, PeriodUnit.WORKING_DAY, PeriodUnit.MONTH
SHANGHAI = ZoneInfo("Asia/Shanghai")
TICK = timedelta(microseconds=1)
STARTS = st.dates(FIRST, date(2026, 6, 30))
UNITS = st.sampled_from((CALENDAR, WORKING))
CUTOFFS = st.sampled_from((540, 1_020, 1_439, 1_440))


def counts(unit: PeriodUnit, on: date) -> bool:
    """Whether a day counts, asked of the table of days alone."""
    return unit is CALENDAR or KNOWN[on]


def instant(on: date, minute: int) -> datetime:
    """Counted in minutes from midnight, so that 1440 needs no case of its own."""
    return datetime.combine(on, time(0), SHANGHAI).astimezone(UTC) + timedelta(minutes=minute)


def by_hand(start: date, value: int, unit: PeriodUnit) -> list[date]:
    """The days of a period, one after another."""
    days: list[date] = []
    on = start
    while len(days) < value:
        on += timedelta(days=1)
        if counts(unit, on):
            days.append(on)
    return days


@given(STARTS, st.integers(1, 60), UNITS, CUTOFFS)
def test_a_period_ends_at_the_cut_off_of_its_last_counted_day(
    start: date, value: int, unit: PeriodUnit, minute: int
) -> None:
    found = period_end(KNOWN, start, Period(value, unit), minute)
    last = by_hand(start, value, unit)[-1]
    assert (found.on, found.at, found.provisional) == (last, instant(last, minute), False)


@given(STARTS, st.integers(1, 60), UNITS, CUTOFFS, st.integers(-3 * 1_440, 120 * 1_440))
def test_the_days_that_have_ended_are_those_whose_own_end_has_come(
    start: date, value: int, unit: PeriodUnit, minute: int, minutes: int
) -> None:
    at = instant(start, minutes)
    days = by_hand(start, value, unit)
    ends = [instant(on, 1_440) for on in days[:-1]] + [instant(days[-1], minute)]
    period = Period(value, unit)
    assert full_days(KNOWN, start, period, minute, at) == sum(end <= at for end in ends)
    left = remaining(KNOWN, start, period, minute, at)
    assert left == Period(sum(end > at for end in ends), unit)


@given(
    STARTS,
    st.integers(1, 30),
    UNITS,
    CUTOFFS,
    st.lists(st.tuples(st.integers(0, 20 * 1_440), st.integers(0, 20)), max_size=4),
)
def test_whatever_interrupts_a_period_its_reader_has_all_of_its_days_whole(
    start: date, value: int, unit: PeriodUnit, minute: int, interruptions: list[tuple[int, int]]
) -> None:
    on, left, whole = start, Period(value, unit), 0
    end = period_end(KNOWN, on, left, minute)
    for minutes, days_still in interruptions:
        at = instant(on, minutes)
        if at >= end.at:
            break
        ended = full_days(KNOWN, on, left, minute, at)
        whole += ended
        left = remaining(KNOWN, on, left, minute, at)
        assert left.value == value - whole > 0
        on = at.astimezone(SHANGHAI).date() + timedelta(days=days_still)
        resumed = resumed_end(KNOWN, on, left, minute, at_least=Period(1, WORKING))
        assert resumed.at >= end.at, "no interruption brings the end forward"
        assert resumed.at >= period_end(KNOWN, on, left, minute).at
        if resumed.period != left:
            return
        end = resumed
    assert whole + left.value == value


@given(STARTS, st.integers(1, 30), UNITS, CUTOFFS)
def test_the_last_moment_is_in_time_and_the_end_itself_is_not(
    start: date, value: int, unit: PeriodUnit, minute: int
) -> None:
    period = Period(value, unit)
    end = period_end(KNOWN, start, period, minute)
    assert remaining(KNOWN, start, period, minute, end.at - TICK).value == 1
    assert remaining(KNOWN, start, period, minute, end.at).value == 0
    assert remaining(KNOWN, start, period, minute, end.at + TICK).value == 0


@given(STARTS, st.integers(1, DAYS_MAX))
def test_a_period_asks_the_calendar_no_farther_than_it_says(start: date, value: int) -> None:
    period = Period(value, WORKING)
    end = period_end({}, start, period, 1_440)
    assert end.on <= last_day_asked(start, period)
    assert last_day_asked(start, Period(value, CALENDAR)) == start


@given(st.sampled_from(ALL), st.integers(1, 40))
def test_an_answer_is_provisional_if_and_only_if_it_passed_an_undecided_day(start: date, value: int) -> None:
    found = period_end(KNOWN, start, Period(value, WORKING), 1_440)
    assert found.provisional == (found.on > LAST)
    assert not period_end(KNOWN, start, Period(value, CALENDAR), 1_440).provisional


def test_twenty_four_hours_is_the_end_of_the_same_day_and_is_written_so() -> None:
    end = period_end(KNOWN, date(2026, 11, 25), Period(15, CALENDAR), 1_440)
    assert (end.on, end.local) == (date(2026, 12, 10), "24:00")
    assert end.at == datetime(2026, 12, 10, 16, tzinfo=UTC)
    assert period_end(KNOWN, date(2026, 11, 25), Period(10, WORKING), 1_020).local == "17:00"


@pytest.mark.parametrize(
    ("on", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2025, 11, 25), 12, date(2026, 11, 25)),
    ],
)
def test_months_go_to_the_same_day_or_the_months_last(on: date, months: int, later: date) -> None:
    assert months_later(on, months) == later
    assert period_end({}, on, Period(months, MONTH), 1_440).on == later


def test_where_nothing_is_left_the_floor_counts_and_without_one_there_is_no_end() -> None:
    friday = date(2026, 11, 27)
    nothing = Period(0, CALENDAR)
    end = resumed_end(KNOWN, friday, nothing, 1_440, at_least=Period(1, WORKING))
    assert (end.on, end.period) == (date(2026, 11, 30), Period(1, WORKING))
    with pytest.raises(PeriodOutOfRange):
        resumed_end(KNOWN, friday, nothing, 1_440)
    # One calendar day would end on a Saturday; one working day must be left.
    end = resumed_end(KNOWN, friday, Period(1, CALENDAR), 1_440, at_least=Period(1, WORKING))
    assert (end.on, end.period) == (date(2026, 11, 30), Period(1, WORKING))
    end = resumed_end(KNOWN, friday, Period(4, CALENDAR), 1_440, at_least=Period(1, WORKING))
    assert (end.on, end.period) == (date(2026, 12, 1), Period(4, CALENDAR))


@pytest.mark.parametrize(
    ("period", "refusal"),
    [
        (Period(0, CALENDAR), PeriodOutOfRange),
        (Period(CALENDAR_DAYS_MAX + 1, CALENDAR), PeriodOutOfRange),
        (Period(0, MONTH), PeriodOutOfRange),
        (Period(MONTHS_MAX + 1, MONTH), PeriodOutOfRange),
        (Period(0, WORKING), WorkingDaysOutOfRange),
        (Period(DAYS_MAX + 1, WORKING), WorkingDaysOutOfRange),
    ],
)
def test_a_period_that_is_nothing_or_too_long_is_refused(period: Period, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        period_end(KNOWN, date(2026, 1, 1), period, 1_440)
    with pytest.raises(ValueError, match="not negative"):
        Period(-1, period.unit)
    with pytest.raises((PeriodOutOfRange, WorkingDaysOutOfRange)):
        period_end({}, date.max, Period(1, period.unit), 1_440)
