"""What the engine needs to know of an auction, and of one bidder at this moment. Frozen, plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.auctions.rules.sealed.state import NOT_SEALED, Sealing
from app.auctions.rules.terms import Terms, Timetable
from app.auctions.states import AuctionStatus


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Who leads with what: the best bid that stands."""

    amount_minor: int
    code: str
    seq: int
    bid_no: int
    rank: int | None = None
    """The rank of a holder of first refusal who matched; None for everybody else."""


@dataclass(frozen=True, kw_only=True)
class Hall:
    """Where the auctioneer stands with a lot."""

    calls: int = 0
    warns_until: datetime | None = None
    floor_bid_no: int | None = None
    """The latest bid, while it is one from the floor that nobody has answered."""
    before: Lead | None = None
    """Who led before that bid: to whom a correction returns."""


NOT_CALLED: Final = Hall()


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A holder of a right of first refusal who takes part: his code, and his rank (1 is the best)."""

    code: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class Priority:
    """Rights of first refusal: who holds them, until when they answer, and how they have."""

    holders: tuple[Holder, ...] = ()
    until: datetime | None = None
    taken_by: Holder | None = None
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Today:
    """The day of sale: its limit, when the next one opens, and the stage that an adjournment interrupted."""

    limit_at: datetime | None = None
    continues_at: datetime | None = None
    adjourned_at: datetime | None = None
    stage: AuctionStatus | None = None


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One auction between two facts. Amounts in fen, instants aware. The bidder is a code, never a name."""

    terms: Terms
    status: AuctionStatus = AuctionStatus.DRAFT
    timetable: Timetable | None = None
    seq: int = 0
    """The number of the latest public fact."""
    bid_no: int = 0
    """The number of the latest bid."""
    lead: Lead | None = None
    free_ends_at: datetime | None = None
    ends_at: datetime | None = None
    """When the bidding ends as things stand. None before the start, and where a person closes."""
    extension_count: int = 0
    interrupted: AuctionStatus | None = None
    """The state to which a suspended sale returns."""
    suspended_at: datetime | None = None
    last_at: datetime | None = None
    """The instant of the latest fact: no later fact is earlier, whatever a clock says."""
    hall: Hall = NOT_CALLED
    priority: Priority = Priority()
    today: Today = Today()
    sealing: Sealing = NOT_SEALED
    outage_no: int = 0
    """The latest outage that this sale has been compensated for."""

    @property
    def current_minor(self) -> int | None:
        """The current price, in fen (or what else the price's form counts)."""
        return self.lead.amount_minor if self.lead else None

    @property
    def leader_code(self) -> str | None:
        """The code of who leads."""
        return self.lead.code if self.lead else None

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
    is_barred: bool = False
    """He defaulted on this lot before."""
    units_free: int | None = None
    """How many deposit units of the session stand behind no lot. None: the sale takes a deposit of its own, or none."""
    is_agent: bool = True
    """The person may bid for the buyer: he is the agent named for this sale, or none is named."""
    limit_minor: int | None = None
    """What the agent's mandate allows, in fen. None: no limit."""
    priority_rank: int | None = None
    """The rank of his right of first refusal, 1 the best. None: he holds none."""
