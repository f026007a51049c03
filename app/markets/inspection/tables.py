"""Rows of inspection: slots and who has booked them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Stamped
from app.markets.inspection.states import MACHINE


class SlotRow(Identified, Stamped, Base):
    """A time and a place at which an offering can be seen, for so many parties."""

    __tablename__ = "inspection_slots"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint("ends_at > starts_at AND capacity > 0", name="times"),
        Index("ix_inspection_slots_offering_id", "offering_id", "starts_at", "id"),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    capacity: Mapped[int]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))


class SlotBookingRow(Base):
    """A party comes to a slot."""

    __tablename__ = "slot_bookings"

    slot_id: Mapped[UUID] = mapped_column(ForeignKey("inspection_slots.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    booked_at: Mapped[datetime]
