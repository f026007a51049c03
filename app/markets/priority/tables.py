"""Rows of holders of rights of first refusal."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.markets.priority.states import Basis, Reach
from app.markets.tables import one_of


class HolderRow(Base):
    """One holder on one offering, in the seller's order. Rank 1 is the best; ranks may be shared."""

    __tablename__ = "priority_holders"
    __table_args__ = (
        CheckConstraint(one_of("basis", Basis), name="basis"),
        CheckConstraint(one_of("reach", Reach), name="reach"),
        CheckConstraint("rank > 0 AND position > 0", name="rank"),
        CheckConstraint(
            "(reach = 'pending') = (told_on IS NULL) AND (told_on IS NULL) = (document_no IS NULL)",
            name="told",
        ),
        Index("uq_priority_holders_party", "offering_id", "party_id", unique=True),
        Index("ix_priority_holders_party_id", "party_id"),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    rank: Mapped[int]
    basis: Mapped[str]
    reach: Mapped[str]
    told_on: Mapped[date | None]
    document_no: Mapped[str | None]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
