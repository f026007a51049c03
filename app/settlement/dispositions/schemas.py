"""Wire shapes of dispositions."""

from uuid import UUID

from pydantic import Field

from app.kit.dates import Instant
from app.kit.schemas import MoneyOut, Output, Page
from app.settlement.dispositions.states import DispositionStatus, Purpose


class DispositionLine(Output):
    """A line of a disposition."""

    purpose: Purpose
    amount: MoneyOut


class DispositionOut(Output):
    """How a forfeited deposit is used up. Finance, its payer and the seller see it."""

    id: UUID
    deposit_id: UUID
    payer_party_id: UUID
    seller_party_id: UUID
    status: DispositionStatus
    amount: MoneyOut
    lines: list[DispositionLine] = Field(description="In the order of use; they sum to the deposit.")
    claim: MoneyOut = Field(description="What the defaulting buyer owes beyond the deposit.")
    costs_document_no: str | None
    shortfall_basis: str
    source: str = Field(description="The rule that this order of use follows.")
    note: str
    proposed_by: UUID
    decided_by: UUID | None
    decided_at: Instant | None
    decision_reason: str | None
    version: int = Field(description='For `If-Match`, as `"v3"`.')
    created_at: Instant


DispositionPage = Page[DispositionOut]
