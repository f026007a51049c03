"""A notice, where it appears, and who wants to be told of it."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from app.db.base import Base, Identified, Stamped
from app.notices.states import LIVE, NOTICE, NoticeKind, PlaceKind


def one_of(column: str, words: Iterable[StrEnum]) -> str:
    """The CHECK of a column that holds one of these words."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


_LIVE = ", ".join(repr(str(one)) for one in sorted(LIVE))


class NoticeRow(Identified, Stamped, Base):
    """A notice and its clock. What it says stands in its record; `title` is a copy for lists.

    counted_from, counted_value, least_days: of the segment in which the clock runs (`rules.clock.Segment`);
    counted_value alone, while it stands still, is what is left. outage_no, calendar_no: by what it was last judged.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint(NOTICE.check_sql(), name="status"),
        CheckConstraint(one_of("kind", NoticeKind), name="kind"),
        CheckConstraint("period_unit IN ('calendar_day', 'working_day')", name="unit"),
        CheckConstraint(
            "period_value >= floor_value AND floor_value >= 0 AND period_value > 0", name="floor"
        ),
        CheckConstraint("cutoff_minute BETWEEN 1 AND 1440", name="cutoff"),
        CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name="paused"),
        CheckConstraint("status <> 'scheduled' OR starts_at IS NULL", name="scheduled"),
        CheckConstraint("status NOT IN ('running', 'passed') OR ends_at IS NOT NULL", name="running"),
        CheckConstraint("starts_at IS NULL OR ends_at IS NULL OR ends_at > starts_at", name="order"),
        CheckConstraint("open_objections >= 0", name="objections"),
        CheckConstraint(f"(status IN ({_LIVE})) = (ended_at IS NULL)", name="ended"),
        Index("ix_notices_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
        Index("ix_notices_about", "about_id", "kind"),
        Index("ix_notices_owner", "owner_party_id", "id"),
        Index(
            "uq_notices_live",
            "about_kind",
            "about_id",
            "kind",
            unique=True,
            postgresql_where=text(f"status IN ({_LIVE})"),
        ),
        Index("ix_notices_running_until", "ends_at", postgresql_where=text("status = 'running'")),
        Index(
            "ix_notices_uncounted",
            "calendar_no",
            postgresql_where=text("provisional AND status = 'running'"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    about_kind: Mapped[str]
    about_id: Mapped[UUID]
    owner_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    region_code: Mapped[str] = mapped_column(CHAR(6), index=True)
    title: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=NOTICE.initial)
    revision: Mapped[int] = mapped_column(server_default="1")
    """How often what it says was published: 1, and one more for each mend."""
    audience: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default="{}")
    watching: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default="{}")
    """Parties whose people watch it."""
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime]
    period_value: Mapped[int]
    period_unit: Mapped[str]
    floor_value: Mapped[int]
    cutoff_minute: Mapped[int]
    supplement_days_min: Mapped[int]
    objection_terms: Mapped[dict[str, Any]]
    sources: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime | None]
    starts_on: Mapped[date | None]
    counted_from: Mapped[date | None]
    counted_value: Mapped[int]
    least_days: Mapped[int] = mapped_column(server_default="0")
    ends_on: Mapped[date | None]
    ends_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    calendar_no: Mapped[int] = mapped_column(BigInteger, server_default="0")
    outage_no: Mapped[int] = mapped_column(BigInteger, server_default="0")
    paused_at: Mapped[datetime | None]
    open_objections: Mapped[int] = mapped_column(server_default="0")
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("notices.id"))
    seq: Mapped[int] = mapped_column(server_default="0")
    chain_head: Mapped[bytes] = mapped_column(BYTEA)
    content_hash: Mapped[bytes] = mapped_column(BYTEA)
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """Real time before which a sweep that failed on this row leaves it alone, so that it holds up no other."""


class NoticePlaceRow(Base):
    """A place where a notice has to appear. live_at: from when it counts; shown_at: since when it shows it, as attested."""

    __tablename__ = "notice_places"
    __table_args__ = (
        CheckConstraint(one_of("kind", PlaceKind), name="kind"),
        CheckConstraint("(live_at IS NULL) = (shown_at IS NULL) AND shown_at <= live_at", name="live"),
        CheckConstraint("kind = 'market' OR live_at IS NULL OR attested_by IS NOT NULL", name="attested"),
        Index("ix_notice_places_file", "evidence_file_id"),
    )

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str | None]
    starts_clock: Mapped[bool] = mapped_column(server_default=text("true"))
    shown_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    attested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    evidence_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id"))


class NoticeWatcherRow(Base):
    """A person who wants to be told of a notice's mends and its end."""

    __tablename__ = "notice_watchers"
    __table_args__ = (Index("ix_notice_watchers_user", "user_id", "notice_id"),)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), primary_key=True)
    since: Mapped[datetime]
