"""The record of a notice: entries in a chain, what stands beside them, what held the clock, and how it was mended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Stamped
from app.notices.rules.record import EntryKind
from app.notices.states import MEND, MendKind, PauseCause
from app.notices.tables.notices import one_of


class NoticeEntryRow(Base):
    """One entry of a notice's record. Append-only by trigger."""

    __tablename__ = "notice_entries"
    __table_args__ = (
        CheckConstraint(one_of("kind", EntryKind), name="kind"),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("octet_length(prev_hash) = 32 AND octet_length(hash) = 32", name="lengths"),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    prev_hash: Mapped[bytes] = mapped_column(BYTEA)
    hash: Mapped[bytes] = mapped_column(BYTEA)


class NoticeBlobRow(Base):
    """What an entry says in one field, with the salt of its commitment. It is only ever taken away, by trigger."""

    __tablename__ = "notice_blobs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["notice_id", "seq"],
            ["notice_entries.notice_id", "notice_entries.seq"],
            name="fk_notice_blobs_entry",
        ),
        CheckConstraint("octet_length(salt) = 16", name="salt"),
        CheckConstraint(
            "(value IS NULL) = (redacted_at IS NOT NULL) AND (salt IS NULL) = (value IS NULL)",
            name="redacted",
        ),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[bytes | None] = mapped_column(BYTEA)
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    redacted_at: Mapped[datetime | None]
    redaction: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    """Why it is not there: the public class of the reason, the paper, who asked and who decided."""


class NoticeHoldRow(Identified, Base):
    """A cause for which a notice's clock stood still. The clock runs while none is open."""

    __tablename__ = "notice_holds"
    __table_args__ = (
        CheckConstraint(one_of("cause", PauseCause), name="cause"),
        CheckConstraint("ended_at >= began_at", name="order"),
        CheckConstraint("resume_min_days >= 1", name="resume"),
        CheckConstraint("(cause = 'objection') = (objection_id IS NOT NULL)", name="objection"),
        Index("ix_notice_holds_notice", "notice_id", "began_at"),
        Index(
            "uq_notice_holds_objection",
            "objection_id",
            unique=True,
            postgresql_where=text("objection_id IS NOT NULL"),
        ),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    cause: Mapped[str]
    objection_id: Mapped[UUID | None] = mapped_column(ForeignKey("objections.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    resume_min_days: Mapped[int]
    note: Mapped[str | None]


class NoticeMendRow(Identified, Stamped, Base):
    """A correction or supplement: proposed by one person, confirmed by another; or the change that made a new notice."""

    __tablename__ = "notice_mends"
    __table_args__ = (
        CheckConstraint(MEND.check_sql(), name="status"),
        CheckConstraint(one_of("kind", MendKind), name="kind"),
        CheckConstraint("decided_by <> proposed_by OR status = 'dropped'", name="two_persons"),
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("days >= 0", name="days"),
        Index("ix_notice_mends_notice", "notice_id", "id"),
        Index("uq_notice_mends_open", "notice_id", unique=True, postgresql_where=text("status = 'proposed'")),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    kind: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=MEND.initial)
    fields: Mapped[dict[str, Any]]
    """The new values by their fields, until they stand in the record."""
    reason: Mapped[str]
    document_no: Mapped[str | None]
    days: Mapped[int] = mapped_column(server_default="0")
    """By how many days of the notice's unit a supplement extends it."""
    seq: Mapped[int | None]
    """The entry in which it stands, once it is confirmed."""
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    proposed_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    refused_reason: Mapped[str | None]
