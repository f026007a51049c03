"""Rows of evidence: redactions, and every try to read what is secret before its time or after it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import MARKET_NOW, Base, Identified, Stamped
from app.evidence.rules.redaction import RedactionReason
from app.evidence.states import MACHINE

_REASONS = ", ".join(repr(str(reason)) for reason in RedactionReason)


class RedactionRow(Identified, Stamped, Base):
    """A text of a sale's or a notice's record, or a file, that the law takes away: why, by which paper, asked by whom, decided by whom else."""

    __tablename__ = "redactions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["auction_id", "seq", "field"],
            ["auction_texts.auction_id", "auction_texts.seq", "auction_texts.field"],
            name="fk_redactions_text",
        ),
        ForeignKeyConstraint(
            ["notice_id", "seq", "field"],
            ["notice_blobs.notice_id", "notice_blobs.seq", "notice_blobs.field"],
            name="fk_redactions_blob",
        ),
        CheckConstraint("num_nonnulls(auction_id, notice_id, file_id) = 1", name="of_one"),
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(f"reason IN ({_REASONS})", name="reason"),
        CheckConstraint(
            "(status = 'requested') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)"
            " AND (decided_by IS NULL) = (decided_party_id IS NULL)",
            name="decided",
        ),
        CheckConstraint("decided_by <> requested_by", name="two_persons"),
        Index(
            "uq_redactions_text",
            "auction_id",
            "seq",
            "field",
            unique=True,
            postgresql_where=text("status <> 'refused'"),
        ),
        Index(
            "uq_redactions_blob",
            "notice_id",
            "seq",
            "field",
            unique=True,
            postgresql_where=text("notice_id IS NOT NULL AND status <> 'refused'"),
        ),
        Index(
            "uq_redactions_file",
            "file_id",
            unique=True,
            postgresql_where=text("file_id IS NOT NULL AND status <> 'refused'"),
        ),
    )

    auction_id: Mapped[UUID | None] = mapped_column(ForeignKey("auctions.id"))
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"))
    seq: Mapped[int]
    """The entry of the record; 0 for a file, which goes whole."""
    field: Mapped[str]
    reason: Mapped[str]
    document_no: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    requested_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    requested_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    decided_at: Mapped[datetime | None]


class EvidencePackRow(Identified, Base):
    """A pack that was made: for whom, when, and the digest of its manifest. Its bytes are not kept. Only ever inserted."""

    __tablename__ = "evidence_packs"
    __table_args__ = (
        CheckConstraint("octet_length(manifest_sha256) = 32 AND size > 0", name="digest"),
        Index("uq_evidence_packs_number", "number", unique=True),
        Index("ix_evidence_packs_offering_id", "offering_id", "id"),
    )

    number: Mapped[str]
    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    manifest_sha256: Mapped[bytes] = mapped_column(BYTEA)
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_keys.id"))
    size: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]


class SecretReadRow(Base):
    """Somebody asked for identities or a reserve. Kept whether he got them or not. Only ever inserted."""

    __tablename__ = "secret_reads"
    __table_args__ = (
        CheckConstraint("what IN ('identities', 'reserve')", name="what"),
        CheckConstraint("granted = (refusal IS NULL)", name="refusal"),
        Index("ix_secret_reads_auction_id", "auction_id", "id"),
        Index("ix_secret_reads_user_id", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    auction_id: Mapped[UUID] = mapped_column(ForeignKey("auctions.id"))
    what: Mapped[str]
    granted: Mapped[bool]
    refusal: Mapped[str | None]
    """The code of the refusal that was answered."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
