"""Rows of findings of default."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.auctions.defaults.states import MACHINE, Ground
from app.db.base import Base, Identified, Posted, Stamped


class DefaultRow(Identified, Stamped, Posted, Base):
    """One finding that the buyer of a sale is in default: by a named paper, proposed and decided by two persons."""

    __tablename__ = "buyer_defaults"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(f"ground IN ({', '.join(repr(str(ground)) for ground in Ground)})", name="ground"),
        CheckConstraint("(status = 'proposed') = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint("decided_by <> entered_by", name="second_person"),
        CheckConstraint("price_minor >= 0 AND forfeited_minor >= 0", name="amounts"),
        # A refused proposal may be followed by a better one.
        Index(
            "uq_buyer_defaults_auction_id",
            "auction_id",
            unique=True,
            postgresql_where=text("status <> 'refused'"),
        ),
        Index("ix_buyer_defaults_buyer_party_id", "buyer_party_id", "id"),
    )

    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    registration_id: Mapped[UUID | None] = mapped_column(ForeignKey("registrations.id"))
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    buyer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    ground: Mapped[str]
    due_on: Mapped[date | None]
    document_no: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    forfeited_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
