"""Rows of registrations, and of who has read them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import MARKET_NOW, Base, Identified, Posted, Stamped
from app.markets.registrations.states import MACHINE


class RegistrationRow(Identified, Stamped, Posted, Base):
    """One buyer's registration for one offering. `deposit_minor` is what this offering asked when it was made."""

    __tablename__ = "registrations"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint("deposit_minor >= 0", name="deposit"),
        CheckConstraint("quote_minor > 0", name="quote"),
        CheckConstraint("agent_limit_minor IS NULL OR agent_user_id IS NOT NULL", name="agent"),
        CheckConstraint("(passed IS NULL) = (decided_by IS NULL)", name="decided"),
        CheckConstraint(
            "status NOT IN ('qualified', 'winner', 'not_winner', 'defaulted')"
            " OR (passed AND (deposit_minor = 0 OR deposit_held_at IS NOT NULL))",
            name="qualified",
        ),
        Index("uq_registrations_number", "number", unique=True),
        Index("uq_registrations_buyer", "offering_id", "buyer_party_id", unique=True),
        Index("uq_registrations_code", "offering_id", "bidder_code", unique=True),
        Index("ix_registrations_buyer_party_id", "buyer_party_id", "id"),
    )

    number: Mapped[str]
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    buyer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    agent_name: Mapped[str | None]
    agent_phone: Mapped[str | None]
    note: Mapped[str | None]
    quote_minor: Mapped[int | None] = mapped_column(BigInteger)
    deposit_minor: Mapped[int] = mapped_column(BigInteger)
    deposit_held_at: Mapped[datetime | None]
    passed: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    agent_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    """Who alone bids for the buyer in this sale. Null: whoever of its people may bid at all."""
    agent_limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    """What he may bid at most, in fen."""
    bidder_code: Mapped[str | None]
    concluded_at: Mapped[datetime | None]


class RegistrationReadRow(Base):
    """Who has read which registrations of which offering, when. Only ever inserted."""

    __tablename__ = "registration_reads"
    __table_args__ = (Index("ix_registration_reads_offering_id", "offering_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    offering_id: Mapped[UUID | None] = mapped_column(ForeignKey("offerings.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    registration_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
