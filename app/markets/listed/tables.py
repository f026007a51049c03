"""Rows of listings: where each stands, its timetable, and how it was evaluated."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Stamped
from app.markets.listed.rules import Result
from app.markets.listed.states import MACHINE
from app.markets.states import ListingKind
from app.markets.tables import one_of


class ListingRow(Stamped, Base):
    """One listing of an offering. Periods are counted in working days; `provisional`: some of them are undecided yet."""

    __tablename__ = "listings"
    __table_args__ = (
        CheckConstraint(MACHINE.check_sql(), name="status"),
        CheckConstraint(one_of("kind", ListingKind), name="kind"),
        CheckConstraint("ends_at <= evaluates_at", name="order"),
        CheckConstraint(one_of("result", Result), name="result"),
        CheckConstraint("(result IS NULL) = (evaluated_at IS NULL)", name="evaluated"),
        CheckConstraint(
            "(status IN ('listed', 'suspended', 'evaluating')) = (evaluated_at IS NULL)", name="running"
        ),
        CheckConstraint("put_off_count >= 0", name="put_off_count"),
        Index("ix_listings_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
    )

    offering_id: Mapped[UUID] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    status: Mapped[str] = mapped_column(server_default=MACHINE.initial)
    kind: Mapped[str]
    published_on: Mapped[date]
    published_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    ends_on: Mapped[date]
    provisional: Mapped[bool]
    ends_at: Mapped[datetime]
    evaluates_at: Mapped[datetime]
    outage_no: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The latest outage of the service that this listing was judged by."""
    put_off_count: Mapped[int] = mapped_column(server_default="0")
    evaluated_at: Mapped[datetime | None]
    result: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """Real time before which a sweep that failed on this row leaves it alone, so that it holds up no other."""
