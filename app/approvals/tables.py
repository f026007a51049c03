"""Rows of chains, cases, their steps, opinions and records, delegations, and the folders of deals.

A chain's row never changes but for its retirement: a case pins the version that it was opened with. A case's record and
opinions are append-only by trigger.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.approvals.states import (
    CASE,
    LIVE,
    STEP,
    Decision,
    DecisionSubject,
    EntryKind,
    FolderKind,
    StepKind,
    StepQuorum,
)
from app.db.base import MARKET_NOW, Base, Identified, Posted, Stamped

TEXTS = ARRAY(Text())
IDS = ARRAY(PG_UUID(as_uuid=True))
NONE_TEXTS = text("'{}'::text[]")
NONE_IDS = text("'{}'::uuid[]")


def one_of(column: str, words: Iterable[object]) -> str:
    """The CHECK of a column that holds one of these words."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"


def some_of(column: str, words: Iterable[object]) -> str:
    """The CHECK of an array of these words."""
    return f"{column} <@ ARRAY[{', '.join(repr(str(word)) for word in words)}]::text[]"


class ChainRow(Identified, Base):
    """One version of an organisation's chain. `steps` are `rules.chain.Step` as JSON; `required`: papers it asks for."""

    __tablename__ = "approval_chains"
    __table_args__ = (
        CheckConstraint(some_of("subject_kinds", DecisionSubject), name="subject_kinds"),
        CheckConstraint(some_of("required", FolderKind), name="required"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("jsonb_array_length(steps) > 0", name="steps"),
        Index("uq_approval_chains_version", "party_id", "name", "version", unique=True),
        Index(
            "uq_approval_chains_live",
            "party_id",
            "name",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    name: Mapped[str]
    version: Mapped[int]
    subject_kinds: Mapped[list[str]] = mapped_column(TEXTS)
    required: Mapped[list[str]] = mapped_column(TEXTS, server_default=NONE_TEXTS)
    steps: Mapped[list[dict[str, Any]]]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class CaseRow(Identified, Stamped, Posted, Base):
    """One decision of an organisation. `entered_by` put it together and never decides it.

    deal_id: the offering whose folder holds the papers. amount_minor: fen; null where it is not known, and then every
    step binds. terms_hash: of the exact terms that are decided on, where they have one. round: how often it was submitted.
    """

    __tablename__ = "approval_cases"
    __table_args__ = (
        CheckConstraint(CASE.check_sql(), name="status"),
        CheckConstraint(one_of("subject_kind", DecisionSubject), name="subject_kind"),
        CheckConstraint(some_of("required", FolderKind), name="required"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint(
            "round >= 0 AND (status = 'draft' OR status = 'cancelled' OR round > 0)", name="round"
        ),
        CheckConstraint(
            "(status IN ('approved', 'refused', 'cancelled')) = (ended_at IS NOT NULL)", name="ended"
        ),
        CheckConstraint(
            "(status = 'approved') = (document_no IS NOT NULL AND decided_on IS NOT NULL)", name="decided"
        ),
        CheckConstraint("seq > 0 AND octet_length(head) = 32", name="record"),
        Index("uq_approval_cases_number", "number", unique=True),
        Index("ix_approval_cases_party_id", "party_id", "id"),
        Index("ix_approval_cases_subject", "subject_kind", "subject_id", "party_id"),
        Index("ix_approval_cases_deal_id", "deal_id"),
        Index(
            "uq_approval_cases_live",
            "subject_kind",
            "subject_id",
            "party_id",
            unique=True,
            postgresql_where=text(one_of("status", LIVE)),
        ),
    )

    number: Mapped[str]
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    chain_id: Mapped[UUID] = mapped_column(ForeignKey("approval_chains.id"))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    deal_id: Mapped[UUID]
    title: Mapped[str]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    terms_hash: Mapped[str | None]
    required: Mapped[list[str]] = mapped_column(TEXTS, server_default=NONE_TEXTS)
    status: Mapped[str] = mapped_column(server_default=CASE.initial)
    round: Mapped[int] = mapped_column(server_default="0")
    maker_ids: Mapped[list[UUID]] = mapped_column(IDS)
    """Who opened it and who has submitted it: none of them decides."""
    document_no: Mapped[str | None]
    decided_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    seq: Mapped[int]
    head: Mapped[bytes] = mapped_column(BYTEA)


class StepRow(Base):
    """A step of one round of a case, as its chain said. Times in market time; `due_at` is 24:00 of `due_on`."""

    __tablename__ = "approval_steps"
    __table_args__ = (
        CheckConstraint(STEP.check_sql(), name="status"),
        CheckConstraint(one_of("kind", StepKind), name="kind"),
        CheckConstraint(one_of("quorum", StepQuorum), name="quorum"),
        CheckConstraint("(cardinality(user_ids) = 0) = (role IS NOT NULL)", name="approvers"),
        CheckConstraint("(opened_at IS NULL) = (due_on IS NULL)", name="opened"),
        CheckConstraint("next_due_at IS NULL OR status = 'open'", name="due"),
        Index("ix_approval_steps_due", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
        Index("ix_approval_steps_open", "case_id", postgresql_where=text("status = 'open'")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("approval_cases.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_no: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    quorum: Mapped[str]
    user_ids: Mapped[list[UUID]] = mapped_column(IDS, server_default=NONE_IDS)
    role: Mapped[str | None]
    from_minor: Mapped[int] = mapped_column(BigInteger)
    below_minor: Mapped[int | None] = mapped_column(BigInteger)
    deadline_days: Mapped[int]
    reminder_days: Mapped[int | None]
    status: Mapped[str] = mapped_column(server_default=STEP.initial)
    opened_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    provisional: Mapped[bool] = mapped_column(server_default="false")
    reminders: Mapped[int] = mapped_column(server_default="0")
    """How many of its reminders have gone out."""
    next_due_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class EntryRow(Base):
    """An entry of a case's record: a hash chain. Only ever inserted."""

    __tablename__ = "approval_entries"
    __table_args__ = (
        CheckConstraint(one_of("kind", EntryKind), name="kind"),
        CheckConstraint("seq > 0 AND octet_length(previous) = 32 AND octet_length(hash) = 32", name="link"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("approval_cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    at: Mapped[datetime]
    actor_user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    """Null where time itself acted: a reminder."""
    payload: Mapped[dict[str, Any]]
    previous: Mapped[bytes] = mapped_column(BYTEA)
    hash: Mapped[bytes] = mapped_column(BYTEA)


class EntryTextRow(Base):
    """A free text of a record, beside its chain. It goes once, with its salt, where the law takes it away."""

    __tablename__ = "approval_texts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["case_id", "seq"],
            ["approval_entries.case_id", "approval_entries.seq"],
            name="fk_approval_texts_entry",
        ),
        CheckConstraint("octet_length(salt) = 16", name="salt"),
        CheckConstraint(
            "(text IS NULL) = (redacted_at IS NOT NULL) AND (salt IS NULL) = (text IS NULL)", name="redacted"
        ),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    field: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[bytes | None] = mapped_column(BYTEA)
    text: Mapped[str | None]
    redacted_at: Mapped[datetime | None]


class OpinionRow(Base):
    """What somebody said to a step, and in whose name. One for each person, and one for each name. Only ever inserted."""

    __tablename__ = "approval_opinions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["case_id", "round", "position"],
            ["approval_steps.case_id", "approval_steps.round", "approval_steps.position"],
            name="fk_approval_opinions_step",
        ),
        CheckConstraint(one_of("decision", Decision), name="decision"),
        Index("uq_approval_opinions_seat", "case_id", "round", "position", "seat_user_id", unique=True),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seat_user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    decision: Mapped[str]
    seq: Mapped[int]
    """The entry of the record that holds it."""
    at: Mapped[datetime]


class DelegationRow(Identified, Base):
    """Somebody speaks for an approver from one legal day to another, both counted."""

    __tablename__ = "approval_delegations"
    __table_args__ = (
        CheckConstraint(some_of("kinds", StepKind), name="kinds"),
        CheckConstraint("from_on <= until_on", name="days"),
        CheckConstraint("from_user_id <> to_user_id", name="two_persons"),
        Index("ix_approval_delegations_party_id", "party_id", "to_user_id"),
    )

    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    from_user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    to_user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    kinds: Mapped[list[str]] = mapped_column(TEXTS, server_default=NONE_TEXTS)
    document_no: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
    revoked_at: Mapped[datetime | None]


class FolderItemRow(Identified, Base):
    """A paper in the folder of a deal. `deal_id`: the offering. A newer paper of the same kind and title replaces it."""

    __tablename__ = "folder_items"
    __table_args__ = (
        CheckConstraint(one_of("kind", FolderKind), name="kind"),
        CheckConstraint("document_no IS NOT NULL OR file_id IS NOT NULL", name="paper"),
        CheckConstraint("(replaced_at IS NULL) = (replaced_by IS NULL)", name="replaced"),
        Index("ix_folder_items_deal_id", "deal_id", "party_id", "kind"),
        Index(
            "uq_folder_items_live",
            "deal_id",
            "party_id",
            "kind",
            "title",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    deal_id: Mapped[UUID]
    party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"))
    kind: Mapped[str]
    title: Mapped[str]
    document_no: Mapped[str | None]
    file_id: Mapped[UUID | None]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
