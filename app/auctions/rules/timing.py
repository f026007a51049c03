"""What happens by itself: the next instant at which something is due, and its happening."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from app.auctions.rules import priority
from app.auctions.rules.closing import close_rule
from app.auctions.rules.facts import (
    Adjourned,
    BiddingStarted,
    Continued,
    RegistrationClosed,
    RegistrationOpened,
    TimedBiddingStarted,
)
from app.auctions.rules.formats import format_of
from app.auctions.rules.proxies import answer
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Day, Timetable
from app.auctions.states import AuctionStatus
from app.kit.dates import at_local, market_date


def due(snapshot: Snapshot) -> datetime | None:
    """The earliest instant at which `Tick` changes something, or None.

    A sale whose registration is closed waits for finance's signature, a lot that is called up for its session, and one
    on the block for the auctioneer.
    """
    table = snapshot.timetable
    if table is None:
        return None
    by = _DUE.get(snapshot.status)
    return None if by is None else by(snapshot, table)


def _or_limit(snapshot: Snapshot, instant: datetime | None) -> datetime | None:
    limit_at = snapshot.today.limit_at
    return instant if limit_at is None or instant is None else min(instant, limit_at)


_DUE: Final[dict[AuctionStatus, Callable[[Snapshot, Timetable], datetime | None]]] = {
    AuctionStatus.NOTICED: lambda _, table: table.registration_opens_at,
    AuctionStatus.REGISTRATION_OPEN: lambda _, table: table.registration_closes_at,
    AuctionStatus.READY: lambda now, table: None if now.terms.called_up else table.starts_at,
    AuctionStatus.FREE_BIDDING: lambda now, _: _or_limit(now, now.free_ends_at),
    AuctionStatus.TIMED_BIDDING: lambda now, _: _or_limit(now, close_rule(now.terms).due(now)),
    AuctionStatus.ON_THE_BLOCK: lambda now, _: now.today.limit_at,
    AuctionStatus.SEALING: lambda now, _: now.ends_at,
    AuctionStatus.ADJOURNED: lambda now, _: now.today.continues_at,
    AuctionStatus.PRIORITY_PENDING: lambda now, _: now.priority.until,
}


def catch_up(minutes: Minutes, *, before: datetime | None = None) -> None:
    """Enter everything that is due by now, in its order: a late timer loses nothing and shifts nothing.

    before: only what was due before then.
    """
    while (next_at := due(minutes.now)) is not None and next_at <= minutes.at:
        if before is not None and next_at >= before:
            return
        _happen(minutes, next_at)


def _happen(minutes: Minutes, due_at: datetime) -> None:
    now, seq, at = minutes.now, minutes.seq, minutes.at
    assert now.timetable is not None
    match now.status:
        case AuctionStatus.NOTICED:
            minutes.enter(RegistrationOpened(seq=seq, at=at))
        case AuctionStatus.REGISTRATION_OPEN:
            minutes.enter(RegistrationClosed(seq=seq, at=at))
        case AuctionStatus.READY:
            # The phases count from the announced start, not from the moment at which a timer noticed it.
            start(minutes, now.timetable.starts_at)
        case AuctionStatus.ADJOURNED:
            _go_on(minutes)
        case AuctionStatus.PRIORITY_PENDING:
            priority.lapse(minutes)
        case _ if _is_limit(now, due_at):
            assert now.today.limit_at is not None and now.today.continues_at is not None
            minutes.enter(
                Adjourned(
                    seq=seq, at=at, adjourned_at=now.today.limit_at, continues_at=now.today.continues_at
                )
            )
        case AuctionStatus.FREE_BIDDING:
            minutes.enter(TimedBiddingStarted(seq=seq, at=at, ends_at=now.ends_at))
        case _:
            format_of(now.terms).end(minutes)


def start(minutes: Minutes, starts_at: datetime) -> None:
    """Begin the bidding; maxima that were left beforehand bid at once."""
    terms = minutes.now.terms
    phases = close_rule(terms).phases(terms, starts_at)
    if phases.status is AuctionStatus.SEALING and phases.ends_at is not None and phases.ends_at <= minutes.at:
        # Nobody could seal before the round was opened: one that nobody noticed in time is held now, in its full length.
        phases = close_rule(terms).phases(terms, minutes.at)
    limit_at, continues_at = _day_of(terms.day, starts_at, minutes.given.days)
    minutes.enter(
        BiddingStarted(
            seq=minutes.seq,
            at=minutes.at,
            status=phases.status,
            free_ends_at=phases.free_ends_at,
            ends_at=phases.ends_at,
            limit_at=limit_at,
            continues_at=continues_at,
        )
    )
    answer(minutes)


def _is_limit(now: Snapshot, due_at: datetime) -> bool:
    """Whether what is due is the day's limit: what ends at the limit itself still ends today."""
    if now.today.continues_at is None or due_at != now.today.limit_at:
        return False
    return now.ends_at is None or due_at < now.ends_at


def _go_on(minutes: Minutes) -> None:
    """Continue an adjourned sale: what was left of its periods, and at least a full window."""
    now, began, adjourned_at = minutes.now, minutes.now.today.continues_at, minutes.now.today.adjourned_at
    assert began is not None and adjourned_at is not None and now.today.stage is not None
    limit_at, continues_at = _day_of(now.terms.day, began, minutes.given.days)
    least = began + timedelta(seconds=now.terms.window_seconds)
    free_ends_at, ends_at = now.free_ends_at, now.ends_at
    if free_ends_at is not None and free_ends_at > adjourned_at:
        free_ends_at = began + (free_ends_at - adjourned_at)
    if ends_at is not None:
        ends_at = max(began + (ends_at - adjourned_at), least)
    minutes.enter(
        Continued(
            seq=minutes.seq,
            at=minutes.at,
            status=now.today.stage,
            free_ends_at=free_ends_at,
            ends_at=ends_at,
            limit_at=limit_at,
            continues_at=continues_at,
        )
    )
    answer(minutes)


def _day_of(
    day: Day | None, at: datetime, days: Sequence[datetime]
) -> tuple[datetime | None, datetime | None]:
    """The day's limit and the next opening; none of both where the terms do not adjourn or no next day is known."""
    following = next((opens_at for opens_at in days if market_date(opens_at) > market_date(at)), None)
    if day is None or following is None:
        return None, None
    return at_local(market_date(at), time.fromisoformat(day.ends_local)), following
