"""What can be asked of an auction. Each command is judged by `engine.decide`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.auctions.rules.bounds import USUAL_BOUNDS, Bounds
from app.auctions.rules.sealed.commands import SealedCommand
from app.auctions.rules.snapshot import Holder, Standing
from app.auctions.rules.terms import Timetable


class SuspendReason(StrEnum):
    """The public class of a suspension's reason."""

    SYSTEM_FAULT = "system_fault"
    OBJECTION = "objection"
    NOTICE_RUNNING = "notice_running"
    """Its notice was extended and has not passed."""
    AUTHORITY_ORDER = "authority_order"
    SELLER_REQUEST = "seller_request"


class CancelReason(StrEnum):
    """The public class of a cancellation's reason."""

    SELLER_WITHDRAWAL = "seller_withdrawal"
    SUPERVISOR_ORDER = "supervisor_order"
    COURT_ORDER = "court_order"
    TITLE_DEFECT = "title_defect"
    SYSTEM_FAULT = "system_fault"
    OBJECTION_UPHELD = "objection_upheld"
    """An objection to the notice was upheld."""


@dataclass(frozen=True, kw_only=True)
class PublishNotice:
    """Publish the notice. `earliest_start_on`: a working day after the deposits' deadline, by the calendar; `bounds`: those
    of the rule profile that the offering has pinned.
    """

    timetable: Timetable
    earliest_start_on: date
    bounds: Bounds = USUAL_BOUNDS


@dataclass(frozen=True, kw_only=True)
class CallCompetition:
    """Open the competition of a listed sale whose registrations are complete."""

    timetable: Timetable
    bounds: Bounds = USUAL_BOUNDS


@dataclass(frozen=True, kw_only=True)
class MarkReady:
    """Finance signs that deposits are reconciled. `holders`: who may use a right of first refusal."""

    holders: tuple[Holder, ...] = ()


class BidVia(StrEnum):
    """How a bid came."""

    WEB = "web"
    FLOOR = "floor"
    """By paddle in the hall, entered by the auctioneer."""
    PROXY = "proxy"
    """Made by the market within a bidder's maximum."""
    PRIORITY = "priority"
    """A holder of first refusal matched the current price."""
    SEALED = "sealed"
    """Out of an envelope, when all were opened."""


@dataclass(frozen=True, kw_only=True)
class PlaceBid:
    """A bid of so many fen by a bidder of this standing. `confirmed`: he said twice that a large jump is meant."""

    bidder: Standing
    amount_minor: int
    via: BidVia = BidVia.WEB
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class SetProxy:
    """Leave a maximum with the market, or change it. The commitment (hex) is public; the maximum (fen) is not."""

    bidder: Standing
    max_minor: int
    no: int
    commitment: str


@dataclass(frozen=True, kw_only=True)
class CancelProxy:
    """Take a maximum back; bids already made stand. `commitment`: what was published of it."""

    bidder: Standing
    commitment: str | None


@dataclass(frozen=True, kw_only=True)
class OpenLot:
    """The session calls the lot up."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """The auctioneer's first, second or third call."""

    number: int


@dataclass(frozen=True, kw_only=True)
class Hammer:
    """The hammer falls."""


@dataclass(frozen=True, kw_only=True)
class PassIn:
    """The auctioneer passes the lot in."""


@dataclass(frozen=True, kw_only=True)
class CorrectFloorBid:
    """Strike a floor bid that was keyed in wrongly, with a public mark."""

    bid_no: int


@dataclass(frozen=True, kw_only=True)
class ExercisePriority:
    """A holder takes the lot at the price found."""

    bidder: Standing


@dataclass(frozen=True, kw_only=True)
class WaivePriority:
    """A holder gives his right up for this sale."""

    bidder: Standing


@dataclass(frozen=True, kw_only=True)
class Tick:
    """Let happen what is due."""


@dataclass(frozen=True, kw_only=True)
class Suspend:
    """Interrupt the sale. The note is public."""

    reason: SuspendReason
    note: str


@dataclass(frozen=True, kw_only=True)
class Resume:
    """Continue an interrupted sale. The note is public."""

    note: str


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """End the sale without a winner. `document_no` names the paper that orders it; the note is public."""

    reason: CancelReason
    document_no: str
    note: str


Command = (
    PublishNotice
    | CallCompetition
    | MarkReady
    | OpenLot
    | PlaceBid
    | SetProxy
    | CancelProxy
    | Call
    | Hammer
    | PassIn
    | CorrectFloorBid
    | ExercisePriority
    | WaivePriority
    | Tick
    | Suspend
    | Resume
    | Cancel
    | SealedCommand
)
