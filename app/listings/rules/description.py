"""An achievement as somebody describes it: the value that rules judge, and the form in which it is sent.

Posting asks for little (R13): a draft needs a title, an abstract and a field. What must fit together is said by
`content`, what submission needs beyond a draft too.
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator
from pydantic.json_schema import SkipJsonSchema

from app.kit.money import Money
from app.kit.schemas import Input, Line, ShortText, Text
from app.listings import states

LIST_MAX = 50
KEYWORDS_MAX = 20

Word = Annotated[Line, StringConstraints(max_length=100)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["CHN"])]
IndustryCode = Annotated[
    str, StringConstraints(pattern=r"^[A-T]?[0-9]{2,4}$"), Field(description="GB/T 4754.", examples=["3451"])
]
PatentNumber = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9./() \-]{1,40}$"),
    Field(
        description="ASCII letters and digits. Chinese ones are judged by their check digit.",
        examples=["202110123456.7"],
    ),
]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,180}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+*() \-]{5,40}$")]


class SummaryIn(Input):
    """The four things that a buyer asks first (解决什么问题, 与现有比, 到哪一步, 还缺什么)."""

    problem: ShortText | None = None
    advantage: ShortText | None = None
    stage: ShortText | None = None
    missing: ShortText | None = None


class TrlIn(Input):
    """Technology readiness: a level and the scale it is on. 10 to 13 are the Chinese extension for sales."""

    level: Annotated[int, Field(ge=1, le=13)]
    scheme: Line = "GB/T 22900-2022"


class IndicatorIn(Input):
    """One technical indicator: what others reach now, and what this achievement reaches."""

    name: Line
    present: Line | None = None
    achieved: Line
    unit: Word | None = None
    test_standard: Line | None = None


class CompleterIn(Input):
    """Somebody who made it (完成人)."""

    name: Word
    contribution_percent: Annotated[int, Field(ge=0, le=100)] | None = None


class ProjectIn(Input):
    """A project that paid for it."""

    number: Word
    level: Word | None = None
    ends_on: date | None = None
    conversion_due_on: date | None = None


class SecrecyReviewIn(Input):
    """Who examined the achievement for secrecy, when, and under which document number (保密审查)."""

    reviewed_by: Line
    reviewed_on: date
    document_no: Word


class ContactIn(Input):
    """Whom to ask. The public sees a masked form."""

    name: Word
    phone: Phone | None = None
    email: Email | None = None


class IpRightIn(Input):
    """An intellectual property right, or know-how."""

    type: states.IpType
    name: Line
    country_code: CountryCode = "CHN"
    application_no: PatentNumber | None = None
    grant_no: PatentNumber | None = None
    apply_on: date | None = None
    grant_on: date | None = None
    expires_on: date | None = None
    holders: Annotated[tuple[Line, ...], Field(max_length=LIST_MAX)] = ()
    inventors: Annotated[tuple[Word, ...], Field(max_length=LIST_MAX)] = ()
    legal_status: Word | None = None
    annual_fee_paid_until: date | None = None
    pledged: bool | None = None
    existing_licences: Annotated[tuple[Line, ...], Field(max_length=LIST_MAX)] = ()
    open_licence_statement: ShortText | None = None


class ShareIn(Input):
    """One holder's share, in basis points. A holder without an account is named."""

    party_id: UUID | None = None
    holder_name: Line | None = None
    share_bp: Annotated[int, Field(ge=1, le=10_000)]
    basis: states.ShareBasis = states.ShareBasis.LAW
    agreement: Line | None = None


class AchievementFields(Input):
    """Everything about an achievement that may be left out."""

    title_en: Line | None = None
    summary: SummaryIn | None = None
    keywords: Annotated[tuple[Word, ...], Field(max_length=KEYWORDS_MAX)] = ()
    achievement_class: states.AchievementClass | None = None
    industry_code: IndustryCode | None = None
    form: states.Form | None = None
    attribute: states.Attribute | None = None
    stage: states.Stage | None = None
    level: states.Level | None = None
    registry_number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{12}$")] | None = Field(
        None, description="登记号 in the national register, 12 characters."
    )
    secrecy_level: states.SecrecyLevel = states.SecrecyLevel.NONE
    secrecy_review: SecrecyReviewIn | None = None
    research_begins_on: date | None = None
    research_ends_on: date | None = None
    first_completer: Line | None = None
    completer_organisations: Annotated[tuple[Line, ...], Field(max_length=LIST_MAX)] = ()
    completers: Annotated[tuple[CompleterIn, ...], Field(max_length=LIST_MAX)] = ()
    fund_source: states.FundSource | None = None
    projects: Annotated[tuple[ProjectIn, ...], Field(max_length=LIST_MAX)] = ()
    tech_report_no: Word | None = None
    honours: Annotated[tuple[Line, ...], Field(max_length=LIST_MAX)] = ()
    innovation_points: Annotated[tuple[ShortText, ...], Field(max_length=3)] = ()
    indicators: Annotated[tuple[IndicatorIn, ...], Field(max_length=LIST_MAX)] = ()
    application_scope: Text | None = None
    market_prospect: Text | None = None
    application_status: states.ApplicationStatus | None = None
    conversion_status: states.ConversionStatus | None = None
    conversion_benefit: Text | None = None
    cooperation_modes: Annotated[tuple[states.CooperationMode, ...], Field(max_length=9)] = ()
    price_form: states.PriceForm = states.PriceForm.NEGOTIABLE
    price_min: Money | None = None
    price_max: Money | None = None
    estimated_value: Money | None = None
    trl: TrlIn | None = None
    service_result: bool | None = None
    segregated_ledger: bool | None = None
    dual_use: bool | None = None
    tags: Annotated[tuple[Word, ...], Field(max_length=KEYWORDS_MAX)] = ()
    contact: ContactIn | None = None
    ip_rights: Annotated[tuple[IpRightIn, ...], Field(max_length=LIST_MAX)] = ()
    ownership_shares: Annotated[tuple[ShareIn, ...], Field(max_length=LIST_MAX)] = Field(
        (), description="Left out: the holder has 100 %, unconfirmed."
    )


class AchievementContent(AchievementFields):
    """An achievement as its holder describes it."""

    title: Line
    abstract: Text
    tech_field: states.TechField


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _given(value: Any) -> Any:
    if value is None:
        raise ValueError("it cannot be emptied; leave it out to keep what is there")
    return value


class AchievementPatch(AchievementFields):
    """Changes to a draft or a returned achievement: what is sent replaces, what is left out stays."""

    title: Line | SkipJsonSchema[None] = Field(None, json_schema_extra=_without_default)
    abstract: Text | SkipJsonSchema[None] = Field(None, json_schema_extra=_without_default)
    tech_field: states.TechField | SkipJsonSchema[None] = Field(None, json_schema_extra=_without_default)

    _keep = field_validator("title", "abstract", "tech_field", mode="before")(_given)
