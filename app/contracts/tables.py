"""Rows of contracts: one for each award."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import CHAR

from app.contracts.states import MACHINE, ContractCategory
from app.db.base import Base, Identified, Posted, Priced, Stamped


class ContractRow(Identified, Stamped, Posted, Priced, Base):
    """A contract record. `entered_by` is whoever offered; both sides confirm what the award says."""

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(
            f"category IN ({', '.join(repr(str(category)) for category in ContractCategory)})",
            name="category",
        ),
        CheckConstraint("amount_minor >= 0", name="amount_minor"),
        CheckConstraint("currency = 'CNY'", name="currency"),
        CheckConstraint("seller_party_id <> buyer_party_id", name="two_parties"),
        CheckConstraint(
            "status = 'voided' OR (status IN ('seller_confirmed', 'confirmed')) = (seller_confirmed_at IS NOT NULL)",
            name="seller_confirmed_at",
        ),
        CheckConstraint(
            "status = 'voided' OR (status IN ('buyer_confirmed', 'confirmed')) = (buyer_confirmed_at IS NOT NULL)",
            name="buyer_confirmed_at",
        ),
        CheckConstraint(
            "(seller_confirmed_at IS NULL) = (seller_confirmed_by IS NULL)", name="seller_confirmed_by"
        ),
        CheckConstraint(
            "(buyer_confirmed_at IS NULL) = (buyer_confirmed_by IS NULL)", name="buyer_confirmed_by"
        ),
        CheckConstraint("(status = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_at"),
        CheckConstraint(
            "(status = 'voided') = (voided_at IS NOT NULL) AND (voided_at IS NULL) = (void_reason IS NULL)",
            name="voided_at",
        ),
        CheckConstraint(
            "(source_demand_id IS NULL) = (cardinality(source_achievement_ids) > 0)", name="source"
        ),
        Index("uq_contracts_number", "number", unique=True),
        Index("uq_contracts_award_id", "award_id", unique=True),
        Index("ix_contracts_seller_party_id", "seller_party_id", "id"),
        Index("ix_contracts_buyer_party_id", "buyer_party_id", "id"),
    )

    number: Mapped[str]
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), index=True)
    offering_number: Mapped[str]
    registration_id: Mapped[UUID | None] = mapped_column(ForeignKey("registrations.id"))
    title: Mapped[str]
    category: Mapped[str]
    mode: Mapped[str]
    path: Mapped[str]
    rule: Mapped[str]
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    buyer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    co_buyer_party_ids: Mapped[list[UUID]] = mapped_column(
        ARRAY(PG_UUID(as_uuid=True)), server_default=text("'{}'::uuid[]")
    )
    """Who buys jointly with the buyer, who bid and confirms for all of them."""
    price: Mapped[dict[str, Any]] = mapped_column(server_default=text("""'{"kind": "lump_sum"}'::jsonb"""))
    """What comes beside the fixed sum: a royalty, a yearly fee."""
    currency: Mapped[str] = mapped_column(CHAR(3), server_default="CNY")
    source_achievement_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    source_demand_id: Mapped[UUID | None] = mapped_column(ForeignKey("demands.id"))
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    awarded_at: Mapped[datetime]
    confirm_due_on: Mapped[date]
    sign_due_on: Mapped[date]
    due_provisional: Mapped[bool]
    """Whether a day that the due dates were counted over has not been decided by the government yet."""
    seller_confirmed_at: Mapped[datetime | None]
    seller_confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    buyer_confirmed_at: Mapped[datetime | None]
    buyer_confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
