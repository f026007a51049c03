"""Outage fairness on plain values: nobody loses to our faults. Pure.

A deadline that an outage touched ends later by at least a full window: one that fell into it, and one that left less
than a full window after it. How long an outage must be to count is a parameter of the rule profile, in real time.
Source: house rule, after 法释〔2016〕18号 art. 28.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.kit.dates import beijing
from app.kit.outages import Outage
from app.markets.auction_parameters import AuctionParameters


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """What a sale has pinned. The first three in real seconds, compared with an outage's length; the window in market time."""

    bid_seconds: int = 10
    deadline_seconds: int = 600
    suspend_seconds: int = 1_800
    deadline_window_seconds: int = 3_600


USUAL: Final = Fairness()


def fairness_of(parameters: AuctionParameters) -> Fairness:
    """The thresholds of a rule profile."""
    return Fairness(
        bid_seconds=parameters.outage_bid_seconds.value,
        deadline_seconds=parameters.outage_deadline_seconds.value,
        suspend_seconds=parameters.outage_suspend_seconds.value,
        deadline_window_seconds=parameters.deadline_window_seconds.value,
    )


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


def reason_zh(outage: Outage) -> str:
    """The public reason, in Chinese."""
    began, ended = beijing(outage.began_at), beijing(outage.ended_at)
    until = f"{ended:%H:%M:%S}" if began.date() == ended.date() else f"{ended:%Y-%m-%d %H:%M:%S}"
    return f"因系统故障，{began:%Y-%m-%d %H:%M:%S}至{until}无法受理，受影响的截止时间顺延。"


def reason_en(outage: Outage) -> str:
    """The public reason, in English."""
    began, ended = beijing(outage.began_at), beijing(outage.ended_at)
    return (
        f"By a fault of the system nothing could be accepted from {began:%Y-%m-%d %H:%M:%S} to"
        f" {ended:%Y-%m-%d %H:%M:%S} (UTC+8); the ends that this touched come later."
    )
