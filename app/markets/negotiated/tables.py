"""Rows of negotiations and of what was offered in them. Offers are append-only by trigger."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Posted, Stamped
from app.markets.negotiated.states import AGREED_ON, LIVE, MACHINE, NegotiationStatus, Origin
from app.markets.tables import one_of

_ON_TERMS = (*AGREED_ON, NegotiationStatus.AGREED, NegotiationStatus.LAPSED)
_NO_TERMS = (
    NegotiationStatus.OPEN,
    NegotiationStatus.DECLINED,
    NegotiationStatus.WITHDRAWN,
    NegotiationStatus.EXPIRED,
)


class NegotiationRow(Identified, Stamped, Posted, Base):
    """One buyer and the seller about one offering. `rounds` counts the offers made."""

    __tablename__ = "negotiations"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint("buyer_party_id <> seller_party_id", name="two_parties"),
        CheckConstraint("rounds >= 0", name="rounds"),
        CheckConstraint(one_of("origin", Origin), name="origin"),
        CheckConstraint(
            f"accepted_round IS NOT NULL OR NOT ({one_of('status', _ON_TERMS)})", name="accepted"
        ),
        CheckConstraint(
            f"accepted_round IS NULL OR NOT ({one_of('status', _NO_TERMS)})", name="not_accepted"
        ),
        CheckConstraint("(accepted_round IS NULL) = (agreed_at IS NULL)", name="agreed_at"),
        CheckConstraint("(origin = 'offline') = (agreed_on IS NOT NULL)", name="agreed_on"),
        CheckConstraint("(agreed_on IS NULL) = (agreed_document_no IS NULL)", name="agreed_document_no"),
        CheckConstraint("(decision_document_no IS NULL) = (decided_on IS NULL)", name="decided_on"),
        CheckConstraint("related IS NOT TRUE OR related_description IS NOT NULL", name="related"),
        CheckConstraint("(status = 'notice_passed') <= (sign_due_at IS NOT NULL)", name="sign_due_at"),
        CheckConstraint("accepted_round BETWEEN 1 AND rounds", name="accepted_round"),
        # One buyer, one conversation at a time; other buyers talk to the seller in their own.
        Index(
            "uq_negotiations_open",
            "offering_id",
            "buyer_party_id",
            unique=True,
            postgresql_where=text(one_of("status", LIVE)),
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
    origin: Mapped[str] = mapped_column(server_default=Origin.INQUIRY)
    agreed_at: Mapped[datetime | None]
    """Since when the accepted round is what both sides agree on."""
    agreed_on: Mapped[date | None]
    agreed_document_no: Mapped[str | None]
    buyer_confirmed_at: Mapped[datetime | None]
    buyer_confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decision_document_no: Mapped[str | None]
    decided_on: Mapped[date | None]
    price_report_no: Mapped[str | None]
    related: Mapped[bool | None]
    related_description: Mapped[str | None]
    notice_id: Mapped[UUID | None]
    """Its latest price notice, in the room of notices."""
    sign_due_at: Mapped[datetime | None]
    contract_document_no: Mapped[str | None]
    signed_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    next_due_at: Mapped[datetime | None]


class NegotiationOfferRow(Identified, Base):
    """One offer. Amount in fen; it holds until `valid_until`, or until the next one is made."""

    __tablename__ = "negotiation_offers"
    __table_args__ = (
        CheckConstraint("side IN ('seller', 'buyer')", name="side"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("valid_until > made_at", name="valid_until"),
        Index("uq_negotiation_offers_round", "negotiation_id", "round", unique=True),
    )

    negotiation_id: Mapped[UUID] = mapped_column(ForeignKey("negotiations.id"))
    round: Mapped[int]
    side: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    terms: Mapped[str]
    sheet: Mapped[dict[str, Any]]
    """The term sheet, whole."""
    term_hash: Mapped[str]
    """SHA-256 of its pinned fields."""
    valid_until: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
