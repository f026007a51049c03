"""One row for each day that a government notice has decided, working or not; one for each change of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import MARKET_NOW, Base


class CalendarDayRow(Base):
    """A decided day. A day without a row is not decided yet: what is said of it is provisional."""

    __tablename__ = "calendar_days"

    on: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    note: Mapped[str | None]
    source: Mapped[str]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    updated_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW, onupdate=MARKET_NOW)


class CalendarRevisionRow(Base):
    """One change of the calendar, from `first_on` to `last_on`. Only ever inserted.

    A date keeps the number by which it was counted; one that was provisional is counted again after a later number.
    """

    __tablename__ = "calendar_revisions"
    __table_args__ = (CheckConstraint("first_on <= last_on", name="order"),)

    no: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    first_on: Mapped[date]
    last_on: Mapped[date]
    source: Mapped[str]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
