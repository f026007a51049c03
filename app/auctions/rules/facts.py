"""What happened in an auction, in public: the pure form of its events, numbered by `seq` without a gap.

A fact is complete in itself: folding the facts from the first one gives the auction again (`record.replay`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Discriminator, TypeAdapter

from app.auctions.rules.commands import CancelReason, SuspendReason
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Terms, Timetable
from app.auctions.states import AuctionStatus


@dataclass(frozen=True, kw_only=True)
class _Fact:
    seq: int
    at: datetime
    """Market time of the decision."""


@dataclass(frozen=True, kw_only=True)
class Noticed(_Fact):
    """The notice was published; terms and timetable are pinned."""

    terms: Terms
    timetable: Timetable
    kind: Literal["noticed"] = "noticed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.NOTICED, terms=self.terms, timetable=self.timetable)


@dataclass(frozen=True, kw_only=True)
class CompetitionCalled(_Fact):
    """A listed sale found rivals; its registrations compete on these terms."""

    terms: Terms
    timetable: Timetable
    kind: Literal["competition_called"] = "competition_called"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            status=AuctionStatus.REGISTRATION_CLOSED,
            terms=self.terms,
            timetable=self.timetable,
        )


@dataclass(frozen=True, kw_only=True)
class RegistrationOpened(_Fact):
    """Enterprises may register."""

    kind: Literal["registration_opened"] = "registration_opened"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.REGISTRATION_OPEN)


@dataclass(frozen=True, kw_only=True)
class RegistrationClosed(_Fact):
    """No further registration is taken. How many there are is not public."""

    kind: Literal["registration_closed"] = "registration_closed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.REGISTRATION_CLOSED)


@dataclass(frozen=True, kw_only=True)
class Readied(_Fact):
    """Deposits are reconciled. `starts_at` is later than announced where that took too long."""

    starts_at: datetime
    kind: Literal["readied"] = "readied"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        assert s.timetable is not None
        return replace(
            s,
            status=AuctionStatus.READY,
            timetable=replace(s.timetable, starts_at=self.starts_at),
        )


@dataclass(frozen=True, kw_only=True)
class BiddingStarted(_Fact):
    """The free phase began. `ends_at` is None where a person will close."""

    free_ends_at: datetime
    ends_at: datetime | None
    kind: Literal["bidding_started"] = "bidding_started"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            status=AuctionStatus.FREE_BIDDING,
            free_ends_at=self.free_ends_at,
            ends_at=self.ends_at,
        )


@dataclass(frozen=True, kw_only=True)
class TimedBiddingStarted(_Fact):
    """The free phase is over; from here a late bid extends."""

    ends_at: datetime | None
    kind: Literal["timed_bidding_started"] = "timed_bidding_started"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.TIMED_BIDDING, ends_at=self.ends_at)


@dataclass(frozen=True, kw_only=True)
class BidPlaced(_Fact):
    """A bid counts. It cannot be withdrawn and lapses only when overbid."""

    bid_no: int
    bidder_code: str
    amount_minor: int
    kind: Literal["bid_placed"] = "bid_placed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            bid_no=self.bid_no,
            current_minor=self.amount_minor,
            leader_code=self.bidder_code,
            leader_seq=self.seq,
        )


@dataclass(frozen=True, kw_only=True)
class Extended(_Fact):
    """A late bid moved the end."""

    ends_at: datetime
    extension_count: int
    bid_seq: int
    kind: Literal["extended"] = "extended"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, ends_at=self.ends_at, extension_count=self.extension_count)


@dataclass(frozen=True, kw_only=True)
class KnockedDown(_Fact):
    """The best earliest bid wins."""

    bidder_code: str
    amount_minor: int
    bid_no: int
    bid_seq: int
    kind: Literal["knocked_down"] = "knocked_down"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.AWARDED)


@dataclass(frozen=True, kw_only=True)
class PassedIn(_Fact):
    """Nobody bid 流拍."""

    kind: Literal["passed_in"] = "passed_in"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.PASSED_IN)


@dataclass(frozen=True, kw_only=True)
class Suspended(_Fact):
    """The sale is interrupted 中止."""

    reason: SuspendReason
    note: str
    kind: Literal["suspended"] = "suspended"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            status=AuctionStatus.SUSPENDED,
            interrupted=s.status,
            suspended_at=self.at,
        )


@dataclass(frozen=True, kw_only=True)
class Resumed(_Fact):
    """The sale continues, with what was left of each period and never less than a full window."""

    note: str
    status: AuctionStatus
    timetable: Timetable
    free_ends_at: datetime | None
    ends_at: datetime | None
    kind: Literal["resumed"] = "resumed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            status=self.status,
            interrupted=None,
            suspended_at=None,
            timetable=self.timetable,
            free_ends_at=self.free_ends_at,
            ends_at=self.ends_at,
        )


@dataclass(frozen=True, kw_only=True)
class Cancelled(_Fact):
    """The sale ended without a winner; every deposit is released."""

    reason: CancelReason
    document_no: str
    note: str
    kind: Literal["cancelled"] = "cancelled"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.CANCELLED, interrupted=None, suspended_at=None)


Fact = (
    Noticed
    | CompetitionCalled
    | RegistrationOpened
    | RegistrationClosed
    | Readied
    | BiddingStarted
    | TimedBiddingStarted
    | BidPlaced
    | Extended
    | KnockedDown
    | PassedIn
    | Suspended
    | Resumed
    | Cancelled
)

FACT: TypeAdapter[Fact] = TypeAdapter(Annotated[Fact, Discriminator("kind")])
"""Reads a fact back from JSON, by its kind."""
