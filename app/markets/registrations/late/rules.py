"""When a late deposit may be accepted. Pure."""

from datetime import datetime, timedelta

from app.markets.registrations.late.errors import CodesDrawn, LateBeyond, LateNotAnnounced


def check_late(
    *, minutes_max: int, due_at: datetime, posted_at: datetime, on_market: bool, codes_drawn: bool
) -> None:
    """Refuse: not announced, later than announced, codes drawn. The bank's posting time decides. House rule."""
    if not minutes_max:
        raise LateNotAnnounced()
    if posted_at > due_at + timedelta(minutes=minutes_max):
        raise LateBeyond(minutes_max=minutes_max)
    if codes_drawn or not on_market:
        raise CodesDrawn()


def minutes_late(due_at: datetime, posted_at: datetime) -> int:
    """How late, in whole minutes, rounded up."""
    return -(-(posted_at - due_at) // timedelta(minutes=1))
