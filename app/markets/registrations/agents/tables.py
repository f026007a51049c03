"""Rows of agents' appointments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified
from app.markets.registrations.agents.states import Cause


class AgentRow(Identified, Base):
    """One appointment, by one authorisation letter 授权委托书. Only ever inserted: the last one holds."""

    __tablename__ = "registration_agents"
    __table_args__ = (
        CheckConstraint(f"cause IN ({', '.join(repr(str(cause)) for cause in Cause)})", name="cause"),
        CheckConstraint("limit_minor > 0", name="limit"),
        Index("ix_registration_agents_registration_id", "registration_id", "id"),
    )

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registrations.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    user_name: Mapped[str]
    document_no: Mapped[str]
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    cause: Mapped[str]
    note: Mapped[str | None]
    appointed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
