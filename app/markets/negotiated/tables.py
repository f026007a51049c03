"""Rows of negotiations and of what was offered in them. Offers are append-only by trigger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Posted, Stamped
from app.markets.negotiated.states import MACHINE


class NegotiationRow(Identified, Stamped, Posted, Base):
    """One buyer and the seller about one offering. `rounds` counts the offers made."""

    __tablename__ = "negotiations"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint("buyer_party_id <> seller_party_id", name="two_parties"),
        CheckConstraint("rounds >= 0", name="rounds"),
        CheckConstraint("(status = 'agreed') = (accepted_round IS NOT NULL)", name="accepted"),
        CheckConstraint("accepted_round BETWEEN 1 AND rounds", name="accepted_round"),
        # One buyer, one conversation at a time; other buyers talk to the seller in their own.
        Index(
            "uq_negotiations_open",
            "offering_id",
            "buyer_party_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_negotiations_buyer_party_id", "buyer_party_id", "id"),
        Index("ix_negotiations_seller_party_id", "seller_party_id", "id"),
        Index("ix_negotiations_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), index=True)
    buyer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    message: Mapped[str | None]
    rounds: Mapped[int] = mapped_column(server_default="0")
    accepted_round: Mapped[int | None]
    quiet_until: Mapped[datetime]
    """It expires then, unless somebody speaks."""
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    next_due_at: Mapped[datetime | None]


class NegotiationOfferRow(Identified, Base):
    """One offer. Amount in fen; it holds until `valid_until`, or until the next one is made."""

    __tablename__ = "negotiation_offers"
    __table_args__ = (
        CheckConstraint("side IN ('seller', 'buyer')", name="side"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("valid_until > made_at", name="valid_until"),
        Index("uq_negotiation_offers_round", "negotiation_id", "round", unique=True),
    )

    negotiation_id: Mapped[UUID] = mapped_column(ForeignKey("negotiations.id"))
    round: Mapped[int]
    side: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    terms: Mapped[str]
    valid_until: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
