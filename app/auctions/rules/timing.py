"""What happens by itself: the next instant at which something is due, and its happening."""

from datetime import datetime

from app.auctions.rules.closing import close_rule
from app.auctions.rules.facts import (
    BiddingStarted,
    RegistrationClosed,
    RegistrationOpened,
    TimedBiddingStarted,
)
from app.auctions.rules.formats import format_of
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import AuctionStatus


def due(snapshot: Snapshot) -> datetime | None:
    """The earliest instant at which `Tick` changes something, or None.

    A sale whose registration is closed waits for finance's signature, not for a time.
    """
    table = snapshot.timetable
    if table is None:
        return None
    instants: dict[AuctionStatus, datetime | None] = {
        AuctionStatus.NOTICED: table.registration_opens_at,
        AuctionStatus.REGISTRATION_OPEN: table.registration_closes_at,
        AuctionStatus.READY: table.starts_at,
        AuctionStatus.FREE_BIDDING: snapshot.free_ends_at,
        AuctionStatus.TIMED_BIDDING: close_rule(snapshot.terms).due(snapshot),
    }
    return instants.get(snapshot.status)


def catch_up(minutes: Minutes) -> None:
    """Enter everything that is due by now, in its order: a late timer loses nothing and shifts nothing."""
    while (next_at := due(minutes.now)) is not None and next_at <= minutes.at:
        _happen(minutes)


def _happen(minutes: Minutes) -> None:
    now, seq, at = minutes.now, minutes.seq, minutes.at
    assert now.timetable is not None
    match now.status:
        case AuctionStatus.NOTICED:
            minutes.enter(RegistrationOpened(seq=seq, at=at))
        case AuctionStatus.REGISTRATION_OPEN:
            minutes.enter(RegistrationClosed(seq=seq, at=at))
        case AuctionStatus.READY:
            # The phases count from the announced start, not from the moment at which a timer noticed it.
            phases = close_rule(now.terms).phases(now.terms, now.timetable.starts_at)
            minutes.enter(
                BiddingStarted(
                    seq=seq,
                    at=at,
                    free_ends_at=phases.free_ends_at,
                    ends_at=phases.ends_at,
                )
            )
        case AuctionStatus.FREE_BIDDING:
            minutes.enter(TimedBiddingStarted(seq=seq, at=at, ends_at=now.ends_at))
        case _:
            format_of(now.terms).write_outcome(minutes)
