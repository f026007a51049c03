"""An outage, as a plain value: a time in which nobody could leave anything with us; and what it took from whom.

Nobody loses to our faults. A deadline that an outage touched ends later by at least a full window: one that fell into it,
and one that left less than a full window after it. How long an outage must be to count is a parameter, in real time.
Source: house rule, after 法释〔2016〕18号 art. 28.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True)
class Outage:
    """One gap between two heartbeats of the service, its number rising.

    began_at, ended_at: market time, of the last heartbeat before it and of the first one after it. seconds: its length in
    real time, which is what thresholds are compared with (a sandbox's market time may run faster, or leap).
    """

    no: int
    began_at: datetime
    ended_at: datetime
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """What a sale has pinned. The first three in real seconds, compared with an outage's length; the window in market time."""

    bid_seconds: int = 10
    deadline_seconds: int = 600
    suspend_seconds: int = 1_800
    deadline_window_seconds: int = 3_600


USUAL: Final = Fairness()


def touched(instant: datetime | None, outage: Outage, *, longer_than: int, window_seconds: int) -> bool:
    """Whether an outage took this end from somebody: it lasted longer than so many real seconds, and the end came after
    its beginning and less than a full window after it was over.
    """
    if instant is None or outage.seconds <= longer_than:
        return False
    return outage.began_at <= instant < outage.ended_at + timedelta(seconds=window_seconds)


def deadline_touched(instant: datetime, outage: Outage, fairness: Fairness) -> bool:
    """Whether an outage took a registration's or deposit's deadline from somebody.

    One that lasted over the deadline itself shut out whoever came last, however short; one that was over before it
    counts from `deadline_seconds` on.
    """
    over_it = outage.began_at <= instant < outage.ended_at
    return touched(
        instant,
        outage,
        longer_than=fairness.bid_seconds if over_it else fairness.deadline_seconds,
        window_seconds=fairness.deadline_window_seconds,
    )


def later(instant: datetime, at: datetime, *, window_seconds: int) -> datetime:
    """The end that is told at `at` instead: at least a full window later than it was, and than now."""
    return max(instant, at) + timedelta(seconds=window_seconds)
