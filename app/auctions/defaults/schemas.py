"""Wire shapes of defaults."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.auctions.defaults.states import DefaultStatus, Ground
from app.kit.dates import Instant
from app.kit.money import Money
from app.kit.schemas import Input, Line, MoneyOut, Output, ShortText
from app.settlement.dispositions.schemas import DispositionOut


class DefaultIn(Input):
    """What the buyer did not do, and the paper that finds so."""

    ground: Ground
    document_no: Line
    reason: ShortText


class DefaultRefusalIn(Input):
    """Why the second person sends the proposal back."""

    reason: ShortText


class DispositionIn(Input):
    """The costs of the sale, by their paper. The shortfall is worked out from the re-auction; the rest is the seller's."""

    costs: Money = Field(description="0.00 where the seller claims none.")
    costs_document_no: Line | None = None
    reauction_given_up_by: Line | None = Field(
        default=None, description="The paper by which the seller gives up a re-auction, where there was none."
    )
    note: ShortText


class DefaultOut(Output):
    """A finding of default, for staff of the region and for the two sides."""

    id: UUID
    auction_id: UUID
    auction_number: str
    award_id: UUID
    seller_party_id: UUID
    buyer_party_id: UUID
    buyer_name: str
    price: MoneyOut
    ground: Ground
    due_on: date | None
    document_no: str
    reason: str
    source: str = Field(description="The rule by which it is dealt with.")
    status: DefaultStatus
    forfeited: MoneyOut
    disposition: DispositionOut | None = Field(
        description="How the forfeited deposit is used up, the latest proposal; null also for readers who may not see it."
    )
    proposed_by: UUID
    decided_by: UUID | None
    decided_at: Instant | None
    decision_reason: str | None
    version: int = Field(description='For `If-Match`, as `"v3"`.')
    created_at: Instant
