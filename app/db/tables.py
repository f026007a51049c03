"""The kernel's own rows: market time and human numbers."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class MarketClockRow(Base):
    """One row: how market time follows real time. A live database's row cannot be changed (CHECK and trigger)."""

    __tablename__ = "market_clock"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("kind IN ('live', 'sandbox')", name="kind"),
        CheckConstraint("rate BETWEEN 1 AND 1440", name="rate"),
        CheckConstraint("kind = 'sandbox' OR (rate = 1 AND market_at = real_at)", name="live_is_real_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    real_at: Mapped[datetime]
    market_at: Mapped[datetime]
    rate: Mapped[int]


class NumberRow(Base):
    """The last human number given out of a kind in a year."""

    __tablename__ = "numbers"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
