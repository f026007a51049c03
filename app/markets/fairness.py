"""Outage fairness: what a rule profile pins of it, and how an outage is told. Pure.

What an outage takes from whom, on plain values, is in `kit.outages`.
"""

from app.kit.dates import beijing
from app.kit.outages import USUAL, Fairness, Outage, deadline_touched, later, touched
from app.markets.auction_parameters import AuctionParameters

__all__ = [
    "USUAL",
    "Fairness",
    "deadline_touched",
    "fairness_of",
    "later",
    "reason_en",
    "reason_zh",
    "touched",
]


def fairness_of(parameters: AuctionParameters) -> Fairness:
    """The thresholds of a rule profile."""
    return Fairness(
        bid_seconds=parameters.outage_bid_seconds.value,
        deadline_seconds=parameters.outage_deadline_seconds.value,
        suspend_seconds=parameters.outage_suspend_seconds.value,
        deadline_window_seconds=parameters.deadline_window_seconds.value,
    )


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
