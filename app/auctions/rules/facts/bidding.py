"""Facts of the bidding: bids, corrections, calls, extensions, automatic bids."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts.base import FactBase
from app.auctions.rules.snapshot import NOT_CALLED, Hall, Lead, Snapshot
from app.kit.frozen import changed, made


@dataclass(frozen=True, kw_only=True)
class BidPlaced(FactBase):
    """A bid counts. It cannot be withdrawn and lapses only when overbid.

    rank: of the holder of first refusal who matched. answers: the `bid_no` that an automatic bid answers in the same
    decision.
    """

    bid_no: int
    bidder_code: str
    amount_minor: int
    via: BidVia = BidVia.WEB
    rank: int | None = None
    answers: int | None = None
    kind: Literal["bid_placed"] = "bid_placed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it. Calls begin again; a floor bid can be corrected until a person answers it."""
        if self.answers is not None and self.answers == s.hall.floor_bid_no:
            hall = changed(s.hall, calls=0, warns_until=None)
        elif self.via is BidVia.FLOOR:
            hall = Hall(floor_bid_no=self.bid_no, before=s.lead)
        else:
            hall = NOT_CALLED
        lead = made(
            Lead,
            amount_minor=self.amount_minor,
            code=self.bidder_code,
            seq=self.seq,
            bid_no=self.bid_no,
            rank=self.rank,
        )
        return changed(s, bid_no=self.bid_no, lead=lead, hall=hall)


@dataclass(frozen=True, kw_only=True)
class BidCorrected(FactBase):
    """A floor bid was keyed in wrongly and is struck, with the automatic bids that answered it. Who led leads again."""

    bid_no: int
    last_bid_no: int
    """Struck are the bids from `bid_no` to this one."""
    lead: Lead | None
    kind: Literal["bid_corrected"] = "bid_corrected"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return changed(s, lead=self.lead, hall=NOT_CALLED)


@dataclass(frozen=True, kw_only=True)
class Extended(FactBase):
    """A late bid moved the end."""

    ends_at: datetime
    extension_count: int
    bid_seq: int
    kind: Literal["extended"] = "extended"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return changed(s, ends_at=self.ends_at, extension_count=self.extension_count)


@dataclass(frozen=True, kw_only=True)
class Called(FactBase):
    """The auctioneer's first, second or third call, with a fair warning for those who bid online."""

    call: int
    warns_until: datetime
    kind: Literal["called"] = "called"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return changed(s, hall=changed(s.hall, calls=self.call, warns_until=self.warns_until))


@dataclass(frozen=True, kw_only=True)
class ProxyCommitted(FactBase):
    """Somebody has left a maximum with the market. Only its salted commitment (hex) is public, never whose it is."""

    commitment: str
    kind: Literal["proxy_committed"] = "proxy_committed"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return s


@dataclass(frozen=True, kw_only=True)
class ProxyWithdrawn(FactBase):
    """A maximum was taken back; the bids that it made stand."""

    commitment: str
    kind: Literal["proxy_withdrawn"] = "proxy_withdrawn"

    def onto(self, s: Snapshot) -> Snapshot:
        """The auction after it."""
        return s
