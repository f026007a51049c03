"""Wire shapes of auctions. A bidder is a code in all of them; no shape has room for a name of one."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.auctions.rules.commands import BidVia, CancelReason, SuspendReason
from app.auctions.rules.ladder import BANDS_MAX
from app.auctions.rules.terms import (
    CloseKind,
    Format,
    Organiser,
    PriorityStyle,
    SessionProfile,
)
from app.auctions.sealed.schemas import SealedIn, SealedOut
from app.auctions.states import AuctionStatus
from app.auctions.tables import ProxySource
from app.kit.dates import Instant
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, ShortText
from app.markets.award import PriceKind
from app.signing.schemas import EntryReceiptOut

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


Count = Annotated[int, Field(ge=0, le=10_000_000)]
LocalTime = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["17:30"], description="Beijing time.")
]


class PriceIn(Input):
    """What the number that is bid means. Its other part is fixed here: a royalty beside an entry fee, an entry fee beside a
    royalty rate (which is bid as a percentage, `3.50` being 3.50 %), years beside a yearly fee.
    """

    kind: PriceKind = PriceKind.LUMP_SUM
    royalty_bp: Count | None = None
    entry_fee: Price | None = None
    years: Count | None = None


class DayIn(Input):
    """The hours of a sale's days. Bidding that passes the end adjourns to the next working day, the price held."""

    starts_local: LocalTime = "09:30"
    ends_local: LocalTime = "17:30"


class TermsIn(Input):
    """The terms of a sale. Bounds are judged with the reason (`terms_out_of_bounds`)."""

    start_price: Price
    ladder: Annotated[list[StepIn], Field(min_length=1, max_length=BANDS_MAX)]
    deposit: Price = Field(description="0.00 where the sale asks for none; at most 30 % of the start price.")
    free_seconds: Count = 86_400
    window_seconds: Count = 300
    format: Format = Format.ASCENDING
    close: CloseKind = CloseKind.SOFT_CLOSE
    session_profile: SessionProfile = SessionProfile.ONLINE_LONG
    extensions_max: Count | None = None
    jump_cap_bp: Count | None = None
    jump_confirm_steps: Count = 5
    jump_confirm_bp: Count = 2_000
    price: PriceIn = PriceIn()
    call_seconds: Count = 15
    reserve_price: Price | None = Field(None, description="A reserve; below it the best bid has no effect.")
    reserve_secret: bool = Field(True, description="Whether only that there is a reserve is told.")
    proxy_allowed: bool = True
    priority: PriorityStyle = PriorityStyle.NONE
    priority_seconds: Count = 86_400
    joint_allowed: bool = False
    late_minutes: Annotated[int, Field(ge=0, le=60)] = Field(
        default=0,
        description="How many minutes late a deposit may still be accepted with the seller's written consent.",
    )
    day: DayIn | None = None
    rounds_max: Count = 1
    sealed: SealedIn | None = Field(None, description="For sealed formats: how the envelopes are opened.")


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
    confirm_jump: bool = Field(
        False, description="That a large jump is meant. Asked for by `bid_jump_unconfirmed`."
    )


class ProxyIn(Input):
    """A maximum to leave with the market, which bids within it by the written rule and no further than it must."""

    maximum: Price


class ProxyOut(Output):
    """A maximum that was left, without its amount. The commitment is what the record shows of it."""

    auction_id: UUID
    no: int
    commitment: str
    made_at: Instant


class OwnProxyOut(ProxyOut):
    """The caller's own maximum in force."""

    maximum: MoneyOut
    source: ProxySource
    document_no: str | None


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


class PriceOut(Output):
    """What the number that is bid means, and what is fixed beside it."""

    kind: PriceKind
    royalty_bp: int | None
    entry_fee: MoneyOut | None
    years: int | None


class DayOut(Output):
    """The hours of a sale's days, Beijing time."""

    starts_local: str
    ends_local: str


class AnnouncementOut(Output):
    """The latest public event that speaks to everybody about the sale itself: why it stopped, moved or ended so."""

    seq: int
    kind: str
    at: Instant
    reason: str | None
    note: str | None


