"""Close rules: what ends the bidding, the clock, the hammer or a deadline. Each is a strategy of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import CloseKind, Terms
from app.auctions.states import AuctionStatus


@dataclass(frozen=True)
class Phases:
    """The state in which the sale begins, when its free phase ends, and when the bidding ends as things stand (None: when a
    person says so).
    """

    status: AuctionStatus
    free_ends_at: datetime | None
    ends_at: datetime | None


class CloseRule(Protocol):
    """Ends the bidding. Pure: what it answers depends on its arguments alone."""

    def phases(self, terms: Terms, starts_at: datetime) -> Phases:
        """The phases of a sale that starts then."""

    def accepts(self, snapshot: Snapshot, at: datetime) -> bool:
        """Whether a bid whose time was read under the lock as `at` is still in time."""

    def extended_to(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """The new end that a bid accepted at `at` brings, or None where the end stays."""

    def due(self, snapshot: Snapshot) -> datetime | None:
        """When the timed phase ends by itself, or None where it does not."""

    def resumed_end(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """The end of a suspended sale that is resumed at `at`."""


class SoftClose:
    """The last bid stands once a full window has passed after it.

    The free phase is followed by one window. A bid in the last window moves the end to its own time plus the window;
    the end never moves back. Source: house rule, after 法释〔2016〕18号 art. 20 (five minutes, as often as needed),
    which binds courts and not this market.
    """

    def phases(self, terms: Terms, starts_at: datetime) -> Phases:
        """Free phase, then one window."""
        free_ends_at = starts_at + timedelta(seconds=terms.free_seconds)
        ends_at = free_ends_at + timedelta(seconds=terms.window_seconds)
        return Phases(AuctionStatus.FREE_BIDDING, free_ends_at, ends_at)

    def accepts(self, snapshot: Snapshot, at: datetime) -> bool:
        """Strictly before the end."""
        return snapshot.ends_at is not None and at < snapshot.ends_at

    def extended_to(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """`max(ends_at, at + window)` where that is later, unless the notice's cap on extensions is reached."""
        capped = snapshot.terms.extensions_max is not None
        if capped and snapshot.extension_count >= (snapshot.terms.extensions_max or 0):
            return None
        end = at + timedelta(seconds=snapshot.terms.window_seconds)
        return end if snapshot.ends_at is not None and end > snapshot.ends_at else None

    def due(self, snapshot: Snapshot) -> datetime | None:
        """The end itself."""
        return snapshot.ends_at

    def resumed_end(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """What was left at the interruption, and never less than a window or the notice of a restart."""
        if snapshot.ends_at is None or snapshot.suspended_at is None:
            return snapshot.ends_at
        least = max(snapshot.terms.window_seconds, snapshot.terms.restart_notice_seconds)
        return max(
            snapshot.ends_at + (at - snapshot.suspended_at),
            at + timedelta(seconds=least),
        )


class HammerClose:
    """The auctioneer closes; no clock does. Source: house rule; 拍卖法 art. 51 where a licensed auction house runs the sale."""

    def phases(self, terms: Terms, starts_at: datetime) -> Phases:
        """On the block until the hammer."""
        return Phases(AuctionStatus.ON_THE_BLOCK, None, None)

    def accepts(self, snapshot: Snapshot, at: datetime) -> bool:
        """Until the hammer: the state says it."""
        return snapshot.status is AuctionStatus.ON_THE_BLOCK

    def extended_to(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """There is no end to move."""
        return None

    def due(self, snapshot: Snapshot) -> datetime | None:
        """Nothing happens by itself."""
        return None

    def resumed_end(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """None before, none after."""
        return None


class Deadline:
    """Envelopes are taken until an announced instant, and no envelope moves it. Source: house rule."""

    def phases(self, terms: Terms, starts_at: datetime) -> Phases:
        """Sealing from the start until its end."""
        return Phases(AuctionStatus.SEALING, None, starts_at + timedelta(seconds=terms.free_seconds))

    def accepts(self, snapshot: Snapshot, at: datetime) -> bool:
        """No plain bid ever."""
        return False

    def extended_to(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """Nobody sees when an envelope comes, so there is nothing to answer."""
        return None

    def due(self, snapshot: Snapshot) -> datetime | None:
        """The deadline."""
        return snapshot.ends_at

    def resumed_end(self, snapshot: Snapshot, at: datetime) -> datetime | None:
        """What was left at the interruption, and never less than the notice of a restart; a deadline that has passed stays."""
        passed = snapshot.sealing.root is not None
        if snapshot.ends_at is None or snapshot.suspended_at is None or passed:
            return snapshot.ends_at
        soonest = at + timedelta(seconds=snapshot.terms.restart_notice_seconds)
        return max(snapshot.ends_at + (at - snapshot.suspended_at), soonest)


CLOSE_RULES: Final[dict[CloseKind, CloseRule]] = {
    CloseKind.SOFT_CLOSE: SoftClose(),
    CloseKind.HAMMER: HammerClose(),
    CloseKind.DEADLINE: Deadline(),
}


def close_rule(terms: Terms) -> CloseRule:
    """The close rule that the terms name."""
    return CLOSE_RULES[terms.close]
