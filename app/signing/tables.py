"""Rows of signing: keys, signed batches, and which entries of which chain a batch holds.

Batches and their ranges are append-only by trigger; a key is never deleted and its public half never changes.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified
from app.signing.states import MACHINE


class SigningKeyRow(Base):
    """A key of the market. `private_sealed` is NULL where the key is kept in a file, and once it is retired."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        CheckConstraint("kept IN ('sealed', 'sandbox', 'file')", name="kept"),
        CheckConstraint("(status = 'active') = (valid_until IS NULL)", name="validity"),
        CheckConstraint("status = 'active' OR private_sealed IS NULL", name="retired_forgotten"),
        Index("uq_signing_keys_active", "status", unique=True, postgresql_where=text("status = 'active'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[bytes] = mapped_column(BYTEA)
    private_sealed: Mapped[bytes | None] = mapped_column(BYTEA)
    kept: Mapped[str]
    """Where its private half is: sealed with `secret_key`, open in a sandbox, or in a file."""
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]


class SignedBatchRow(Identified, Base):
    """One signature over the Merkle root of so many entries of chains."""

    __tablename__ = "signed_batches"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("octet_length(root) = 32 AND octet_length(signature) = 64", name="lengths"),
    )

    algorithm: Mapped[str]
    root: Mapped[bytes] = mapped_column(BYTEA)
    size: Mapped[int]
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_keys.id"))
    signature: Mapped[bytes] = mapped_column(BYTEA)
    signed_at: Mapped[datetime]


class SignedHeadRow(Base):
    """The head of a chain that has ended, signed and published."""

    __tablename__ = "signed_heads"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("octet_length(hash) = 32 AND octet_length(signature) = 64", name="lengths"),
        Index("ix_signed_heads_signed_at", "signed_at", "chain_id"),
    )

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[bytes] = mapped_column(BYTEA)
    algorithm: Mapped[str]
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_keys.id"))
    signature: Mapped[bytes] = mapped_column(BYTEA)
    signed_at: Mapped[datetime]


class SignedRangeRow(Base):
    """Entries of one chain that stand together in one batch. A chain is an auction's record; its entry has one batch."""

    __tablename__ = "signed_ranges"
    __table_args__ = (
        CheckConstraint("first_seq > 0 AND last_seq >= first_seq AND first_index >= 0", name="numbers"),
        Index("uq_signed_ranges_last_seq", "chain_id", "last_seq", unique=True),
        Index("ix_signed_ranges_batch_id", "batch_id"),
    )

    chain_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_seq: Mapped[int]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("signed_batches.id"))
    first_index: Mapped[int]
