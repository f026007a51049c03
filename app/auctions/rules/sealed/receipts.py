"""When an envelope was received: what decides between equal offers."""

from datetime import datetime

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
