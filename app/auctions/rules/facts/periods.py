"""Facts of time: adjourned overnight, continued, postponed after an outage; and of first refusal's period."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from app.auctions.rules.facts.base import FactBase
from app.auctions.rules.snapshot import Holder, Snapshot, Today
from app.auctions.rules.terms import Timetable
from app.auctions.states import AuctionStatus


@dataclass(frozen=True, kw_only=True)
class Adjourned(FactBase):
    """The day's limit came before the close: the bidding continues on the next day of sale at the price reached."""

    adjourned_at: datetime
    """The day's limit itself, however late a timer noticed it."""
    continues_at: datetime
    kind: Literal["adjourned"] = "adjourned"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s,
            status=AuctionStatus.ADJOURNED,
            today=Today(continues_at=self.continues_at, adjourned_at=self.adjourned_at, stage=s.status),
        )


@dataclass(frozen=True, kw_only=True)
class Continued(FactBase):
    """An adjourned sale goes on, with at least a full window for bidders."""

    status: AuctionStatus
    free_ends_at: datetime | None
    ends_at: datetime | None
    limit_at: datetime | None
    continues_at: datetime | None
    kind: Literal["continued"] = "continued"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it. An auctioneer's calls begin again."""
        return replace(
            s,
            status=self.status,
            free_ends_at=self.free_ends_at,
            ends_at=self.ends_at,
            hall=replace(s.hall, calls=0, warns_until=None),
            today=Today(limit_at=self.limit_at, continues_at=self.continues_at),
        )


@dataclass(frozen=True, kw_only=True)
class Postponed(FactBase):
    """The market could not accept what bidders sent; periods that this touched end later, once for each outage."""

    outage_no: int
    began_at: datetime
    ended_at: datetime
    timetable: Timetable
    free_ends_at: datetime | None
    ends_at: datetime | None
    priority_until: datetime | None
    continues_at: datetime | None
    reason_zh: str
    reason_en: str
    kind: Literal["postponed"] = "postponed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it. An auctioneer's calls begin again: who bids online has not heard them."""
        return replace(
            s,
            timetable=self.timetable,
            free_ends_at=self.free_ends_at,
            ends_at=self.ends_at,
            priority=replace(s.priority, until=self.priority_until),
            today=replace(s.today, continues_at=self.continues_at),
            hall=replace(s.hall, calls=0, warns_until=None),
            outage_no=self.outage_no,
        )


@dataclass(frozen=True, kw_only=True)
class PriorityOffered(FactBase):
    """The price is found; the holders of first refusal answer until then."""

    until: datetime
    kind: Literal["priority_offered"] = "priority_offered"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return replace(
            s, status=AuctionStatus.PRIORITY_PENDING, priority=replace(s.priority, until=self.until)
        )


@dataclass(frozen=True, kw_only=True)
class PriorityTaken(FactBase):
    """A holder takes the lot at the price found. A holder of a better rank may still answer."""

    holder: Holder
    kind: Literal["priority_taken"] = "priority_taken"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it. Of equal ranks the earlier answer stands."""
        before = s.priority.taken_by
        better = self.holder if before is None or self.holder.rank < before.rank else before
        answered = (*s.priority.answered, self.holder.code)
        return replace(s, priority=replace(s.priority, taken_by=better, answered=answered))


@dataclass(frozen=True, kw_only=True)
class PriorityWaived(FactBase):
    """A holder gives his right up for this sale."""

    holder: Holder
    kind: Literal["priority_waived"] = "priority_waived"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        answered = (*s.priority.answered, self.holder.code)
        return replace(s, priority=replace(s.priority, answered=answered))
