"""Rows of granted rights, and one row for each right, which is what granting it locks."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.db.base import Base, Identified
from app.listings.grants.states import MACHINE, GrantEnd, GrantSource, ModeClass


def _one_of(column: str, words: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


class RightRow(Base):
    """A right by its key: locked by whoever grants it or brings it to market, so that two of them do not pass by."""

    __tablename__ = "rights"

    right_key: Mapped[str] = mapped_column(primary_key=True)


class GrantRow(Identified, Base):
    """What was granted on one right by one contract. Of its columns only those of its end ever change.

    source_id: the award, or a number of its own for a contract made elsewhere, which may be of several rights. The grantee
    is a party, or only named where he has no account. No territories: it is not known where.
    """

    __tablename__ = "granted_rights"
    __table_args__ = (
        CheckConstraint(_one_of("mode_class", ModeClass), name="mode_class"),
        CheckConstraint(_one_of("source", GrantSource), name="source"),
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(_one_of("end_reason", GrantEnd), name="end_reason"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint(
            "(status = 'ended') = (ended_at IS NOT NULL AND end_reason IS NOT NULL)", name="ended"
        ),
        CheckConstraint("source = 'award' OR document_no IS NOT NULL", name="paper"),
        CheckConstraint("cardinality(fields) > 0", name="fields"),
        Index("uq_granted_rights_source", "source", "source_id", "right_key", unique=True),
        Index("ix_granted_rights_live", "right_key", postgresql_where=text("status = 'live'")),
        Index("ix_granted_rights_achievement_id", "achievement_id", "id"),
    )

    right_key: Mapped[str] = mapped_column(ForeignKey("rights.right_key"))
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievements.id"))
    mode_class: Mapped[str]
    grantor_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    grantee_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    grantee_name: Mapped[str]
    territories: Mapped[list[str]] = mapped_column(ARRAY(Text()))
    fields: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    field_text: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    source: Mapped[str]
    source_id: Mapped[UUID]
    document_no: Mapped[str | None]
    file_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    end_document_no: Mapped[str | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
