"""Wire shapes of sessions. What the public and the big screen see knows codes and paddles, never names."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.auctions.rules.commands import CancelReason
from app.auctions.rules.terms import Organiser, SessionProfile
from app.auctions.schemas import Count, Price
from app.auctions.sessions.states import SessionStatus
from app.auctions.states import AuctionStatus
from app.kit.dates import Instant
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, RegionCode, ShortText
from app.markets.auction_parameters import USUAL
from app.markets.award import PriceKind
from app.markets.parameters import Parameter, time_of_day

LOTS_MAX = USUAL.session_lots_max.value
LocalClock = Annotated[
    str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["17:30"], description="Beijing time.")
]
LotNo = Annotated[int, Field(ge=1, le=LOTS_MAX)]
Paddle = Annotated[int, Field(ge=1, le=USUAL.paddle_last.ceiling)]


def _clock(parameter: Parameter) -> str:
    return f"{time_of_day(parameter):%H:%M}"


class SaleSessionIn(Input):
    """A new session, as a draft. Times of day are Beijing time.

    Its numbers are bounded by the rule profile: outside of that they are refused with the source (`session_out_of_bounds`).
    """

    name: Line
    profile: SessionProfile = Field(
        description="`hall` or `online_session`; long online lots need no session."
    )
    venue: Line
    region_code: RegionCode | None = Field(None, description="The caller's unless given.")
    organiser: Organiser = Organiser.EXCHANGE_ONLINE_BIDDING
    auction_house: Line | None = Field(None, description="Only for a licensed auction house.")
    auctioneer_id: UUID | None = Field(None, description="The person who conducts it; a hall needs one.")
    auctioneer_licence_no: Line | None = None
    day_opens: LocalClock = _clock(USUAL.session_opens_minute)
    day_ends: LocalClock = _clock(USUAL.session_ends_minute)
    adjourns: bool = Field(
        True, description="The notice says that past the day's limit it goes on on the next working day."
    )
    gap_seconds: Count = Field(
        USUAL.session_gap_seconds.value, description="Between two lots that follow by themselves."
    )
    call_seconds: Count = USUAL.call_seconds.value
    deposit_unit: Price | None = Field(
        None,
        description="One unit stands behind one lot at a time; 0.00: no deposit; null: each lot asks its own.",
    )
    units_max: Count = Field(USUAL.session_units_max.value, description="The most units of one bidder.")
    paddle_first: Count = USUAL.paddle_first.value
    paddle_last: Count = USUAL.paddle_last.value


class LotsIn(Input):
    """The brochure: auctions in the order in which they are sold, numbered from 1."""

    auction_ids: Annotated[list[UUID], Field(min_length=1, max_length=LOTS_MAX)]


class SessionRegistrationIn(Input):
    """A party's way into a session: for all its lots, or some of them."""

    units: Annotated[int, Field(ge=0, le=LOTS_MAX)] = 0
    lot_nos: Annotated[list[LotNo], Field(min_length=1, max_length=LOTS_MAX)] | None = Field(
        None, description="All lots that are not the party's own unless given."
    )
    agent_name: Line | None = None
    agent_phone: Line | None = None
    note: ShortText | None = None


class MandateIn(Input):
    """A maximum from a signed form."""

    session_registration_id: UUID
    source: Annotated[str, Field(pattern="^(absentee|telephone)$")]
    document_no: Line
    maximum: Price = Field(description="Never shown again, to anybody.")


class FloorBidIn(Input):
    """A raised paddle."""

    paddle_no: Paddle
    amount: Price


class CallIn(Input):
    """The first, second or third call."""

    number: Annotated[int, Field(ge=1, le=3)]


class CorrectionIn(Input):
    """The floor bid that was keyed in wrongly."""

    bid_no: Annotated[int, Field(ge=1, le=10_000_000)]


class LotWithdrawalIn(Input):
    """Why a lot is withdrawn, by which paper; the note is public."""

    reason: CancelReason
    document_no: Line
    note: ShortText


class LotLine(Output):
    """A lot on its session's page: what a big screen shows."""

    lot_no: int
    auction_id: UUID
    number: str
    title: str
    status: AuctionStatus
    price_kind: PriceKind
    start_price: MoneyOut
    current_price: MoneyOut | None
    increment: MoneyOut
    next_amount: MoneyOut
    bidder_code: str | None = Field(
        description="The leader's code; in a hall, the paddle drawn for him, also after an exchange."
    )
    bid_no: int
    calls: int
    warns_until: Instant | None
    free_ends_at: Instant | None
    ends_at: Instant | None
    seq: int


