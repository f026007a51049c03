"""Rows of files: what was kept, who else may read it, and every reading. No bytes are in any of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import MARKET_NOW, Base, Identified, Stamped
from app.files.states import MACHINE, FileClass, MediaType, ReadWay


def _one_of(kind: type[FileClass] | type[MediaType] | type[ReadWay]) -> str:
    return ", ".join(repr(str(member)) for member in kind)


class FileRow(Identified, Stamped, Base):
    """One file. What it is (bytes, digest, owner) never changes; the bytes may be taken away, and the row stays."""

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(f"file_class IN ({_one_of(FileClass)})", name="file_class"),
        CheckConstraint(f"media_type IN ({_one_of(MediaType)})", name="media_type"),
        CheckConstraint("size > 0 AND octet_length(sha256) = 32", name="digest"),
        CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name="subject"),
        CheckConstraint("opened_at IS NULL OR file_class = 'public'", name="opened"),
        CheckConstraint(
            "(status = 'kept') = (taken_at IS NULL) AND (taken_at IS NULL) = (taken_by IS NULL)"
            " AND (taken_at IS NULL) = (taken_reason IS NULL)",
            name="taken",
        ),
        CheckConstraint("status <> 'kept' OR store_key IS NOT NULL", name="stored"),
        Index("uq_files_store_key", "store_key", unique=True),
        Index("ix_files_owner_party_id", "owner_party_id", "id"),
        Index("ix_files_subject", "subject_kind", "subject_id"),
        Index(
            "ix_files_unused",
            "owner_party_id",
            postgresql_where=text("subject_id IS NULL AND status = 'kept'"),
        ),
        Index(
            "ix_files_to_delete", "id", postgresql_where=text("status <> 'kept' AND store_key IS NOT NULL")
        ),
    )

    owner_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    region_code: Mapped[str]
    file_class: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(BYTEA)
    store_key: Mapped[str | None]
    """Where the bytes lie; null once they are deleted."""
    subject_kind: Mapped[str | None]
    """What the file belongs to, such as `objection`; null until it is used."""
    subject_id: Mapped[UUID | None]
    opened_at: Mapped[datetime | None]
    """Since when anybody may read it."""
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    taken_reason: Mapped[str | None]


class FileReaderRow(Base):
    """A party that may read a file besides its owner, because a room said so."""

    __tablename__ = "file_readers"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)


class FileReadRow(Base):
    """Somebody was given a file's bytes. Null user: a visitor, of a file that is open to all. Only ever inserted."""

    __tablename__ = "file_reads"
    __table_args__ = (
        CheckConstraint(f"way IN ({_one_of(ReadWay)})", name="way"),
        CheckConstraint("(user_id IS NULL) = (party_id IS NULL)", name="reader"),
        Index("ix_file_reads_file_id", "file_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    way: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
