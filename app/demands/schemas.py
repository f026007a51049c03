"""Demands' wire shapes."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.demands.states import (
    Confidentiality,
    DemandMode,
    DemandOutcome,
    DemandStatus,
    DemandType,
    IpPreference,
    SolutionKind,
    SolutionStatus,
    TechField,
)
from app.kit.dates import Instant
from app.kit.money import Money
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, RegionCode, ShortText, Text

IndustryCode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-T]?[0-9]{2,4}$"),
    Field(examples=["3465"], description="GB/T 4754 industry code."),
]
Months = Annotated[int, Field(ge=1, le=120, description="Months.")]
INDICATORS_MAX = 30


def _distinct(modes: list[DemandMode]) -> list[DemandMode]:
    if len(set(modes)) != len(modes):
        raise ValueError("each mode is named once")
    return modes


def _payable(amount: str) -> str:
    if not amount.strip("0."):
        raise ValueError("the price is above zero")
    return amount


Modes = Annotated[
    list[DemandMode],
    Field(max_length=len(DemandMode), json_schema_extra={"uniqueItems": True}),
    AfterValidator(_distinct),
]
Price = Annotated[Money, AfterValidator(_payable)]


class DemandIndicatorIn(Input):
    """One figure: where it is, where it must go, how it is measured."""

    name: Line
    present: Line | None = None
    target: Line
    unit: Line | None = None
    test_standard: Line | None = None


class DemandContactIn(Input):
    """Whom to talk to. Shown to who has signed in, until the demand ends, unless the poster stays unnamed."""

    name: Line
    phone: Line | None = None
    email: Line | None = None


class DemandSourceIn(Input):
    """The record elsewhere that this demand comes from; a party's record is posted once."""

    system: Line
    external_id: Line


class DemandFields(Input):
    """What both a new demand and a change may say. A budget has both ends, or none (面议)."""

    description: Text | None = None
    current_state: Text | None = None
    what_was_tried: Text | None = None
    tech_field: TechField | None = None
    industry_code: IndustryCode | None = None
    budget_min_amount: Money | None = None
    budget_max_amount: Money | None = None
    ip_preference: IpPreference | None = None
    deadline_on: date | None = Field(None, description="The last day on which answers are taken.")
    duration_months: Months | None = None
    contact: DemandContactIn | None = None


class DemandIn(DemandFields):
    """A new demand. Only what is needed to keep a draft is required; submission needs more."""

    title: Line
    type: DemandType
    region_code: RegionCode
    indicators: list[DemandIndicatorIn] = Field(default_factory=list, max_length=INDICATORS_MAX)
    cooperation_modes: Modes = Field(default_factory=list)
    confidentiality: Confidentiality = Confidentiality.PUBLIC
    source: DemandSourceIn | None = None
    on_behalf_of_party_id: UUID | None = Field(None, description="The party for whom a clerk types it in.")

    def written(self) -> dict[str, Any]:
        """What the demand says, without whose it is and where it comes from."""
        return self.model_dump(exclude={"source", "on_behalf_of_party_id"})


class DemandChangeIn(DemandFields):
    """What changes; what is left out stays. Null empties a field that may be empty."""

    title: Line = Field(default_factory=str)
    type: DemandType = Field(default_factory=lambda: DemandType.PROBLEM)
    region_code: RegionCode = Field(default_factory=str)
    indicators: list[DemandIndicatorIn] = Field(default_factory=list, max_length=INDICATORS_MAX)
    cooperation_modes: Modes = Field(default_factory=list)
    confidentiality: Confidentiality = Field(default_factory=lambda: Confidentiality.PUBLIC)

    def changes(self) -> dict[str, Any]:
        """Only what the caller has sent."""
        return self.model_dump(exclude_unset=True, mode="python")


class DemandReturnIn(Input):
    """Why."""

    reason: ShortText


class DemandChoiceIn(Input):
    """Which answer, and why that one."""

    solution_id: UUID
    reason: ShortText


class DemandClosureIn(Input):
    """How the demand ended, and why."""

    outcome: DemandOutcome
    reason: ShortText


class SolutionIn(Input):
    """An answer. `price_amount` is what the answerer asks for the work."""

    kind: SolutionKind
    summary: Text
    approach: Text | None = None
    price_amount: Price
    schedule_months: Months
    team: ShortText | None = None


class DemandIndicatorOut(Output):
    """One figure of a demand."""

    name: str
    present: str | None
    target: str
    unit: str | None
    test_standard: str | None


class DemandContactOut(Output):
    """Whom to talk to."""

    name: str
    phone: str | None
    email: str | None


class DemandPartyOut(Output):
    """Who asks."""

    party_id: UUID
    name: str


class DemandBudgetOut(Output):
    """What the poster would spend: from `min` to `max`."""

    min: MoneyOut
    max: MoneyOut


class DemandSourceOut(Output):
    """Where it comes from."""

    system: str
    external_id: str


class DemandOwnOut(Output):
    """What only the poster, who typed it in for him, the reviewer and supervisors see."""

    poster: DemandPartyOut
    contact: DemandContactOut | None
    region_code: str
    entered_on_behalf: bool
    confirmed_at: Instant | None
    review_reason: str | None
    outcome_reason: str | None
    chosen_count: int
    source: DemandSourceOut | None
    created_at: Instant
    updated_at: Instant


class DemandListedOut(Output):
    """A demand in a list. `poster` is null where it stays unnamed; `budget` is null for 面议."""

    id: UUID
    number: str
    title: str
    type: DemandType
    status: DemandStatus
    outcome: DemandOutcome | None
    tech_field: TechField | None
    region_code: str
    confidentiality: Confidentiality
    poster: DemandPartyOut | None
    budget: DemandBudgetOut | None
    deadline_on: date | None
    published_at: Instant | None


class DemandOut(DemandListedOut):
    """A demand. `own` is there for whom it concerns, with what the public does not see."""

    description: str | None
    current_state: str | None
    what_was_tried: str | None
    indicators: list[DemandIndicatorOut]
    industry_code: str | None
    cooperation_modes: list[DemandMode]
    ip_preference: IpPreference | None
    duration_months: int | None
    contact: DemandContactOut | None
    answers_end_at: Instant | None
    closed_at: Instant | None
    own: DemandOwnOut | None
    version: int


class SolutionOut(Output):
    """An answer, as its answerer and the poster see it. Nobody else learns that it exists."""

    id: UUID
    demand_id: UUID
    demand_number: str
    demand_title: str
    provider: DemandPartyOut
    status: SolutionStatus
    kind: SolutionKind
    summary: str
    approach: str | None
    price: MoneyOut
    schedule_months: int
    team: str | None
    choice_reason: str | None
    created_at: Instant
    decided_at: Instant | None
    version: int


DemandPage = Page[DemandListedOut]
SolutionPage = Page[SolutionOut]
