"""Rows of the members of joint registrations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class JointMemberRow(Base):
    """One member of a joint registration, the lead at position 1. Shares in basis points sum to the whole."""

    __tablename__ = "registration_members"
    __table_args__ = (
        CheckConstraint("position > 0 AND share_bp > 0 AND share_bp < 10000", name="share"),
        CheckConstraint("(consented_at IS NULL) = (consented_by IS NULL)", name="consent"),
        # A party is in one registration of a sale.
        Index(
            "uq_registration_members_party",
            "offering_id",
            "party_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_registration_members_party_id", "party_id"),
    )

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registrations.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    share_bp: Mapped[int]
    consented_at: Mapped[datetime | None]
    consented_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    """When the registration ended before its decision: the party is free to register anew."""
