"""Published versions of rule profiles: documents that never change."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import MARKET_NOW, Base


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
