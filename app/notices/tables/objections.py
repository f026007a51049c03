"""An objection to a notice, and its evidence."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Identified, Stamped
from app.notices.states import OBJECTION, UNDECIDED, ObjectionGround, ReviewOutcome, UpheldEffect
from app.notices.tables.notices import one_of

_OPEN = ", ".join(repr(str(one)) for one in sorted(UNDECIDED))


class ObjectionRow(Identified, Stamped, Base):
    """A named person's objection. Deadlines are counted in working days; overdue, nothing is decided by itself."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint(OBJECTION.check_sql(), name="status"),
        CheckConstraint(one_of("ground", ObjectionGround), name="ground"),
        CheckConstraint(one_of("effect", UpheldEffect), name="effect"),
        CheckConstraint(one_of("review_outcome", ReviewOutcome), name="review_outcome"),
        CheckConstraint(
            "status NOT IN ('upheld', 'dismissed', 'rejected_formal')"
            " OR decided_at IS NOT NULL AND findings IS NOT NULL",
            name="decided",
        ),
        CheckConstraint("(statement IS NULL) = (redacted_at IS NOT NULL)", name="redacted"),
        CheckConstraint("(review_outcome IS NULL) = (review_decided_at IS NULL)", name="review"),
        Index("ix_objections_notice", "notice_id", "id"),
        Index("ix_objections_filer", "filer_party_id", "id"),
        Index(
            "uq_objections_open",
            "notice_id",
            "filer_party_id",
            unique=True,
            postgresql_where=text(f"status IN ({_OPEN})"),
        ),
        Index(
            "ix_objections_uncounted",
            "calendar_no",
            postgresql_where=text(f"provisional AND status IN ({_OPEN})"),
        ),
        Index("ix_objections_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
    )

    number: Mapped[str] = mapped_column(unique=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    region_code: Mapped[str] = mapped_column(CHAR(6), index=True)
    owner_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    """Whose notice it is."""
    filer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    filer_user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    filer_name: Mapped[str]
    relation: Mapped[str]
    """What the filer has to do with the matter."""
    ground: Mapped[str]
    statement: Mapped[str | None]
    """What is objected, in the filer's words; NULL once it was lawfully taken away."""
    evidence_note: Mapped[str | None]
    redacted_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(server_default=OBJECTION.initial)
    filed_at: Mapped[datetime]
    accept_due_on: Mapped[date]
    accepted_at: Mapped[datetime | None]
    decide_due_on: Mapped[date | None]
    extended_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    calendar_no: Mapped[int] = mapped_column(BigInteger, server_default="0")
    handler_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    findings: Mapped[str | None]
    effect: Mapped[str | None]
    decision_document_no: Mapped[str | None]
    decided_status: Mapped[str | None]
    """How it was decided, once a review of that is asked for."""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    review_due_on: Mapped[date | None]
    review_requested_at: Mapped[datetime | None]
    review_requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    review_requested_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    review_reason: Mapped[str | None]
    review_outcome: Mapped[str | None]
    review_findings: Mapped[str | None]
    review_document_no: Mapped[str | None]
    review_decided_at: Mapped[datetime | None]
    review_decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reminded_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    """When somebody is reminded that a deadline is over."""
    retry_at: Mapped[datetime | None]


class ObjectionFileRow(Base):
    """A file that the filer puts in evidence."""

    __tablename__ = "objection_files"

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objections.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"), primary_key=True)
    position: Mapped[int]
