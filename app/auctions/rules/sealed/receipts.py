"""When an envelope was received, which decides between equal offers; and which one it may take the place of."""

from datetime import datetime

from app.auctions.errors.sealed import EnvelopeSuperseded
from app.auctions.rules.snapshot import Snapshot


def received(now: Snapshot, at: datetime, *, before: datetime | None) -> datetime:
    """The instant of receipt of an envelope that comes at market time `at`.

    before: when the very same envelope was received already, None where another one or none lay there. Who sends it once
    more, because no answer came, loses no time by it. A clock that ran back is held at the latest fact, so that nothing
    is received before its round began. Source: house rule.
    """
    if before is not None:
        return before
    return at if now.last_at is None else max(at, now.last_at)


def pass_time(now: Snapshot, at: datetime, *, lies_since: datetime | None) -> datetime:
    """The moment that a pass given at market time `at` holds: never before the receipt of what lies in its slot then.

    lies_since: see `check_replaces`. So a clock that ran back keeps nobody from replacing his envelope.
    """
    held = received(now, at, before=None)
    return held if lies_since is None else max(held, lies_since)


def check_replaces(pass_at: datetime, *, lies_since: datetime | None) -> None:
    """Refuse an envelope that was made without knowledge of the one that lies there: `EnvelopeSuperseded`.

    pass_at: when the pass was given with which it comes; whoever seals names by it what he replaces, namely what had been
    received by then. lies_since: when the envelope in the slot was received, None for a dummy. So a copy of an earlier
    envelope that a slow line brings last takes no later one's place. Not asked of the very envelope that lies there.
    Source: house rule.
    """
    if lies_since is not None and pass_at < lies_since:
        raise EnvelopeSuperseded()
