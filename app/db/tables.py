"""The kernel's own rows: market time, the heartbeat and its gaps, human numbers."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity
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


class HeartbeatRow(Base):
    """One row: when a serving process last proved that a write commits, in real and in market time. Null: never yet."""

    __tablename__ = "heartbeat"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    real_at: Mapped[datetime | None]
    at: Mapped[datetime | None]
    before_real_at: Mapped[datetime | None]
    before_at: Mapped[datetime | None]


class OutageRow(Base):
    """A gap between two heartbeats. Written by the heartbeat that ended it, never changed."""

    __tablename__ = "outages"
    __table_args__ = (CheckConstraint("began_real_at < ended_real_at", name="order"),)

    no: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    began_real_at: Mapped[datetime]
    ended_real_at: Mapped[datetime]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]


class NumberRow(Base):
    """The last human number given out of a kind in a year."""

    __tablename__ = "numbers"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
