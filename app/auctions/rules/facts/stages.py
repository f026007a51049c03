"""Facts of a sale's stages: announced, ready, begun, interrupted, ended."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from app.auctions.rules.commands import CancelReason, SuspendReason
from app.auctions.rules.facts.base import FactBase, FreeText
from app.auctions.rules.snapshot import Holder, Snapshot, Today
from app.auctions.rules.terms import Terms, Timetable
from app.auctions.states import AuctionStatus


class PassReason(StrEnum):
    """Why a lot passed in 流拍."""

    NO_BID = "no_bid"
    RESERVE_NOT_MET = "reserve_not_met"
    AUCTIONEER = "auctioneer"


@dataclass(frozen=True, kw_only=True)
class Noticed(FactBase):
    """The notice was published; terms and timetable are pinned."""

    terms: Terms
    timetable: Timetable
    kind: Literal["noticed"] = "noticed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.NOTICED, terms=self.terms, timetable=self.timetable)


@dataclass(frozen=True, kw_only=True)
class CompetitionCalled(FactBase):
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
class RegistrationOpened(FactBase):
    """Enterprises may register."""

    kind: Literal["registration_opened"] = "registration_opened"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.REGISTRATION_OPEN)


@dataclass(frozen=True, kw_only=True)
class RegistrationClosed(FactBase):
    """No further registration is taken. How many there are is not public."""

    kind: Literal["registration_closed"] = "registration_closed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.REGISTRATION_CLOSED)


@dataclass(frozen=True, kw_only=True)
class Readied(FactBase):
    """Deposits are reconciled. `starts_at` is later than announced where that took too long."""

    starts_at: datetime
    holders: tuple[Holder, ...] = ()
    """Who may use a right of first refusal, by code."""
    kind: Literal["readied"] = "readied"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        assert s.timetable is not None
        return replace(
            s,
            status=AuctionStatus.READY,
            timetable=replace(s.timetable, starts_at=self.starts_at),
            priority=replace(s.priority, holders=self.holders),
        )


@dataclass(frozen=True, kw_only=True)
class BiddingStarted(FactBase):
    """Bids are taken. `ends_at` is None where a person will close; the day's limit and the next opening, where the
    notice says that the sale adjourns.
    """

    status: AuctionStatus = AuctionStatus.FREE_BIDDING
    free_ends_at: datetime | None
    ends_at: datetime | None
    limit_at: datetime | None = None
    continues_at: datetime | None = None
    kind: Literal["bidding_started"] = "bidding_started"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            status=self.status,
            free_ends_at=self.free_ends_at,
            ends_at=self.ends_at,
            today=Today(limit_at=self.limit_at, continues_at=self.continues_at),
        )


@dataclass(frozen=True, kw_only=True)
class TimedBiddingStarted(FactBase):
    """The free phase is over; from here a late bid extends."""

    ends_at: datetime | None
    kind: Literal["timed_bidding_started"] = "timed_bidding_started"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.TIMED_BIDDING, ends_at=self.ends_at)


@dataclass(frozen=True, kw_only=True)
class KnockedDown(FactBase):
    """The best earliest bid wins, or a holder of first refusal at its price. `bid_no` is the bid that made the price."""

    bidder_code: str
    amount_minor: int
    bid_no: int
    bid_seq: int
    by_priority: bool = False
    kind: Literal["knocked_down"] = "knocked_down"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.AWARDED)


@dataclass(frozen=True, kw_only=True)
class PassedIn(FactBase):
    """Nobody bid, or not up to the reserve 流拍. A secret reserve stays secret."""

    reason: PassReason = PassReason.NO_BID
    kind: Literal["passed_in"] = "passed_in"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.PASSED_IN)


@dataclass(frozen=True, kw_only=True)
class Suspended(FactBase):
    """The sale is interrupted 中止."""

    reason: SuspendReason
    note: FreeText
    since: datetime | None = None
    """When periods began to stand still, where that was before: nobody could reach us since then."""
    outage_no: int | None = None
    """The outage that was too long, where that is the reason."""
    kind: Literal["suspended"] = "suspended"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            status=AuctionStatus.SUSPENDED,
            interrupted=s.status,
            suspended_at=self.since or self.at,
            outage_no=s.outage_no if self.outage_no is None else self.outage_no,
        )


@dataclass(frozen=True, kw_only=True)
class Resumed(FactBase):
    """The sale continues, with what was left of each period and never less than a full window."""

    note: FreeText
    status: AuctionStatus
    timetable: Timetable
    free_ends_at: datetime | None
    ends_at: datetime | None
    priority_until: datetime | None = None
    today: Today = Today()
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
            hall=replace(s.hall, calls=0, warns_until=None),
            priority=replace(s.priority, until=self.priority_until),
            today=self.today,
        )


@dataclass(frozen=True, kw_only=True)
class Cancelled(FactBase):
    """The sale ended without a winner; every deposit is released."""

    reason: CancelReason
    document_no: str
    note: FreeText
    kind: Literal["cancelled"] = "cancelled"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(s, status=AuctionStatus.CANCELLED, interrupted=None, suspended_at=None)
