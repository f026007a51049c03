"""Wire shapes of offerings and awards. What only the seller may see stands apart, in `private`."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from app.kit.dates import Instant
from app.kit.money import MONEY_PATTERN, Money, fen
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, ShortText, Text
from app.markets.award import AwardRule
from app.markets.events import PriceTold
from app.markets.guards import GuardOutcome
from app.markets.profiles import ProfileCode
from app.markets.rules import WithdrawalReason
from app.markets.states import ListingKind, ListingStatus, Mode, OfferingStatus, Path, SubjectKind

_ABOVE_ZERO = r"^(?!0\.00$)" + MONEY_PATTERN[1:]


def _above_zero(amount: str) -> str:
    if fen(amount) == 0:
        raise ValueError("the amount is above zero")
    return amount


Price = Annotated[
    Money,
    AfterValidator(_above_zero),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": _ABOVE_ZERO,
            "examples": ["1234.50"],
            "description": "Yuan, above zero.",
        }
    ),
]
"""An exact yuan string above zero."""

Capacity = Annotated[int, Field(ge=1, le=10_000)]
Months = Annotated[int, Field(ge=1, le=600)]
PeriodDays = Annotated[
    int, Field(ge=1, le=10_000, description="Working days; judged against the rule profile.")
]
Achievements = Annotated[list[UUID], Field(min_length=1, max_length=20)]


class DecisionIn(Input):
    """The unit's internal decision to sell."""

    document_no: Line
    decided_on: date
    document_id: UUID | None = None


class SecrecyIn(Input):
    """Who examined, when, that nothing secret is made public, and by which document."""

    reviewer: Line
    reviewed_on: date
    document_no: Line


class OfferingIn(Input):
    """A new offering, as a draft. What a submission needs is judged when it is submitted."""

    path: Path
    achievement_ids: Achievements
    mode: Mode
    title: Line | None = Field(None, description="The first achievement's title unless given.")
    territory: Line = "中国境内"
    field_of_use: ShortText | None = Field(None, description="Null: every field.")
    term_months: Months | None = Field(None, description="Null: for as long as the right lasts.")
    capacity: Capacity | None = Field(1, description="How many buyers; null: as many as come.")
    decision: DecisionIn | None = None
    secrecy: SecrecyIn | None = None
    shares_declared: bool = Field(False, description="The seller declares that it alone holds all of it.")
    buyer_conditions: Text | None = None
    payment_terms: ShortText | None = None
    ask_amount: Price | None = None
    period_days: PeriodDays | None = None
    deposit_amount: Money | None = Field(None, description="0.00 for none; null: the profile's usual share.")


class OfferingPatch(Input):
    """Other terms for a draft or a returned offering. What is left out stays; null empties."""

    path: Path | None = None
    achievement_ids: Achievements | None = None
    mode: Mode | None = None
    title: Line | None = None
    territory: Line | None = None
    field_of_use: ShortText | None = None
    term_months: Months | None = None
    capacity: Capacity | None = None
    decision: DecisionIn | None = None
    secrecy: SecrecyIn | None = None
    shares_declared: bool | None = None
    buyer_conditions: Text | None = None
    payment_terms: ShortText | None = None
    ask_amount: Price | None = None
    period_days: PeriodDays | None = None
    deposit_amount: Money | None = None


class ReviewIn(Input):
    """The operator's decision; a return says why."""

    approved: bool
    reason: ShortText


class WithdrawalIn(Input):
    """Why the seller takes it back. On the market it takes the approver's paper, and both are published."""

    reason: WithdrawalReason
    note: ShortText
    document_no: Line | None = None


class DecisionOut(Output):
    """The unit's internal decision to sell."""

    document_no: str
    decided_on: date
    document_id: UUID | None


class SecrecyOut(Output):
    """Who examined it for secrets."""

    reviewer: str
    reviewed_on: date
    document_no: str


class SubjectOut(Output):
    """What an offering is of."""

    kind: SubjectKind
    id: UUID
    number: str
    title: str


class ListingOut(Output):
    """Where a listing stands, and its timetable. `provisional`: it rests on working days that no notice has decided yet.

    How many buyers there are is told to nobody before the close: `evaluating` until it is over.
    """

    status: ListingStatus
    kind: ListingKind
    published_on: date
    ends_on: date
    provisional: bool
    ends_at: Instant
    evaluates_at: Instant
    evaluated_at: Instant | None


class OfferingLine(Output):
    """An offering in a list."""

    id: UUID
    number: str
    title: str
    path: Path
    status: OfferingStatus
    mode: Mode
    seller_party_id: UUID
    seller_name: str
    capacity: int | None
    awards_count: int | None = Field(
        description="Null where the number of buyers is the seller's own affair."
    )
    ask: MoneyOut | None
    price: MoneyOut | None = Field(description="The price that was reached, where the path makes it public.")
    registration_ends_at: Instant | None
    opened_at: Instant | None
    closed_at: Instant | None


class OfferingPrivate(Output):
    """What only the seller, and the staff who review it, may see."""

    decision: DecisionOut | None
    secrecy: SecrecyOut | None
    shares_declared: bool
    submitted_at: Instant | None
    reviewed_at: Instant | None
    review_reason: str | None
    withdrawal_document_no: str | None


class OfferingOut(OfferingLine):
    """An offering, whole. `private` is null for whoever is not of the seller's party or of its reviewers."""

    version: int
    region_code: str
    subject_kind: SubjectKind
    subjects: list[SubjectOut]
    territory: str
    field_of_use: str | None
    term_months: int | None
    profile_code: ProfileCode | None
    profile_version: int | None
    profile_title_zh: str | None
    profile_source: str | None
    buyer_conditions: str | None
    payment_terms: str | None
    period_days: int | None
    deposit: MoneyOut | None
    registration_opens_at: Instant | None
    deposit_due_at: Instant | None
    listing: ListingOut | None
    close_reason: str | None
    withdrawal_reason: WithdrawalReason | None
    created_at: Instant
    private: OfferingPrivate | None


class GuardOut(Output):
    """One guard of a submission: how it stands and by which rule. `code` is the refusal's, where it fails."""

    guard: str
    outcome: GuardOutcome
    source: str
    code: str | None
    detail_zh: str | None
    detail_en: str | None


class GuardsOut(Output):
    """Every guard of an offering, in the order in which they are judged."""

    data: list[GuardOut]


class AwardOut(Output):
    """An award. The buyer's name is null for whoever is neither party to it nor staff."""

    id: UUID
    offering_id: UUID
    offering_number: str
    title: str
    position: int
    rule: AwardRule
    amount: MoneyOut = Field(description="What is fixed to be paid in all; a royalty comes on top.")
    price: PriceTold
    seller_party_id: UUID
    seller_name: str
    buyer_party_id: UUID | None
    buyer_name: str | None
    registration_id: UUID | None
    awarded_at: Instant


OfferingPage = Page[OfferingLine]
AwardPage = Page[AwardOut]
