"""What an award tells, and its end."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.events.model import Event
from app.kit.money import Money, yuan
from app.markets.award import AwardRule, PriceForm, PriceKind
from app.markets.states import Mode, Path, SubjectKind


class PriceTold(BaseModel):
    """How a price is made up beside its fixed sum: a royalty in basis points, a yearly fee for some years, shares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: PriceKind = PriceKind.LUMP_SUM
    royalty_bp: int | None = None
    annual_fee: Money | None = None
    years: int | None = None
    share_bp: int | None = None
    valuation: Money | None = None
    company: str | None = None

    @classmethod
    def of(cls, price: PriceForm) -> "PriceTold":
        """As it is told."""
        return cls(
            kind=price.kind,
            royalty_bp=price.royalty_bp,
            annual_fee=yuan(price.annual_minor) if price.annual_minor is not None else None,
            years=price.years,
            share_bp=price.share_bp,
            valuation=yuan(price.valuation_minor) if price.valuation_minor is not None else None,
            company=price.company,
        )


class OfferingAwarded(Event):
    """A buyer has it. `parties`: seller and buyer; nobody else learns it from this."""

    kind: ClassVar[str] = "markets.offering_awarded"
    subject: ClassVar[str] = "offering"

    award_id: UUID
    offering_id: UUID
    offering_number: str
    title: str
    path: Path
    mode: Mode
    rule: AwardRule
    seller_party_id: UUID
    buyer_party_id: UUID
    co_buyer_party_ids: tuple[UUID, ...]
    """Who buys jointly with the buyer, who bid for all of them."""
    registration_id: UUID | None
    amount: Money
    price: PriceTold = PriceTold()
    subject_kind: SubjectKind
    subject_ids: tuple[UUID, ...]
    region_code: str
    entered_by: UUID


class AwardRescinded(Event):
    """An award no longer counts: its buyer defaulted. `parties`: seller and buyer."""

    kind: ClassVar[str] = "markets.award_rescinded"
    subject: ClassVar[str] = "offering"

    award_id: UUID
    offering_id: UUID
    offering_number: str
    title: str
    seller_party_id: UUID
    buyer_party_id: UUID
    amount: Money
    document_no: str
    reason: str
