"""Rows of data rooms: files, agreements and who has signed them, questions. What was agreed and signed is append-only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Stamped
from app.markets.dataroom.states import MACHINE, ROOM_CLASSES

_CLASSES = ", ".join(repr(str(one)) for one in ROOM_CLASSES)


class RoomFileRow(Identified, Base):
    """A file in a data room. `pages` for one that carries its reader's name on each page."""

    __tablename__ = "room_files"
    __table_args__ = (
        CheckConstraint(f"file_class IN ({_CLASSES})", name="file_class"),
        CheckConstraint("(file_class = 'nda') = (pages IS NOT NULL)", name="pages"),
        Index("uq_room_files_file_id", "file_id", unique=True),
        Index("ix_room_files_offering_id", "offering_id", "id"),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    file_class: Mapped[str]
    title: Mapped[str]
    pages: Mapped[int | None]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class NdaTextRow(Base):
    """One version of an offering's non-disclosure agreement. The latest is in force. Only ever inserted."""

    __tablename__ = "nda_texts"
    __table_args__ = (CheckConstraint("version > 0 AND octet_length(sha256) = 32", name="version"),)

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(BYTEA)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]


class NdaSignatureRow(Base):
    """A party has signed a version: who for it, when, under which text. Only ever inserted."""

    __tablename__ = "nda_signatures"

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[bytes] = mapped_column(BYTEA)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    user_name: Mapped[str]
    signed_at: Mapped[datetime]


class QuestionRow(Identified, Stamped, Base):
    """A question about an offering, and its answer. Who asked is told to nobody."""

    __tablename__ = "room_questions"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(
            "(status = 'asked') = (answer IS NULL) AND (answer IS NULL) = (answered_by IS NULL)"
            " AND (answer IS NULL) = (answered_at IS NULL)",
            name="answered",
        ),
        Index("ix_room_questions_offering_id", "offering_id", "id"),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    asker_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    asked_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    answer: Mapped[str | None]
    """The answer, or why it is declined."""
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]
