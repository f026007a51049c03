"""Answers kept for repeated requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class IdempotencyKeyRow(Base):
    """One key of one actor: what was asked and what was answered, committed together with the effect.

    It lives for 30 days of real time: a sandbox's leap of a month must not make a repeat a second effect.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("status IS NULL OR status BETWEEN 200 AND 499", name="status"),
        Index(None, "created_at"),
    )

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    body: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
