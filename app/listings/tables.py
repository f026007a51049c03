"""Rows of achievements, their intellectual property rights and their ownership shares.

The columns bear the wire's names wherever a value is stored as it is sent. Small documents that nothing filters by
(summary, indicators, completers, contact) are `jsonb`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.db.base import Base, Identified, Posted, Stamped
from app.listings import states


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


_MODES = ", ".join(repr(str(mode)) for mode in states.CooperationMode)
_WORDS: tuple[Any, ...] = tuple(
    CheckConstraint(_one_of(column, kind), name=column)
    for column, kind in (
        ("tech_field", states.TechField),
        ("achievement_class", states.AchievementClass),
        ("form", states.Form),
        ("attribute", states.Attribute),
        ("stage", states.Stage),
        ("level", states.Level),
        ("secrecy_level", states.SecrecyLevel),
        ("fund_source", states.FundSource),
        ("price_form", states.PriceForm),
        ("application_status", states.ApplicationStatus),
        ("conversion_status", states.ConversionStatus),
    )
)


class AchievementRow(Identified, Stamped, Posted, Base):
    """One achievement. `holder_party_id` owns it; `entered_by_party_id` is where its typist works."""

    __tablename__ = "achievements"
    __table_args__ = (
        CheckConstraint(states.MACHINE.check_sql(), name="status"),
        *_WORDS,
        CheckConstraint("status <> 'published' OR secrecy_level = 'none'", name="secret_not_published"),
        CheckConstraint(f"cooperation_modes <@ ARRAY[{_MODES}]::text[]", name="cooperation_modes"),
        CheckConstraint("trl_level BETWEEN 1 AND 13", name="trl_level"),
        CheckConstraint("(trl_level IS NULL) = (trl_scheme IS NULL)", name="trl_scheme"),
        CheckConstraint("price_min_minor >= 0 AND price_min_minor <= price_max_minor", name="price"),
        CheckConstraint(
            "(price_form = 'negotiable') = (price_min_minor IS NULL AND price_max_minor IS NULL)",
            name="price_of_form",
        ),
        CheckConstraint("estimated_value_minor >= 0", name="estimated_value"),
        CheckConstraint("(source IS NULL) = (external_id IS NULL)", name="origin"),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_at"),
        Index("uq_achievements_number", "number", unique=True),
        Index("uq_achievements_origin", "holder_party_id", "source", "external_id", unique=True),
        Index(
            "ix_achievements_public",
            text("published_at DESC"),
            text("id DESC"),
            postgresql_where=text("status = 'published'"),
        ),
        Index("ix_achievements_review", "status", "submitted_at", "id"),
        Index("ix_achievements_entered_by_party_id", "entered_by_party_id"),
    )

    number: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=states.MACHINE.initial)
    holder_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    entered_by_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    owner_confirmed_at: Mapped[datetime | None]
    owner_confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    title: Mapped[str]
    title_en: Mapped[str | None]
    abstract: Mapped[str]
    summary: Mapped[dict[str, Any] | None]
    keywords: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    tech_field: Mapped[str]
    achievement_class: Mapped[str | None]
    industry_code: Mapped[str | None]
    form: Mapped[str | None]
    attribute: Mapped[str | None]
    stage: Mapped[str | None]
    level: Mapped[str | None]
    registry_number: Mapped[str | None]
    secrecy_level: Mapped[str]
    secrecy_review: Mapped[dict[str, Any] | None]
    research_begins_on: Mapped[date | None]
    research_ends_on: Mapped[date | None]
    first_completer: Mapped[str | None]
    completer_organisations: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    completers: Mapped[list[dict[str, Any]]]
    fund_source: Mapped[str | None]
    projects: Mapped[list[dict[str, Any]]]
    tech_report_no: Mapped[str | None]
    honours: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    innovation_points: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    indicators: Mapped[list[dict[str, Any]]]
    application_scope: Mapped[str | None]
    market_prospect: Mapped[str | None]
    application_status: Mapped[str | None]
    conversion_status: Mapped[str | None]
    conversion_benefit: Mapped[str | None]
    cooperation_modes: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    price_form: Mapped[str]
    price_min_minor: Mapped[int | None] = mapped_column(BigInteger)
    price_max_minor: Mapped[int | None] = mapped_column(BigInteger)
    estimated_value_minor: Mapped[int | None] = mapped_column(BigInteger)
    trl_level: Mapped[int | None]
    trl_scheme: Mapped[str | None]
    service_result: Mapped[bool | None]
    segregated_ledger: Mapped[bool | None]
    dual_use: Mapped[bool | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    contact: Mapped[dict[str, Any] | None]

    submitted_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
    registered_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    source: Mapped[str | None]
    external_id: Mapped[str | None]
    import_digest: Mapped[bytes | None] = mapped_column(BYTEA)
    """Of the row as it was last imported, so that an identical row changes nothing."""


class IpRightRow(Identified, Base):
    """One intellectual property right that an achievement rests on, or know-how."""

    __tablename__ = "ip_rights"
    __table_args__ = (
        CheckConstraint(_one_of("type", states.IpType), name="type"),
        Index("uq_ip_rights_position", "achievement_id", "position", unique=True),
        Index("ix_ip_rights_application_no", "application_no"),
        Index("ix_ip_rights_grant_no", "grant_no"),
    )

    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievements.id", ondelete="CASCADE"))
    position: Mapped[int]
    type: Mapped[str]
    name: Mapped[str]
    country_code: Mapped[str] = mapped_column(CHAR(3))
    application_no: Mapped[str | None]
    grant_no: Mapped[str | None]
    apply_on: Mapped[date | None]
    grant_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    holders: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    inventors: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    legal_status: Mapped[str | None]
    annual_fee_paid_until: Mapped[date | None]
    pledged: Mapped[bool | None]
    existing_licences: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    open_licence_statement: Mapped[str | None]


class OwnershipShareRow(Identified, Base):
    """One holder's share of an achievement, in basis points. Unconfirmed until that holder says so."""

    __tablename__ = "ownership_shares"
    __table_args__ = (
        CheckConstraint("share_bp BETWEEN 1 AND 10000", name="share_bp"),
        CheckConstraint(_one_of("basis", states.ShareBasis), name="basis"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed"),
        Index("uq_ownership_shares_position", "achievement_id", "position", unique=True),
        Index("ix_ownership_shares_party_id", "party_id"),
    )

    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievements.id", ondelete="CASCADE"))
    position: Mapped[int]
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    holder_name: Mapped[str]
    share_bp: Mapped[int]
    basis: Mapped[str]
    agreement: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
