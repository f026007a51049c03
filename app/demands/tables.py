"""Rows of demands and of the answers to them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.db.base import Base, Identified, Posted, Priced, Stamped
from app.demands.states import (
    DEMAND,
    SOLUTION,
    Confidentiality,
    DemandMode,
    DemandOutcome,
    DemandType,
    IpPreference,
    SolutionKind,
    TechField,
)


def _words(column: str, words: Iterable[object]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class DemandRow(Identified, Stamped, Posted, Base):
    """A demand 需求.

    poster_party_id: whose demand it is. clerk_party_id: whose clerk typed it in for the poster, if anybody's.
    region_public_code: what the public may learn of the region; lists filter by it, so that filters tell no more.
    chosen_count: awards so far. Nothing that an answerer does touches this row: its version tells nobody of answers.
    """

    __tablename__ = "demands"
    __table_args__ = (
        CheckConstraint(DEMAND.check_sql(), name="status"),
        CheckConstraint(_words("type", DemandType), name="type"),
        CheckConstraint(_words("confidentiality", Confidentiality), name="confidentiality"),
        CheckConstraint(_words("tech_field", TechField), name="tech_field"),
        CheckConstraint(_words("ip_preference", IpPreference), name="ip_preference"),
        CheckConstraint(_words("outcome", DemandOutcome), name="outcome"),
        CheckConstraint(
            f"cooperation_modes <@ ARRAY[{', '.join(repr(str(mode)) for mode in DemandMode)}]::text[]",
            name="cooperation_modes",
        ),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        CheckConstraint("(status = 'published') = (next_due_at IS NOT NULL)", name="published_has_due"),
        CheckConstraint("(budget_min_minor IS NULL) = (budget_max_minor IS NULL)", name="budget_both_ends"),
        CheckConstraint("0 <= budget_min_minor AND budget_min_minor <= budget_max_minor", name="budget"),
        CheckConstraint("duration_months BETWEEN 1 AND 120", name="duration"),
        CheckConstraint("(source_system IS NULL) = (external_id IS NULL)", name="source"),
        CheckConstraint("(entered_on_behalf_of IS NULL) = (clerk_party_id IS NULL)", name="on_behalf"),
        CheckConstraint("chosen_count >= 0", name="chosen_count"),
        Index("uq_demands_number", "number", unique=True),
        Index(
            "uq_demands_source",
            "poster_party_id",
            "source_system",
            "external_id",
            unique=True,
            postgresql_where=text("source_system IS NOT NULL"),
        ),
        Index(
            "ix_demands_published", "published_at", "id", postgresql_where=text("published_at IS NOT NULL")
        ),
        Index("ix_demands_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
    )

    number: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=DEMAND.initial)
    outcome: Mapped[str | None]
    outcome_reason: Mapped[str | None]
    poster_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    clerk_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    source_system: Mapped[str | None]
    external_id: Mapped[str | None]

    title: Mapped[str]
    type: Mapped[str]
    description: Mapped[str | None]
    current_state: Mapped[str | None]
    what_was_tried: Mapped[str | None]
    indicators: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'::jsonb"))
    tech_field: Mapped[str | None]
    industry_code: Mapped[str | None]
    budget_min_minor: Mapped[int | None] = mapped_column(BigInteger)
    budget_max_minor: Mapped[int | None] = mapped_column(BigInteger)
    cooperation_modes: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=text("'{}'::text[]"))
    ip_preference: Mapped[str | None]
    deadline_on: Mapped[date | None]
    duration_months: Mapped[int | None]
    confidentiality: Mapped[str] = mapped_column(server_default=Confidentiality.PUBLIC)
    contact: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    region_public_code: Mapped[str] = mapped_column(CHAR(6))

    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    review_reason: Mapped[str | None]
    published_at: Mapped[datetime | None]
    answers_end_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    chosen_count: Mapped[int] = mapped_column(server_default="0", default=0)
    next_due_at: Mapped[datetime | None]


class SolutionRow(Identified, Stamped, Posted, Priced, Base):
    """An answer 解决方案 to a demand: its answerer's and the poster's business, nobody else's. Amount in fen."""

    __tablename__ = "solutions"
    __table_args__ = (
        UniqueConstraint("demand_id", "provider_party_id"),
        CheckConstraint(SOLUTION.check_sql(), name="status"),
        CheckConstraint(_words("kind", SolutionKind), name="kind"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("schedule_months BETWEEN 1 AND 120", name="schedule"),
        CheckConstraint("(status = 'chosen') = (choice_reason IS NOT NULL)", name="chosen_has_reason"),
    )

    demand_id: Mapped[UUID] = mapped_column(ForeignKey("demands.id"))
    provider_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    status: Mapped[str] = mapped_column(server_default=SOLUTION.initial)
    kind: Mapped[str]
    summary: Mapped[str]
    approach: Mapped[str | None]
    schedule_months: Mapped[int]
    team: Mapped[str | None]
    choice_reason: Mapped[str | None]
    decided_at: Mapped[datetime | None]
