"""Wire shapes of auctions. A bidder is a code in all of them; no shape has room for a name of one."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.auctions.rules.commands import CancelReason, SuspendReason
from app.auctions.rules.ladder import BANDS_MAX
from app.auctions.rules.terms import CloseKind, Format, Organiser, SessionProfile
from app.auctions.states import AuctionStatus
from app.kit.dates import Instant
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, ShortText

Price = Annotated[
    str,
    Field(
        pattern=r"^(0|[1-9][0-9]{0,11})\.[0-9]{2}$",
        examples=["2000000.00"],
        description="Yuan, exact, below one trillion: what a sale here can reach with room to add an increment.",
    ),
]

StatusFilter = AuctionStatus | Literal["live", "coming", "ended"]


class StepIn(Input):
    """From this price on, raises are multiples of this increment."""

    from_price: Price
    increment: Price


class TermsIn(Input):
    """The terms of a sale. Bounds are judged with the reason (`terms_out_of_bounds`)."""

    start_price: Price
    ladder: Annotated[list[StepIn], Field(min_length=1, max_length=BANDS_MAX)]
    deposit: Price = Field(description="0.00 where the sale asks for none; at most 30 % of the start price.")
    free_seconds: Annotated[int, Field(ge=0, le=10_000_000)] = 86_400
    window_seconds: Annotated[int, Field(ge=0, le=10_000_000)] = 300
    session_profile: SessionProfile = SessionProfile.ONLINE_LONG
    extensions_max: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    jump_cap_bp: Annotated[int, Field(ge=0, le=10_000_000)] | None = None


class AuctionIn(Input):
    """A new auction, as a draft, of an offering that goes to auction."""

    offering_id: UUID
    terms: TermsIn


class AuctionPatch(Input):
    """Other terms for a draft."""

    terms: TermsIn


class NoticeIn(Input):
    """The timetable that the notice announces."""

    registration_opens_at: Instant
    registration_closes_at: Instant
    deposit_due_at: Instant
    starts_at: Instant


class BidIn(Input):
    """A bid."""

    amount: Price


class SuspendIn(Input):
    """Why the sale is interrupted; the note is public."""

    reason: SuspendReason
    note: ShortText


class ResumeIn(Input):
    """What bidders are told when the sale continues."""

    note: ShortText


class CancelIn(Input):
    """Why the sale ends without a winner, by which paper; the note is public."""

    reason: CancelReason
    document_no: Line
    note: ShortText


class StepOut(Output):
    """From this price on, raises are multiples of this increment."""

    from_price: MoneyOut
    increment: MoneyOut


class AuctionLine(Output):
    """A sale in a list."""

    id: UUID
    number: str
    offering_id: UUID
    title: str
    status: AuctionStatus
    start_price: MoneyOut
    current_price: MoneyOut | None
    bid_no: int
    starts_at: Instant | None
    ends_at: Instant | None


class AuctionOut(AuctionLine):
    """A sale, whole, as anybody may see it. `seq` is the number of the latest public event."""

    seller_name: str
    achievement_id: UUID | None
    origin: Literal["auction", "listed"]
    region_code: str
    organiser: Organiser
    format: Format
    close: CloseKind
    session_profile: SessionProfile
    ladder: list[StepOut]
    increment: MoneyOut = Field(description="The increment in force at the present price.")
    next_amount: MoneyOut = Field(description="The least amount that counts now.")
    deposit: MoneyOut
    current_bidder_code: str | None
    registration_opens_at: Instant | None
    registration_closes_at: Instant | None
    deposit_due_at: Instant | None
    free_ends_at: Instant | None
    free_seconds: int
    window_seconds: int
    extension_count: int
    extensions_max: int | None
    jump_cap_bp: int | None
    notice_days_min: int
    seq: int
    version: int
    award_id: UUID | None
    chain_head: str = Field(description="The hash of the latest public event, in hexadecimal.")


class BidLine(Output):
    """A bid in the history."""

    bid_no: int
    seq: int
    bidder_code: str
    amount: MoneyOut
    at: Instant


class BidOut(BidLine):
    """An accepted bid: what the market judged, when, and its place in the chain."""

    auction_id: UUID
    ends_at: Instant | None = Field(description="The end after this bid.")
    extension_count: int
    hash: str


class EventOut(Output):
    """A public event of a sale and the state after it. The stream carries the same, named by `kind`."""

    seq: int
    kind: str
    at: Instant
    status: AuctionStatus
    current_price: MoneyOut | None
    current_bidder_code: str | None
    increment: MoneyOut
    next_amount: MoneyOut
    bid_no: int
    starts_at: Instant | None
    free_ends_at: Instant | None
    ends_at: Instant | None
    extension_count: int
    reason: str | None
    note: str | None
    hash: str


class HeartbeatOut(Output):
    """Sent every 5 s on a sale's stream: market time and the last `seq` told, so that silence can be told from loss."""

    server_at: Instant
    seq: int


class StandingOut(Output):
    """What the caller's own organisation is in a sale."""

    registration_id: UUID | None
    status: str | None
    bidder_code: str | None
    leading: bool
    next_amount: MoneyOut | None
    deposit_number: str | None = Field(description="What the remittance note must say.")
    deposit_status: str | None
    deposit_due_at: Instant | None
    bids: int = Field(description="How many bids of this organisation were accepted.")


AuctionPage = Page[AuctionLine]
BidPage = Page[BidLine]
EventPage = Page[EventOut]
