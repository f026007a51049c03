"""What a sale's notice holds of it: nothing due happens while the notice stands still, no bidding begins before it has
passed. Pure.

What was due before the standstill happens first, as it would have. A bid that was accepted after the acceptance of an
objection and before the suspension stays on record: the sale resumes at it.
Source: house rule, after 招标投标法实施条例 art. 54 (nothing goes on before an objection is answered).
"""

from datetime import datetime
from typing import Final

from app.auctions.rules.commands import SuspendReason
from app.auctions.rules.facts import Suspended
from app.auctions.rules.record import Minutes
from app.auctions.rules.timing import catch_up, due
from app.auctions.states import LIVE, AuctionStatus

NOTE: Final = "公告受理异议，本场中止，办结后另行公告。"
NOT_PASSED: Final = "公告期尚未届满，本场中止，期满后继续。"
"""What is told. Always the same: it can be judged again from the record."""

OURS: Final = (SuspendReason.OBJECTION, SuspendReason.NOTICE_RUNNING)
"""Suspensions that end with what the notice does."""


def hold(minutes: Minutes) -> None:
    """Suspend a sale whose notice stands still, or which is to begin before its notice has passed."""
    held = minutes.given.notice
    if held is None or minutes.now.status not in LIVE:
        return
    if held.held_since is not None:
        catch_up(minutes, before=held.held_since)
        _suspend(minutes, SuspendReason.OBJECTION, NOTE, held.held_since)
    elif held.until is not None:
        starts_at = due(minutes.now)
        begins = minutes.now.status is AuctionStatus.READY and starts_at is not None
        if begins and starts_at is not None and starts_at <= minutes.at and starts_at < held.until:
            _suspend(minutes, SuspendReason.NOTICE_RUNNING, NOT_PASSED, starts_at)


def _suspend(minutes: Minutes, reason: SuspendReason, note: str, since: datetime) -> None:
    if minutes.now.status in LIVE:
        minutes.enter(Suspended(seq=minutes.seq, at=minutes.at, reason=reason, note=note, since=since))
