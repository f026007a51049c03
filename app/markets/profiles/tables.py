"""Published versions of rule profiles: documents that never change; and what is proposed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import MARKET_NOW, Base, Identified, Stamped
from app.markets.profiles.states import MACHINE


class RuleProfileRow(Base):
    """One version of one profile, in force from `effective_on` on until a later version is. Only ever inserted."""

    __tablename__ = "rule_profiles"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]]
    effective_on: Mapped[date]
    published_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    """Null: it came with the release."""
    document_no: Mapped[str | None]
    note: Mapped[str | None]


class RuleProfileDraftRow(Identified, Stamped, Base):
    """A proposed version: which values would change, from which day on, by which paper; who decided on it."""

    __tablename__ = "rule_profile_drafts"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(
            "(status = 'draft') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by <> proposed_by", name="two_persons"),
        CheckConstraint("(status = 'published') = (published_version IS NOT NULL)", name="published"),
    )

    code: Mapped[str]
    changes: Mapped[dict[str, Any]]
    effective_on: Mapped[date]
    document_no: Mapped[str]
    note: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    published_version: Mapped[int | None]
