"""One row for each day that a government notice has decided, working or not."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
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
