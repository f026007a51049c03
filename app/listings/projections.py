"""What is answered about achievements: to everybody, and beyond that to the parties and the operator.

A visitor never receives `private`; the contact in the public part is masked for all.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.kit.dates import Instant
from app.kit.schemas import MoneyOut, Output
from app.listings import states
from app.listings.rules.masking import masked_email, masked_name, masked_phone
from app.listings.tables import AchievementRow, IpRightRow, OwnershipShareRow

EXCERPT_LENGTH = 200


class HolderOut(Output):
    """Who holds it."""

    party_id: UUID
    name: str


class SummaryOut(Output):
    """Problem, advantage, stage, what is missing."""

    problem: str | None
    advantage: str | None
    stage: str | None
    missing: str | None


class TrlOut(Output):
    """Readiness level on its scale."""

    level: int
    scheme: str


class IndicatorOut(Output):
    """A technical indicator."""

    name: str
    present: str | None
    achieved: str
    unit: str | None
    test_standard: str | None


class CompleterOut(Output):
    """Somebody who made it."""

    name: str
    contribution_percent: int | None


class ProjectOut(Output):
    """A project that paid for it."""

    number: str
    level: str | None
    ends_on: date | None
    conversion_due_on: date | None


class SecrecyReviewOut(Output):
    """The examination for secrecy."""

    reviewed_by: str
    reviewed_on: date
    document_no: str


class ContactOut(Output):
    """Whom to ask."""

    name: str
    phone: str | None
    email: str | None


class IpRightOut(Output):
    """A right, or know-how."""

    id: UUID
    type: states.IpType
    name: str
    country_code: str
    application_no: str | None
    grant_no: str | None
    apply_on: date | None
    grant_on: date | None
    expires_on: date | None
    holders: list[str]
    inventors: list[str]
    legal_status: str | None
    annual_fee_paid_until: date | None
    pledged: bool | None
    existing_licences: list[str]
    open_licence_statement: str | None


class ShareOut(Output):
    """One holder's share."""

    party_id: UUID | None
    holder_name: str
    share_bp: int
    basis: states.ShareBasis
    agreement: str | None
    confirmed_at: Instant | None


class AchievementPrivateOut(Output):
    """What only the holder, who typed it in, and the operator see."""

    contact: ContactOut | None
    completers: list[CompleterOut]
    projects: list[ProjectOut]
    secrecy_level: states.SecrecyLevel
    secrecy_review: SecrecyReviewOut | None
    segregated_ledger: bool | None
    ownership_shares: list[ShareOut]
    entered_by: UUID
    entered_on_behalf_of: UUID | None
    owner_confirmed_at: Instant | None
    created_at: Instant
    submitted_at: Instant | None
    returned_at: Instant | None
    return_reason: str | None
    withdrawn_at: Instant | None
    withdrawal_reason: str | None
    source: str | None
    external_id: str | None


class AchievementOut(Output):
    """One achievement. `private` is null for everybody but its parties and the operator."""

    id: UUID
    number: str
    status: states.AchievementStatus
    version: int
    holder: HolderOut
    region_code: str
    title: str
    title_en: str | None
    abstract: str
    summary: SummaryOut | None
    keywords: list[str]
    tech_field: states.TechField
    achievement_class: states.AchievementClass | None
    industry_code: str | None
    form: states.Form | None
    attribute: states.Attribute | None
    stage: states.Stage | None
    level: states.Level | None
    registry_number: str | None
    research_begins_on: date | None
    research_ends_on: date | None
    first_completer: str | None
    completer_organisations: list[str]
    completer_names: list[str]
    fund_source: states.FundSource | None
    tech_report_no: str | None
    honours: list[str]
    innovation_points: list[str]
    indicators: list[IndicatorOut]
    application_scope: str | None
    market_prospect: str | None
    application_status: states.ApplicationStatus | None
    conversion_status: states.ConversionStatus | None
    conversion_benefit: str | None
    cooperation_modes: list[states.CooperationMode]
    price_form: states.PriceForm
    price_min: MoneyOut | None
    price_max: MoneyOut | None
    estimated_value: MoneyOut | None
    trl: TrlOut | None
    service_result: bool | None
    dual_use: bool | None
    tags: list[str]
    contact: ContactOut | None
    ip_rights: list[IpRightOut]
    registered_at: Instant | None
    published_at: Instant | None
    updated_at: Instant
    private: AchievementPrivateOut | None


class AchievementCard(Output):
    """One line of a list."""

    id: UUID
    number: str
    status: states.AchievementStatus
    holder: HolderOut
    region_code: str
    title: str
    excerpt: str
    keywords: list[str]
    tech_field: states.TechField
    achievement_class: states.AchievementClass | None
    stage: states.Stage | None
    trl: TrlOut | None
    cooperation_modes: list[states.CooperationMode]
    price_form: states.PriceForm
    price_min: MoneyOut | None
    price_max: MoneyOut | None
    submitted_at: Instant | None
    published_at: Instant | None
    updated_at: Instant


def _money(amount_minor: int | None) -> MoneyOut | None:
    return MoneyOut.of(amount_minor) if amount_minor is not None else None


def _common(row: AchievementRow, holder_name: str) -> dict[str, Any]:
    trl = TrlOut(level=row.trl_level, scheme=row.trl_scheme or "") if row.trl_level is not None else None
    return {
        "holder": HolderOut(party_id=row.holder_party_id, name=holder_name),
        "price_min": _money(row.price_min_minor),
        "price_max": _money(row.price_max_minor),
        "trl": trl,
    }


def card(row: AchievementRow, holder_name: str) -> AchievementCard:
    """A row as one line of a list."""
    return AchievementCard.model_validate(
        _named(AchievementCard, row) | _common(row, holder_name) | {"excerpt": row.abstract[:EXCERPT_LENGTH]}
    )


def page(
    row: AchievementRow,
    holder_name: str,
    rights: Sequence[IpRightRow],
    shares: Sequence[OwnershipShareRow] | None,
) -> AchievementOut:
    """A row as its page. `shares` is None for the public, who then gets nothing private."""
    return AchievementOut.model_validate(
        _named(AchievementOut, row)
        | _common(row, holder_name)
        | {
            "completer_names": [completer["name"] for completer in row.completers],
            "estimated_value": _money(row.estimated_value_minor),
            "contact": _masked(row.contact),
            "ip_rights": [IpRightOut.model_validate(right) for right in rights],
            "private": _private(row, shares) if shares is not None else None,
        }
    )


def _private(row: AchievementRow, shares: Sequence[OwnershipShareRow]) -> AchievementPrivateOut:
    told = [ShareOut.model_validate(share) for share in shares]
    return AchievementPrivateOut.model_validate(
        _named(AchievementPrivateOut, row) | {"ownership_shares": told}
    )


def _named(shape: type[Output], row: AchievementRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields if hasattr(row, name)}


def _masked(contact: dict[str, Any] | None) -> ContactOut | None:
    if contact is None:
        return None
    phone, email = contact["phone"], contact["email"]
    return ContactOut(
        name=masked_name(contact["name"]),
        phone=masked_phone(phone) if phone is not None else None,
        email=masked_email(email) if email is not None else None,
    )
