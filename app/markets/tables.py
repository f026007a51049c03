"""Rows of offerings, their subjects and awards; the subpackages' rows are imported so that one metadata knows them.

Awards are append-only by trigger. The row of the offering is what every award locks.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Posted, Stamped
from app.markets.award import AwardEnding, AwardRule
from app.markets.profiles import ProfileCode
from app.markets.rules import WithdrawalReason
from app.markets.states import LICENCE_FOR_ONE, MACHINE, Mode, Path, SubjectKind


def one_of(column: str, values: Iterable[str]) -> str:
    """The CHECK of a column that holds one of these words."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class OfferingRow(Identified, Stamped, Posted, Base):
    """One offering. `capacity` null: as many awards as come. Amounts in fen; `period_days` are working days.

    holder_party_id: whose rules bind, also where an agent sells for him. The registration window is set when the
    offering goes to market, by the path that takes it there.
    """

    __tablename__ = "offerings"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(one_of("path", Path), name="path"),
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint(one_of("subject_kind", SubjectKind), name="subject_kind"),
        CheckConstraint(one_of("profile_code", ProfileCode), name="profile_code"),
        CheckConstraint("(profile_code IS NULL) = (profile_version IS NULL)", name="profile"),
        CheckConstraint(
            "profile_code IS NOT NULL OR subject_kind = 'demand' OR status IN ('draft', 'withdrawn')",
            name="profile_pinned",
        ),
        CheckConstraint("capacity >= 1", name="capacity"),
        CheckConstraint(
            f"coalesce(capacity = 1, false) OR NOT ({one_of('mode', LICENCE_FOR_ONE)})",
            name="capacity_of_mode",
        ),
        CheckConstraint(
            "awards_count >= 0 AND awards_count <= coalesce(capacity, awards_count)", name="awards"
        ),
        CheckConstraint("status <> 'awarded' OR awards_count > 0", name="awarded"),
        CheckConstraint("status <> 'failed' OR awards_count = 0", name="failed"),
        CheckConstraint("ask_minor > 0", name="ask"),
        CheckConstraint("deposit_minor >= 0", name="deposit"),
        CheckConstraint("period_days > 0", name="period"),
        CheckConstraint("term_months > 0", name="term"),
        CheckConstraint("path = 'listed' OR (ask_minor IS NULL AND period_days IS NULL)", name="ask_of_path"),
        CheckConstraint(one_of("withdrawal_reason", WithdrawalReason), name="withdrawal_reason"),
        CheckConstraint(
            "(registration_opens_at IS NULL) = (registration_ends_at IS NULL)"
            " AND (registration_opens_at IS NULL) = (deposit_due_at IS NULL)"
            " AND registration_opens_at < registration_ends_at",
            name="window",
        ),
        Index("uq_offerings_number", "number", unique=True),
        Index("ix_offerings_seller_party_id", "seller_party_id", "sorted_at", "id"),
        Index("ix_offerings_status", "status", "sorted_at", "id"),
        CheckConstraint("(previous_offering_id IS NULL) = (first_offering_id IS NULL)", name="earlier"),
        Index("ix_offerings_previous_offering_id", "previous_offering_id"),
        Index("ix_offerings_first_offering_id", "first_offering_id"),
        Index("ix_offerings_public", "sorted_at", "id", postgresql_where=text("opened_at IS NOT NULL")),
    )

    number: Mapped[str]
    title: Mapped[str]
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    holder_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    path: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    subject_kind: Mapped[str]
    mode: Mapped[str]
    territory: Mapped[str]
    field_of_use: Mapped[str | None]
    term_months: Mapped[int | None]
    capacity: Mapped[int | None]
    awards_count: Mapped[int] = mapped_column(server_default="0")
    profile_code: Mapped[str | None]
    profile_version: Mapped[int | None]
    decision_document_no: Mapped[str | None]
    decision_document_id: Mapped[UUID | None]
    decided_on: Mapped[date | None]
    secrecy_reviewer: Mapped[str | None]
    secrecy_reviewed_on: Mapped[date | None]
    secrecy_document_no: Mapped[str | None]
    shares_declared: Mapped[bool] = mapped_column(server_default="false")
    shares_declared_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    buyer_conditions: Mapped[str | None]
    payment_terms: Mapped[str | None]
    ask_minor: Mapped[int | None] = mapped_column(BigInteger)
    period_days: Mapped[int | None]
    deposit_minor: Mapped[int | None] = mapped_column(BigInteger)
    late_minutes: Mapped[int] = mapped_column(server_default="0")
    """How many minutes late a deposit may still be accepted, as the notice said; 0 for not at all."""
    joint_allowed: Mapped[bool] = mapped_column(server_default="false")
    """Several parties may register as one buyer; set when the offering goes to market."""
    registration_opens_at: Mapped[datetime | None]
    registration_ends_at: Mapped[datetime | None]
    deposit_due_at: Mapped[datetime | None]
    registration_paused_at: Mapped[datetime | None]
    """Since when nobody registers: the sale is suspended."""
    outage_no: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The latest outage of the service that its window was judged by."""
    submitted_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    review_reason: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    """When it came to market. Null: the public never sees it, also after its end."""
    with_auction: Mapped[bool] = mapped_column(server_default="false")
    """Buyers bid for it now, or are about to: it is cancelled there."""
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None]
    withdrawal_reason: Mapped[str | None]
    withdrawal_document_no: Mapped[str | None]
    public_amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    """The price that the public may know since the close."""
    previous_offering_id: Mapped[UUID | None] = mapped_column(ForeignKey("offerings.id"))
    """The offering of the same lot that found no buyer, or lost him, and that this one repeats."""
    first_offering_id: Mapped[UUID | None] = mapped_column(ForeignKey("offerings.id"))
    """The first offering of the lot, where this is not it: whoever defaulted on any of them is barred from all."""
    sorted_at: Mapped[datetime]
    """What lists are sorted by: the latest of making, submission and opening."""


class OfferingSubjectRow(Base):
    """What an offering is of: an achievement, or a demand, in the seller's order."""

    __tablename__ = "offering_subjects"
    __table_args__ = (
        CheckConstraint("(achievement_id IS NULL) <> (demand_id IS NULL)", name="one"),
        Index("ix_offering_subjects_achievement_id", "achievement_id"),
        Index("uq_offering_subjects_achievement", "offering_id", "achievement_id", unique=True),
        Index("ix_offering_subjects_demand_id", "demand_id"),
    )

    offering_id: Mapped[UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    achievement_id: Mapped[UUID | None] = mapped_column(ForeignKey("achievements.id"))
    demand_id: Mapped[UUID | None] = mapped_column(ForeignKey("demands.id"))


class AwardRow(Identified, Base):
    """One award. Only ever inserted; `position` counts an offering's awards from 1."""

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint(one_of("rule", AwardRule), name="rule"),
        CheckConstraint("buyer_party_id <> seller_party_id", name="two_parties"),
        Index("uq_awards_position", "offering_id", "position", unique=True),
        Index("uq_awards_buyer", "offering_id", "buyer_party_id", unique=True),
        Index("uq_awards_registration_id", "registration_id", unique=True),
        Index("ix_awards_buyer_party_id", "buyer_party_id"),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    position: Mapped[int]
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    buyer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    registration_id: Mapped[UUID | None] = mapped_column(ForeignKey("registrations.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    price: Mapped[dict[str, Any]] = mapped_column(server_default=text("""'{"kind": "lump_sum"}'::jsonb"""))
    """How the price is made up beside the fixed sum (`PriceForm`)."""
    rule: Mapped[str]
    awarded_at: Mapped[datetime]


class AwardEndingRow(Base):
    """How an award ended, by which paper, who decided. One for each award at most; only ever inserted."""

    __tablename__ = "award_endings"
    __table_args__ = (
        CheckConstraint(one_of("ending", AwardEnding), name="ending"),
        CheckConstraint(
            "(ending = 'rescinded') = (document_no IS NOT NULL AND reason IS NOT NULL)", name="document"
        ),
    )

    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), primary_key=True)
    ending: Mapped[str]
    document_no: Mapped[str | None]
    reason: Mapped[str | None]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
