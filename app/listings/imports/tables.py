"""Rows of imports: the runs, stored mappings, and what was said about rows. No cell's text is in any of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Posted, Stamped
from app.listings.imports.states import MACHINE, FileFormat

_FORMATS = ", ".join(repr(str(kind)) for kind in FileFormat)


class ImportMappingRow(Identified, Stamped, Posted, Base):
    """How a file's columns become an achievement's fields, kept under a name for the next file."""

    __tablename__ = "import_mappings"
    __table_args__ = (Index("ix_import_mappings_party_id", "party_id", "id"),)

    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    name: Mapped[str]
    mapping: Mapped[dict[str, Any]]


class ImportRow(Identified, Stamped, Posted, Base):
    """One import. `party_id` is who asked for it, `holder_party_id` who will own what it makes."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(f"format IN ({_FORMATS})", name="format"),
        CheckConstraint("(status = 'failed') = (failure_code IS NOT NULL)", name="failure"),
        CheckConstraint(
            "created_rows >= 0 AND updated_rows >= 0 AND unchanged_rows >= 0 AND beyond_draft_rows >= 0"
            " AND refused_rows >= 0 AND created_rows + updated_rows + unchanged_rows + beyond_draft_rows"
            " + refused_rows = rows_done",
            name="counts",
        ),
        Index("ix_imports_party_id", "party_id", "id"),
        Index(
            "ix_imports_unfinished", "touched_at", postgresql_where=text("status IN ('queued', 'running')")
        ),
    )

    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    holder_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    format: Mapped[str]
    source: Mapped[str]
    dry_run: Mapped[bool]
    mapping: Mapped[dict[str, Any] | None]
    file_name: Mapped[str | None]
    """The random name under which the file waits; null once it is deleted."""
    file_bytes: Mapped[int] = mapped_column(BigInteger)
    file_digest: Mapped[bytes] = mapped_column(BYTEA)
    rows_total: Mapped[int | None]
    last_row: Mapped[int] = mapped_column(server_default="0")
    """The number of the last row that a committed chunk has dealt with: a second attempt goes on behind it."""
    rows_done: Mapped[int] = mapped_column(server_default="0")
    created_rows: Mapped[int] = mapped_column(server_default="0")
    updated_rows: Mapped[int] = mapped_column(server_default="0")
    unchanged_rows: Mapped[int] = mapped_column(server_default="0")
    beyond_draft_rows: Mapped[int] = mapped_column(server_default="0")
    refused_rows: Mapped[int] = mapped_column(server_default="0")
    failure_code: Mapped[str | None]
    failure_zh: Mapped[str | None]
    failure_en: Mapped[str | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    touched_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    """Real time of the last sign of life; market time could leap over a run that is well."""


class ImportFindingRow(Base):
    """One thing that was said about one row: where, which rule, and why. Never what the cell held."""

    __tablename__ = "import_findings"
    __table_args__ = (CheckConstraint("outcome IN ('refused', 'not_changed_beyond_draft')", name="outcome"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str]
    pointer: Mapped[str | None]
    column: Mapped[str | None]
    code: Mapped[str]
    reason_zh: Mapped[str]
    reason_en: Mapped[str]
