"""The wire shapes of contracts."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.contracts.states import ContractCategory, ContractStatus
from app.kit.dates import Instant
from app.kit.schemas import MoneyOut, Output, Page
from app.markets.award import AwardRule
from app.markets.events import PriceTold
from app.markets.states import Mode
from app.markets.states import Path as PricingPath


class ContractOut(Output):
    """A contract record, for its two sides and for those who supervise its region."""

    id: UUID
    number: str
    title: str
    category: ContractCategory
    mode: Mode
    path: PricingPath
    rule: AwardRule
    status: ContractStatus
    amount: MoneyOut = Field(description="What is fixed to be paid in all; a royalty comes on top.")
    price: PriceTold
    amount_capital: str = Field(description="The amount in Chinese capitals (大写).")
    seller_party_id: UUID
    seller_name: str
    buyer_party_id: UUID
    buyer_name: str
    co_buyer_names: list[str] = Field(
        description="Who buys jointly with the buyer, who acts for all of them."
    )
    award_id: UUID
    offering_id: UUID
    offering_number: str
    source_achievement_ids: list[UUID]
    source_demand_id: UUID | None
    region_code: str
    awarded_at: Instant
    confirm_due_on: date
    sign_due_on: date
    due_provisional: bool = Field(
        description="Whether the due dates rest on days that no notice has decided yet."
    )
    seller_confirmed_at: Instant | None
    buyer_confirmed_at: Instant | None
    confirmed_at: Instant | None
    voided_at: Instant | None
    void_reason: str | None
    version: int = Field(description='For `If-Match`, as `"v3"`.')
    created_at: Instant
    updated_at: Instant


ContractPage = Page[ContractOut]
