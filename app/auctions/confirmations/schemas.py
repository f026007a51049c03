"""Wire shapes of confirmation records and of the result notice."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.auctions.confirmations.states import ConfirmationStatus
from app.auctions.rules.terms import Organiser
from app.kit.dates import Instant
from app.kit.schemas import MoneyOut, Output, Page
from app.markets.award import PriceKind


class BuyerOut(Output):
    """A buyer, and his share in basis points."""

    party_id: UUID
    name: str
    share_bp: int


class SignatureOut(Output):
    """Who signed, and when."""

    user_id: UUID
    name: str
    at: Instant


class ConfirmationOut(Output):
    """A confirmation record 成交确认书, for its sides and the staff of its region."""

    id: UUID
    number: str
    auction_id: UUID
    auction_number: str
    award_id: UUID
    offering_id: UUID
    title: str
    seller_party_id: UUID
    seller_name: str
    buyers: list[BuyerOut] = Field(description="The one who bid for all of them comes first.")
    organiser: Organiser
    source: str = Field(description="The rule by which the record is made.")
    bidder_code: str
    bid_no: int
    by_priority: bool
    price: MoneyOut
    price_figures: str
    price_capitals: str | None = Field(
        description="In capitals (大写), where what was bid is a sum of money."
    )
    knocked_down_at: Instant
    seq: int = Field(description="The sale's latest public event at the close.")
    chain_head: str = Field(description="The hash of that event, in hexadecimal.")
    due_on: date
    overdue: bool
    status: ConfirmationStatus
    buyer_signature: SignatureOut | None
    organiser_signature: SignatureOut | None
    version: int = Field(description='For `If-Match`, as `"v3"`.')
    created_at: Instant


class ResultOut(Output):
    """How a sale ended, for everybody: what, price, code. Nobody's identity but the seller's."""

    auction_id: UUID
    number: str
    title: str
    seller_name: str
    outcome: Literal["awarded", "passed_in", "cancelled", "defaulted"]
    price: MoneyOut | None
    price_kind: PriceKind
    price_figures: str | None
    bidder_code: str | None
    bids: int
    ended_at: Instant
    published_until_on: date = Field(description="The last day of the result notice.")
    note: str | None
    chain_head: str
    seq: int
    previous_auction_id: UUID | None = Field(description="The sale that this one repeats.")
    reauction_id: UUID | None = Field(description="The announced re-auction of the lot.")


ConfirmationPage = Page[ConfirmationOut]