class SaleSessionLine(Output):
    """A session in a list."""

    id: UUID
    number: str
    name: str
    status: SessionStatus
    profile: SessionProfile
    venue: str
    starts_at: Instant | None
    lots: int


class SaleSessionOut(SaleSessionLine):
    """A session, whole, with its lots on one clock. Public once its notice is out."""

    region_code: str
    organiser: Organiser
    auction_house: str | None
    auctioneer_name: str | None
    auctioneer_licence_no: str | None
    day_opens: str
    day_ends: str
    adjourns: bool
    gap_seconds: int
    call_seconds: int
    deposit_unit: MoneyOut | None
    units_max: int
    registration_opens_at: Instant | None
    registration_closes_at: Instant | None
    deposit_due_at: Instant | None
    started_at: Instant | None
    continues_at: Instant | None
    ended_at: Instant | None
    turn: int | None = Field(description="The lot on the block, or the one whose turn it is.")
    server_at: Instant
    version: int
    catalogue: list[LotLine]


class SessionRegistrationOut(Output):
    """A party in a session, as the party itself sees it."""

    id: UUID
    number: str
    version: int
    session_id: UUID
    units: int
    units_leading: int
    units_won: int
    units_free: int
    deposit: MoneyOut
    deposit_number: str | None
    deposit_status: str | None
    deposit_due_at: Instant | None
    agent_name: str | None
    agent_phone: str | None
    note: str | None
    passed: bool | None
    decision_reason: str | None
    paddle_no: int | None
    handed_out_at: Instant | None


class SessionRegistrantOut(Output):
    """A party in a session, as the qualification clerk and finance see it. Who holds which paddle is the door's to know."""

    id: UUID
    number: str
    version: int
    session_id: UUID
    buyer_party_id: UUID
    buyer_name: str
    buyer_reviewed: bool
    units: int
    deposit: MoneyOut
    deposit_number: str | None
    deposit_status: str | None
    agent_name: str | None
    agent_phone: str | None
    note: str | None
    passed: bool | None
    decision_reason: str | None


class PaddleOut(Output):
    """A line of the door's sheet: which paddle is whose, who handed it out, when."""

    session_registration_id: UUID
    version: int
    registration_number: str
    paddle_no: int
    buyer_name: str
    agent_name: str | None
    handed_out_at: Instant | None
    handed_out_by: str | None


class PaddleExchangeIn(Input):
    """Why a paddle is exchanged."""

    reason: ShortText = Field(examples=["号牌遗失，身份已核对"])


class PaddleExchangeOut(Output):
    """A line of the door's sheet: which paddle is void, which one was given for it, by whom, when, why."""

    session_registration_id: UUID
    old_no: int
    new_no: int
    reason: str
    exchanged_at: Instant
    exchanged_by: str


class PaddleSheetOut(Output):
    """The door's sheet of a session. Reading it is written down."""

    session_id: UUID
    number: str
    name: str
    venue: str
    starts_at: Instant
    paddles: list[PaddleOut]
    exchanges: list[PaddleExchangeOut]


class MandateOut(Output):
    """A mandate that was entered; its maximum is not told again."""

    auction_id: UUID
    lot_no: int
    session_registration_id: UUID
    source: str
    document_no: str
    commitment: str
    at: Instant


class MinutesLine(Output):
    """One entry of the minutes: a public fact of the lot, in words."""

    seq: int
    at: Instant
    kind: str
    text: str


class LotMinutesOut(Output):
    """The minutes of one lot."""

    lot_no: int
    auction_id: UUID
    number: str
    title: str
    seller_name: str
    status: AuctionStatus
    outcome: str
    start_price: MoneyOut
    start_price_said: str
    opened_at: Instant | None
    closed_at: Instant | None
    bids: int
    bidders: int
    hammer_price: MoneyOut | None
    hammer_price_said: str | None
    hammer_price_capital: str | None
    buyer_code: str | None
    buyer_name: str | None
    lines: list[MinutesLine]


class MinutesOut(Output):
    """The minutes of a session: of the lots that have left the block. `complete`: of all, once it has ended."""

    session_id: UUID
    title: str = Field(
        description="拍卖笔录 where a licensed auction house runs the sale, 竞价会笔录 otherwise."
    )
    number: str
    name: str
    organiser_name: str
    venue: str
    auctioneer_name: str | None
    auctioneer_licence_no: str | None
    starts_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    complete: bool
    source: str
    source_zh: str
    lots: int
    records: list[LotMinutesOut]


SaleSessionPage = Page[SaleSessionLine]
SessionRegistrantPage = Page[SessionRegistrantOut]
