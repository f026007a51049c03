"""Counting working days, against a count by brute force over every day that is known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.errors import CalendarDayOutOfRange, CalendarRangeInvalid, WorkingDaysOutOfRange
from app.calendar.rules import (
    DAYS_MAX,
    RANGE_DAYS_MAX,
    WorkingDate,
    add_working_days,
    check_decidable,
    check_range,
    horizon,
    judge,
)
from tests.calendar.known import ALL, KNOWN, LAST, WORKED


@given(st.sampled_from(ALL), st.integers(1, DAYS_MAX))
def test_the_date_found_is_the_nth_worked_day_after_the_start(start: date, days: int) -> None:
    after = [on for on in WORKED if start < on <= start + timedelta(days=3 * DAYS_MAX)]
    found = add_working_days(KNOWN, start, days)
    if len(after) >= days:
        assert found == WorkingDate(after[days - 1], provisional=False)
    else:
        assert found.provisional
        assert found.on > LAST


@given(st.sampled_from(ALL), st.integers(1, DAYS_MAX), st.integers(1, DAYS_MAX))
def test_two_periods_after_each_other_are_one_period(start: date, first: int, second: int) -> None:
    if first + second <= DAYS_MAX:
        on_the_way = add_working_days(KNOWN, start, first)
        assert (
            add_working_days(KNOWN, on_the_way.on, second).on
            == add_working_days(KNOWN, start, first + second).on
        )


@given(st.dates(date(2027, 1, 1), date(2090, 1, 1)), st.integers(1, DAYS_MAX))
def test_beyond_what_is_decided_weekdays_count_and_every_answer_says_so(start: date, days: int) -> None:
    found = add_working_days(KNOWN, start, days)
    weekdays = 0
    on = start
    while weekdays < days:
        on += timedelta(days=1)
        weekdays += on.weekday() < 5
    assert found == WorkingDate(on, provisional=True)


def test_one_undecided_day_on_the_way_makes_the_answer_provisional() -> None:
    known = dict(KNOWN)
    del known[date(2026, 3, 4)]
    assert add_working_days(known, date(2026, 3, 2), 1) == WorkingDate(date(2026, 3, 3), provisional=False)
    assert add_working_days(known, date(2026, 3, 2), 2) == WorkingDate(date(2026, 3, 4), provisional=True)
    assert add_working_days(known, date(2026, 3, 2), 3) == WorkingDate(date(2026, 3, 5), provisional=True)


def test_the_start_is_day_0_even_when_it_is_worked() -> None:
    assert add_working_days(KNOWN, date(2026, 3, 2), 1).on == date(2026, 3, 3)


def test_a_period_passes_over_the_national_day_week_and_counts_the_saturday_worked_for_it() -> None:
    assert add_working_days(KNOWN, date(2026, 9, 30), 1).on == date(2026, 10, 8)
    assert add_working_days(KNOWN, date(2026, 9, 30), 3).on == date(2026, 10, 10)
    assert date(2026, 10, 10).weekday() == 5


@pytest.mark.parametrize("days", [0, -1, DAYS_MAX + 1, 10**9])
def test_a_period_that_is_not_positive_or_too_long_is_refused(days: int) -> None:
    with pytest.raises(WorkingDaysOutOfRange):
        add_working_days(KNOWN, date(2026, 1, 1), days)


def test_a_start_near_the_end_of_time_is_refused_and_does_not_overflow() -> None:
    with pytest.raises(WorkingDaysOutOfRange):
        add_working_days({}, date.max, 1)


def test_a_decided_day_is_never_provisional_and_an_undecided_one_always_is() -> None:
    saturday = date(2027, 1, 2)
    assert (judge({}, saturday).is_working, judge({}, saturday).provisional) == (False, True)
    decided = judge({saturday: True}, saturday)
    assert (decided.is_working, decided.provisional) == (True, False)


def test_a_range_turned_round_or_too_long_is_refused() -> None:
    start = date(2026, 1, 1)
    check_range(start, start)
    check_range(start, start + timedelta(days=RANGE_DAYS_MAX - 1))
    for end in (start - timedelta(days=1), start + timedelta(days=RANGE_DAYS_MAX)):
        with pytest.raises(CalendarRangeInvalid):
            check_range(start, end)


def test_days_from_2004_to_2099_may_be_decided_and_no_others() -> None:
    check_decidable(date(2004, 1, 1))
    check_decidable(date(2099, 12, 31))
    for on in (date(2003, 12, 31), date(2100, 1, 1), date.min, date.max):
        with pytest.raises(CalendarDayOutOfRange):
            check_decidable(on)


def test_the_horizon_is_the_last_day_before_the_first_undecided_one() -> None:
    assert horizon(KNOWN, date(2026, 11, 25)) == date(2026, 12, 31)
    assert horizon(
        {on: works for on, works in KNOWN.items() if on != date(2026, 12, 3)}, date(2026, 12, 2)
    ) == date(2026, 12, 2)
    assert horizon(KNOWN, date(2027, 1, 1)) is None
