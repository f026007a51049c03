"""A notice's clock: when it starts, stands still, goes on and ends. Pure.

The later of its places starts it; that legal day is day 0. It ends at its cut-off. While a cause holds it, it stands
still, and the day that was broken is not counted: whoever reads the notice has all of its days, whole. What goes on has
at least a minimum of working days left. Nothing passes while an objection is undecided, though the period be over.
Source: house rule, after 浙江省促进科技成果转化条例 art. 17 (fifteen days, both places).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.calendar.rules import Period, PeriodUnit, full_days, period_end
from app.kit.dates import at_minute, market_date
from app.notices.errors import NoticeNotRunning, NoticePaused, ObjectionOpen
from app.notices.states import NoticeStatus

Known = Mapping[date, bool]
NOTHING_LEAST = 0


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch in which the clock runs: from which day it counts how much, and when it ends.

    counted: in the notice's own unit, 0 where nothing was left. least_days: so many working days at the least (0: no
    minimum). ends_on may be later than both, since an end that was announced is never moved forward.
    """

    counted_from: date
    counted: Period
    least_days: int
    minute: int
    ends_on: date
    provisional: bool

    @property
    def ends_at(self) -> datetime:
        """The first instant that is too late."""
        return at_minute(self.ends_on, self.minute)


@dataclass(frozen=True, kw_only=True)
class NoticeClock:
    """What may be known of a notice under its lock. Instants are UTC; `ends_at` is the first instant that is too late.

    ends_on, ends_minute: the same as it is announced (1440 is 24:00). paused_since: since when the clock stands still.
    open_objections: how many are undecided, accepted or not. content_hash: of what the notice says now, salted.
    """

    status: NoticeStatus
    starts_at: datetime | None
    ends_at: datetime | None
    ends_on: date | None
    ends_minute: int
    provisional: bool
    paused_since: datetime | None
    open_objections: int
    content_hash: bytes

    @property
    def stands_still(self) -> bool:
        """Whether nothing may pass, close or be awarded on this notice now."""
        return self.status is NoticeStatus.PAUSED or self.open_objections > 0

    def is_over(self, at: datetime) -> bool:
        """Whether the whole period has run and nothing holds its end."""
        return not self.stands_still and self.ends_at is not None and at >= self.ends_at


def start(known: Known, on: date, period: Period, minute: int) -> Segment:
    """The first segment of a notice whose last place went live on `on`."""
    end = period_end(known, on, period, minute)
    return Segment(
        counted_from=on,
        counted=period,
        least_days=NOTHING_LEAST,
        minute=minute,
        ends_on=end.on,
        provisional=end.provisional,
    )


def left_of(known: Known, running: Segment, at: datetime) -> Period:
    """What is left where the clock stops at `at`: the period less the days that had ended."""
    done = full_days(known, running.counted_from, running.counted, running.minute, at)
    return Period(running.counted.value - done, running.counted.unit)


def go_on(known: Known, on: date, left: Period, minute: int, *, least_days: int) -> Segment:
    """The segment of a notice that goes on from `on` (day 0) with what was left. least_days: 1 or more, working days."""
    return _counted(known, on, left, minute, least_days=least_days)


def stretched(known: Known, running: Segment, days: int) -> Segment:
    """The same segment with so many days more, in the notice's own unit, counted from its announced end."""
    end = period_end(known, running.ends_on, Period(days, running.counted.unit), running.minute)
    return replace(
        running,
        counted=Period(running.counted.value + days, running.counted.unit),
        ends_on=end.on,
        provisional=running.provisional or end.provisional,
    )


def recounted(known: Known, running: Segment) -> Segment:
    """The segment counted anew over what is decided of the calendar by now; an announced end is never moved forward."""
    found = _counted(
        known, running.counted_from, running.counted, running.minute, least_days=running.least_days
    )
    return replace(found, ends_on=max(found.ends_on, running.ends_on))


def _counted(known: Known, on: date, left: Period, minute: int, *, least_days: int) -> Segment:
    least = Period(least_days, PeriodUnit.WORKING_DAY)
    ends = [period_end(known, on, one, minute) for one in (left, least) if one.value > 0]
    end = max(ends, key=lambda one: one.on)
    return Segment(
        counted_from=on,
        counted=left,
        least_days=least_days,
        minute=minute,
        ends_on=end.on,
        provisional=any(one.provisional for one in ends),
    )


def counts_from(published_at: datetime, at: datetime) -> datetime:
    """From when a place counts that is attested at `at` to have shown the notice since `published_at`.

    On the same legal day since then; told of on a later day it counts from the telling, since nobody here could know
    before that the period was running. House rule.
    """
    return published_at if market_date(published_at) == market_date(at) else at


def started_at(live: Sequence[datetime | None]) -> datetime | None:
    """When the clock starts: at the later of all wanted places; None while one is missing."""
    known = [one for one in live if one is not None]
    return max(known) if known and len(known) == len(live) else None


def due(status: NoticeStatus, ends_at: datetime | None, open_objections: int) -> datetime | None:
    """When a notice passes by itself; None while it does not run, or an objection is undecided."""
    return ends_at if status is NoticeStatus.RUNNING and open_objections == 0 else None


def takes_objections(clock: NoticeClock, at: datetime) -> bool:
    """Whether an objection may be filed: in the period, both ends included; while the clock stands still, too."""
    if clock.status is NoticeStatus.PAUSED:
        return True
    return (
        clock.status is NoticeStatus.RUNNING
        and clock.starts_at is not None
        and clock.ends_at is not None
        and clock.starts_at <= at < clock.ends_at
    )


def check_standing(clock: NoticeClock) -> None:
    """Refuse what rests on a notice while it stands still: paused first, then with an objection undecided."""
    if clock.status is NoticeStatus.PAUSED:
        raise NoticePaused()
    if clock.open_objections:
        raise ObjectionOpen()


def check_passed(clock: NoticeClock) -> None:
    """Refuse what needs a passed notice: while it stands still, then while it has not passed."""
    check_standing(clock)
    if clock.status is not NoticeStatus.PASSED:
        raise NoticeNotRunning(
            f"公示状态为“{clock.status}”，尚未期满。", f"The notice is {clock.status}; it has not passed."
        )
