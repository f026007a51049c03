"""Rows of confirmation records."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from app.auctions.confirmations.states import MACHINE
from app.db.base import Base, Identified, Stamped


class ConfirmationRow(Identified, Stamped, Base):
    """One confirmation record: what the close decided, with names, written in its commit; then signed by two sides."""

    __tablename__ = "sale_confirmations"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint("octet_length(chain_head) = 32 AND seq > 0 AND bid_no >= 0", name="record"),
        CheckConstraint("price_minor > 0 AND cardinality(buyer_party_ids) > 0", name="buyers"),
        CheckConstraint(
            "status = 'voided' OR (status IN ('buyer_signed', 'signed')) = (buyer_signed_at IS NOT NULL)",
            name="buyer_signed_at",
        ),
        CheckConstraint(
            "status = 'voided' OR (status IN ('organiser_signed', 'signed')) = (organiser_signed_at IS NOT NULL)",
            name="organiser_signed_at",
        ),
        CheckConstraint(
            "(buyer_signed_at IS NULL) = (buyer_signed_by IS NULL)"
            " AND (organiser_signed_at IS NULL) = (organiser_signed_by IS NULL)",
            name="signed_by",
        ),
        CheckConstraint("buyer_signed_by <> organiser_signed_by", name="two_persons"),
        Index("uq_sale_confirmations_number", "number", unique=True),
        Index("uq_sale_confirmations_award_id", "award_id", unique=True),
        Index("uq_sale_confirmations_auction_id", "auction_id", unique=True),
        Index("ix_sale_confirmations_buyers", "buyer_party_ids", postgresql_using="gin"),
    )

    number: Mapped[str]
    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"))
    auction_number: Mapped[str]
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    region_code: Mapped[str]
    title: Mapped[str]
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    seller_name: Mapped[str]
    buyer_party_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    """All buyers, the one who bid for them first."""
    buyers: Mapped[list[dict[str, Any]]]
    """Their names and shares (basis points) as they stood at the close."""
    organiser: Mapped[str]
    source: Mapped[str]
    bidder_code: Mapped[str]
    bid_no: Mapped[int]
    by_priority: Mapped[bool]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    price_figures: Mapped[str]
    price_capitals: Mapped[str | None]
    knocked_down_at: Mapped[datetime]
    seq: Mapped[int]
    chain_head: Mapped[bytes] = mapped_column(BYTEA)
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    buyer_signed_at: Mapped[datetime | None]
    buyer_signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    buyer_signed_name: Mapped[str | None]
    organiser_signed_at: Mapped[datetime | None]
    organiser_signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    organiser_signed_name: Mapped[str | None]
