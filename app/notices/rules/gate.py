"""What a sale asks its notice before it begins, passes or closes. Pure.

A sale stands still while its notice does: since an objection was accepted, or since the period was over with an
objection undecided. And no bidding begins before the notice has passed. House rule.
"""

from dataclasses import dataclass
from datetime import datetime

from app.notices.rules.clock import NoticeClock
from app.notices.states import NoticeStatus


@dataclass(frozen=True, kw_only=True)
class Held:
    """What holds a sale. held_since: since when it stands still, None while it does not; until: when its notice passes at
    the earliest, None once it has or where it cannot.
    """

    held_since: datetime | None
    until: datetime | None


def standing(clock: NoticeClock, at: datetime) -> Held:
    """What a notice holds of its sale at `at`."""
    if clock.status is NoticeStatus.PAUSED:
        return Held(held_since=clock.paused_since, until=None)
    if clock.status is not NoticeStatus.RUNNING or clock.ends_at is None:
        return Held(held_since=None, until=None)
    over = at >= clock.ends_at
    undecided = over and clock.open_objections > 0
    return Held(held_since=clock.ends_at if undecided else None, until=None if over else clock.ends_at)