class AuctionLine(Output):
    """A sale in a list."""

    id: UUID
    number: str
    offering_id: UUID
    title: str
    status: AuctionStatus
    price_kind: PriceKind
    start_price: MoneyOut
    current_price: MoneyOut | None
    bid_no: int
    starts_at: Instant | None
    ends_at: Instant | None


class AuctionOut(AuctionLine):
    """A sale, whole, as anybody may see it. `seq` is the number of the latest public event."""

    seller_party_id: UUID
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
    ended_at: Instant | None = Field(description="When the sale ended, whoever or whatever ended it.")
    free_seconds: int
    window_seconds: int
    extension_count: int
    extensions_max: int | None
    jump_cap_bp: int | None
    jump_confirm_steps: int
    jump_confirm_bp: int
    notice_days_min: int
    price: PriceOut
    called_up: bool
    call_seconds: int
    has_reserve: bool
    reserve_price: MoneyOut | None = Field(description="Where it is announced.")
    reserve_commitment: str | None = Field(
        description="Of a secret reserve: SHA-256 over a salt and the amount."
    )
    proxy_allowed: bool
    priority: PriorityStyle
    priority_seconds: int
    priority_until: Instant | None
    joint_allowed: bool
    late_minutes: int
    day: DayOut | None
    rounds_max: int
    calls: int = Field(description="The auctioneer's calls since the latest bid.")
    warns_until: Instant | None = Field(description="Until when the latest call's fair warning lasts.")
    continues_at: Instant | None = Field(description="When an adjourned sale goes on.")
    sealed: SealedOut | None
    winner_code: str | None = Field(
        description="Of a sale that is awarded: the leader, or who used a right of first refusal."
    )
    announcement: AnnouncementOut | None = Field(
        description="Why the sale is suspended, adjourned, postponed, cancelled or passed in."
    )
    seq: int
    version: int
    award_id: UUID | None
    chain_head: str = Field(description="The hash of the latest public event, in hexadecimal.")


class BidLine(Output):
    """A bid in the history. `struck`: keyed in wrongly on the floor, and corrected."""

    struck: bool
    bid_no: int
    seq: int
    bidder_code: str
    amount: MoneyOut
    at: Instant
    via: BidVia


class BidOut(BidLine):
    """An accepted bid: what the market judged, when, and its place in the chain."""

    auction_id: UUID
    ends_at: Instant | None = Field(description="The end after this bid.")
    extension_count: int
    hash: str
    receipt: EntryReceiptOut | None = Field(
        description="Proof that the market had this bid at its place, which verifies by itself. None only where the "
        "market has no key to sign with."
    )


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
    calls: int
    warns_until: Instant | None
    continues_at: Instant | None
    priority_until: Instant | None
    via: BidVia | None = Field(description="Of a bid: how it came.")
    struck_from: int | None = Field(description="Of a correction: the first `bid_no` that is struck.")
    winner_code: str | None = Field(
        description="Of a sale that is awarded: the leader, or who used a right of first refusal."
    )
    reason: str | None
    note: str | None
    hash: str


class HeartbeatOut(Output):
    """Sent every 5 s on a sale's stream: market time and the last `seq` told, so that silence can be told from loss."""

    server_at: Instant
    seq: int


class SkippedOut(Output):
    """Sent on a sale's stream in place of events that come too fast to be told to all. They are on record; the latest follows."""

    first_seq: int
    last_seq: int


class FirstRefusal(StrEnum):
    """How a holder's own right of first refusal stands while the sale waits for its holders."""

    OPEN = "open"
    """To be answered."""
    TAKEN = "taken"
    """Used, unless a holder of a better rank does the same."""
    ANSWERED = "answered"
    """Given up, or used and topped by a better rank."""


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
    proxy_maximum: MoneyOut | None = Field(
        description="The organisation's own maximum in force. Nobody else is told."
    )
    first_refusal: FirstRefusal | None = Field(
        description="The organisation's own right while the sale waits for its holders; null for everybody else."
    )


AuctionPage = Page[AuctionLine]
BidPage = Page[BidLine]
EventPage = Page[EventOut]
