"""The outbox, the relay's place in it, and the handlers' places."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from app.db.base import Base


class Xid8(UserDefinedType[int]):
    """A full transaction id, which never wraps round."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The column's type in SQL."""
        return "XID8"


class EventRow(Base):
    """One event. `position` is given by the relay, dense and in commit order."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_unplaced", "xid", "id", postgresql_where=text("position IS NULL")),
        Index("uq_events_position", "position", unique=True),
        Index("ix_events_parties", "parties", postgresql_using="gin"),
        Index("ix_events_subject_id", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))
    position: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    public: Mapped[bool]
    parties: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class RelayRow(Base):
    """One row: the last position that was given. Its lock is what makes the relay one."""

    __tablename__ = "event_relay"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_position: Mapped[int] = mapped_column(BigInteger)


class CursorRow(Base):
    """How far a handler has come. Advanced in the transaction of the handler's effect, so an effect happens once."""

    __tablename__ = "event_cursors"

    handler: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    retry_at: Mapped[datetime | None]


class ParkedRow(Base):
    """An event that a handler could not digest after its attempts: set aside, visible, so that others go on."""

    __tablename__ = "event_parked"

    handler: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    error: Mapped[str]
    parked_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
