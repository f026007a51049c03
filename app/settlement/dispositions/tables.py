"""Rows of dispositions. What they move is in the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Posted, Priced, Stamped
from app.settlement.dispositions.states import MACHINE


class DispositionRow(Identified, Stamped, Posted, Priced, Base):
    """How one forfeited deposit is used up: proposed by one person, decided by another. Its parts sum to it, in fen."""

    __tablename__ = "deposit_dispositions"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(
            "costs_minor >= 0 AND shortfall_minor >= 0 AND seller_minor >= 0 AND claim_minor >= 0",
            name="parts",
        ),
        CheckConstraint("costs_minor + shortfall_minor + seller_minor = amount_minor", name="sum"),
        CheckConstraint("(status = 'proposed') = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint("decided_by <> entered_by", name="second_person"),
        CheckConstraint("(status = 'confirmed') = (journal_id IS NOT NULL)", name="journal_id"),
        # A refused proposal may be followed by a better one.
        Index(
            "uq_deposit_dispositions_deposit_id",
            "deposit_id",
            unique=True,
            postgresql_where=text("status <> 'refused'"),
        ),
        Index("ix_deposit_dispositions_seller_party_id", "seller_party_id", "id"),
    )

    deposit_id: Mapped[UUID] = mapped_column(ForeignKey("deposits.id"))
    payer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    seller_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    costs_minor: Mapped[int] = mapped_column(BigInteger)
    shortfall_minor: Mapped[int] = mapped_column(BigInteger)
    seller_minor: Mapped[int] = mapped_column(BigInteger)
    claim_minor: Mapped[int] = mapped_column(BigInteger)
    """What costs and shortfall come to beyond the deposit: the defaulting buyer owes it."""
    costs_document_no: Mapped[str | None]
    shortfall_basis: Mapped[str]
    source: Mapped[str]
    note: Mapped[str]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    journal_id: Mapped[UUID | None] = mapped_column(ForeignKey("journals.id"))
