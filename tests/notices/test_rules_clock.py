"""A notice's clock: starts, standstills, what is left, ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.calendar.rules import Period, PeriodUnit
from app.kit.dates import at_local, at_minute
from app.notices.errors import NoticePaused, ObjectionOpen
from app.notices.rules import clock
from app.notices.rules.clock import NoticeClock
from app.notices.states import NoticeStatus

DAYS, WORKING = PeriodUnit.CALENDAR_DAY, PeriodUnit.WORKING_DAY
MICROSECOND = timedelta(microseconds=1)


def noon(on: date) -> datetime:
    return at_minute(on, 720)


def running(**changed: object) -> NoticeClock:
    return replace(
        NoticeClock(
            status=NoticeStatus.RUNNING,
            starts_at=noon(date(2026, 11, 25)),
            ends_at=at_minute(date(2026, 12, 10), 1440),
            ends_on=date(2026, 12, 10),
            ends_minute=1440,
            provisional=False,
            paused_since=None,
            open_objections=0,
            content_hash=b"",
        ),
        **changed,  # type: ignore[arg-type]
    )


def test_fifteen_days_from_the_last_place_end_at_the_last_days_midnight() -> None:
    found = clock.start({}, date(2026, 11, 25), Period(15, DAYS), 1440)
    assert found.ends_on == date(2026, 12, 10)
    assert found.ends_at == datetime(2026, 12, 10, 16, tzinfo=UTC)
    assert not found.provisional


def test_ten_working_days_end_at_the_cut_off_of_the_tenth() -> None:
    found = clock.start({}, date(2026, 11, 25), Period(10, WORKING), 1020)
    assert (found.ends_on, found.provisional) == (date(2026, 12, 9), True)


@pytest.mark.parametrize(
    ("stopped", "left"),
    [
        (noon(date(2026, 11, 25)), 15),
        (at_minute(date(2026, 11, 25), 1440), 15),
        (at_minute(date(2026, 11, 26), 1440) - MICROSECOND, 15),
        (at_minute(date(2026, 11, 26), 1440), 14),
        (noon(date(2026, 12, 7)), 4),
        (at_minute(date(2026, 12, 10), 1440) - MICROSECOND, 1),
        (at_minute(date(2026, 12, 10), 1440), 0),
    ],
)
def test_the_day_that_was_broken_is_not_counted(stopped: datetime, left: int) -> None:
    begun = clock.start({}, date(2026, 11, 25), Period(15, DAYS), 1440)
    assert clock.left_of({}, begun, stopped) == Period(left, DAYS)


def test_four_days_are_left_of_an_objection_on_the_twelfth_day() -> None:
    found = clock.go_on({}, date(2026, 12, 18), Period(4, DAYS), 1440, least_days=1)
    assert found.ends_on == date(2026, 12, 22)


def test_what_goes_on_has_at_least_one_working_day_left() -> None:
    known = {date(2026, 2, 13) + timedelta(days=n): n in (0, 1, 11) for n in range(12)}
    over_spring_festival = clock.go_on(known, date(2026, 2, 14), Period(1, DAYS), 1440, least_days=1)
    assert over_spring_festival.ends_on == date(2026, 2, 24)
    assert over_spring_festival.counted == Period(1, DAYS)
    nothing_left = clock.go_on({}, date(2026, 12, 11), Period(0, DAYS), 1440, least_days=1)
    assert nothing_left.ends_on == date(2026, 12, 14)


def test_a_stretch_counts_from_the_announced_end() -> None:
    begun = clock.start({}, date(2026, 11, 25), Period(15, DAYS), 1440)
    assert clock.stretched({}, begun, 3).ends_on == date(2026, 12, 13)


def test_an_announced_end_is_never_moved_forward_by_a_decided_year() -> None:
    begun = clock.start({}, date(2026, 12, 28), Period(5, WORKING), 1020)
    assert (begun.ends_on, begun.provisional) == (date(2027, 1, 4), True)
    known = {date(2026, 12, 28) + timedelta(days=n): n not in (4, 5, 6) for n in range(30)}
    later = clock.recounted(known, begun)
    assert (later.ends_on, later.provisional) == (date(2027, 1, 5), False)
    worked = known | {date(2027, 1, 1): True, date(2027, 1, 3): True}
    assert clock.recounted(worked, begun).ends_on == date(2027, 1, 4)


def test_the_later_of_two_places_starts_the_clock() -> None:
    first, last = noon(date(2026, 11, 25)), noon(date(2026, 11, 26))
    assert clock.started_at([first, None]) is None
    assert clock.started_at([last, first]) == last
    assert clock.started_at([]) is None


@pytest.mark.parametrize(
    ("told_at", "from_publication"),
    [
        (at_local(date(2026, 11, 25), noon(date(2026, 11, 25)).time()), True),
        (at_minute(date(2026, 11, 25), 1440) - MICROSECOND, True),
        (at_minute(date(2026, 11, 25), 1440), False),
    ],
)
def test_a_place_that_is_told_of_on_a_later_day_counts_from_then(
    told_at: datetime, from_publication: bool
) -> None:
    shown = at_minute(date(2026, 11, 25), 541)
    assert clock.counts_from(shown, told_at) == (shown if from_publication else told_at)


@pytest.mark.parametrize(("offset", "over"), [(-1, False), (0, True), (1, True)])
def test_a_notice_is_over_at_its_end_and_not_a_microsecond_earlier(offset: int, over: bool) -> None:
    told = running()
    assert told.ends_at is not None
    at = told.ends_at + offset * MICROSECOND
    assert told.is_over(at) is over
    assert clock.takes_objections(told, at) is not over
    assert running(open_objections=1).is_over(at) is False


@pytest.mark.parametrize(("offset", "inside"), [(-1, False), (0, True), (1, True)])
def test_objections_are_taken_from_the_first_instant_on(offset: int, inside: bool) -> None:
    told = running()
    assert told.starts_at is not None
    assert clock.takes_objections(told, told.starts_at + offset * MICROSECOND) is inside


def test_nothing_is_due_while_an_objection_is_undecided() -> None:
    end = noon(date(2026, 12, 10))
    assert clock.due(NoticeStatus.RUNNING, end, 0) == end
    assert clock.due(NoticeStatus.RUNNING, end, 1) is None
    assert clock.due(NoticeStatus.PAUSED, end, 0) is None


def test_what_rests_on_a_notice_is_refused_while_it_stands_still() -> None:
    with pytest.raises(NoticePaused):
        clock.check_standing(running(status=NoticeStatus.PAUSED, open_objections=1))
    with pytest.raises(ObjectionOpen):
        clock.check_standing(running(open_objections=1))
    clock.check_standing(running())
