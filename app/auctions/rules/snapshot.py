"""What the engine needs to know of an auction, and of one bidder at this moment. Frozen, plain values."""

from dataclasses import dataclass
from datetime import datetime

from app.auctions.rules.terms import Terms, Timetable
from app.auctions.states import AuctionStatus


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One auction between two facts. Amounts in fen, instants aware. The bidder is a code, never a name."""

    terms: Terms
    status: AuctionStatus = AuctionStatus.DRAFT
    timetable: Timetable | None = None
    seq: int = 0
    """The number of the latest public fact."""
    bid_no: int = 0
    """The number of the latest bid; in an ascending sale it is also the best one's."""
    current_minor: int | None = None
    leader_code: str | None = None
    leader_seq: int | None = None
    free_ends_at: datetime | None = None
    ends_at: datetime | None = None
    """When the bidding ends as things stand. None before the start, and where a person closes."""
    extension_count: int = 0
    interrupted: AuctionStatus | None = None
    """The state to which a suspended sale returns."""
    suspended_at: datetime | None = None
    last_at: datetime | None = None
    """The instant of the latest fact: no later fact is earlier, whatever a clock says."""

    @property
    def stage(self) -> AuctionStatus:
        """The state, or the one that a suspension interrupted."""
        return self.interrupted or self.status

    @property
    def next_minor(self) -> int:
        """The least amount in fen that a bid must reach now."""
        if self.current_minor is None:
            return self.terms.start_price_minor
        return self.current_minor + self.increment_minor

    @property
    def increment_minor(self) -> int:
        """The increment in force, in fen."""
        at = self.terms.start_price_minor if self.current_minor is None else self.current_minor
        return self.terms.ladder.increment_at(at)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What holds of one bidder at the moment of the bid, read under the auction's lock."""

    is_seller: bool
    is_related: bool
    is_registered: bool
    is_qualified: bool
    deposit_held: bool
    code: str | None
    """The bidder's public code, drawn at random. None until it is drawn."""
