"""Rows of the ledger, deposits, bank arrivals and refunds.

Triggers (migration 0004) hold what columns cannot: journals and postings are only ever inserted, a journal's postings
are written in its own transaction and sum to zero at commit, and an account's balance moves by postings alone.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import CHAR

from app.db.base import MARKET_NOW, Base, Identified, Posted, Priced, Stamped
from app.events.tables import Xid8
from app.settlement.states import (
    ARRIVAL,
    DEPOSIT,
    REFUND,
    AccountKind,
    ArrivalException,
    JournalKind,
)


def _among(column: str, kinds: type[AccountKind] | type[JournalKind] | type[ArrivalException]) -> str:
    return f"{column} IN ({', '.join(repr(str(kind)) for kind in kinds)})"


CURRENCY_CHECK = "currency = 'CNY'"


class DepositRow(Identified, Stamped, Priced, Base):
    """A deposit of one registration, for a sale or a session. `reference_id` is that registration, in a room above."""

    __tablename__ = "deposits"
    __table_args__ = (
        Index("uq_deposits_number", "number", unique=True),
        Index("uq_deposits_reference_id", "reference_id", unique=True),
        CheckConstraint(DEPOSIT.check_sql(), name="status"),
        CheckConstraint(CURRENCY_CHECK, name="currency"),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("divided_minor >= 0 AND divided_minor <= amount_minor", name="divided_minor"),
        CheckConstraint("divided_minor = 0 OR held_at IS NOT NULL", name="divided_when_held"),
        CheckConstraint("(status IN ('required', 'lapsed')) = (held_at IS NULL)", name="held_at"),
        CheckConstraint("(status IN ('required', 'held')) = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("status <> 'forfeited' OR decision_reference IS NOT NULL", name="decision_reference"),
        CheckConstraint(
            "(status = 'applied') = (contract_id IS NOT NULL AND applied_to_party_id IS NOT NULL)",
            name="applied",
        ),
    )

    number: Mapped[str]
    reference_id: Mapped[UUID]
    payer_party_id: Mapped[UUID] = mapped_column(ForeignKey("parties.id"), index=True)
    region_code: Mapped[str] = mapped_column(CHAR(6), index=True)
    currency: Mapped[str] = mapped_column(CHAR(3), server_default="CNY")
    divided_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """What was taken out of it into deposits of their own, in fen: a session's units that won their lots."""
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(server_default=DEPOSIT.initial)
    held_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    decision_reference: Mapped[str | None]
    contract_id: Mapped[UUID | None]
    applied_to_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))

    @property
    def left_minor(self) -> int:
        """What it holds or asks for, in fen: the amount without what was divided off."""
        return self.amount_minor - self.divided_minor


class AccountRow(Base):
    """An account. Its balance is the sum of its postings: the bank's never below zero, all others never above."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint(
            "kind",
            "currency",
            "party_id",
            "deposit_id",
            name="uq_accounts_owner",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(_among("kind", AccountKind), name="kind"),
        CheckConstraint(CURRENCY_CHECK, name="currency"),
        CheckConstraint(
            "CASE WHEN kind = 'bank' THEN balance_minor >= 0 ELSE balance_minor <= 0 END",
            name="balance_minor",
        ),
        CheckConstraint("(kind = 'deposit') = (deposit_id IS NOT NULL)", name="deposit_id"),
        CheckConstraint(
            "kind = 'refund_payable' OR (kind = 'seller_payable') = (party_id IS NOT NULL)", name="party_id"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    currency: Mapped[str] = mapped_column(CHAR(3), server_default="CNY")
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"))
    deposit_id: Mapped[UUID | None] = mapped_column(ForeignKey("deposits.id"))
    balance_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)


class JournalRow(Identified, Base):
    """What happened, why, and what it refers to. Only ever inserted; a mistake is undone by a reversal."""

    __tablename__ = "journals"
    __table_args__ = (
        CheckConstraint(_among("kind", JournalKind), name="kind"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses_id"),
        Index("uq_journals_reverses_id", "reverses_id", unique=True),
        Index("ix_journals_reference_id", "reference_id"),
    )

    kind: Mapped[str]
    reference_kind: Mapped[str]
    reference_id: Mapped[UUID]
    reason: Mapped[str | None]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("journals.id"))
    at: Mapped[datetime]
    xid: Mapped[int] = mapped_column(Xid8(), server_default=text("pg_current_xact_id()"))


class PostingRow(Base):
    """One line of a journal: debit above zero, credit below. Only ever inserted."""

    __tablename__ = "postings"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount_minor"),
        Index("ix_postings_account_id", "account_id", "id"),
        Index("ix_postings_journal_id", "journal_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    journal_id: Mapped[UUID] = mapped_column(ForeignKey("journals.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class ArrivalRow(Identified, Stamped, Posted, Priced, Base):
    """A line of the bank's statement: entered by one person, decided by another."""

    __tablename__ = "bank_arrivals"
    __table_args__ = (
        Index("uq_bank_arrivals_number", "number", unique=True),
        # A refused entry was a mistake: the right one may carry the same serial number.
        Index(
            "uq_bank_arrivals_bank_reference",
            "bank_reference",
            unique=True,
            postgresql_where=text("status <> 'refused'"),
        ),
        Index("ix_bank_arrivals_status", "status", "id"),
        CheckConstraint(ARRIVAL.check_sql(), name="status"),
        CheckConstraint(CURRENCY_CHECK, name="currency"),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint(_among("exception", ArrivalException), name="exception"),
        CheckConstraint("(status = 'entered') = (decided_by IS NULL)", name="decided_by"),
        CheckConstraint("decided_by <> entered_by", name="second_person"),
        CheckConstraint("status <> 'exception' OR exception IS NOT NULL", name="exception_named"),
    )

    number: Mapped[str]
    bank_reference: Mapped[str]
    payer_name: Mapped[str]
    currency: Mapped[str] = mapped_column(CHAR(3), server_default="CNY")
    posted_at: Mapped[datetime]
    remittance_note: Mapped[str]
    deposit_id: Mapped[UUID | None] = mapped_column(ForeignKey("deposits.id"), index=True)
    status: Mapped[str] = mapped_column(server_default=ARRIVAL.initial)
    exception: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    journal_id: Mapped[UUID | None] = mapped_column(ForeignKey("journals.id"))


class RefundRow(Identified, Stamped, Priced, Base):
    """Money to be sent back by the channel that it came through: ordered by one person, confirmed by another."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint(REFUND.check_sql(), name="status"),
        CheckConstraint(CURRENCY_CHECK, name="currency"),
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        CheckConstraint("(status = 'payable') = (ordered_by IS NULL)", name="ordered_by"),
        CheckConstraint("(status = 'payable') = (bank_reference IS NULL)", name="bank_reference"),
        CheckConstraint("(status = 'sent') = (confirmed_by IS NOT NULL)", name="confirmed_by"),
        CheckConstraint("confirmed_by <> ordered_by", name="second_person"),
        Index("ix_refunds_status", "status", "id"),
        Index("uq_refunds_bank_reference", "bank_reference", unique=True),
    )

    region_code: Mapped[str] = mapped_column(CHAR(6), index=True)
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("parties.id"), index=True)
    payee_name: Mapped[str]
    currency: Mapped[str] = mapped_column(CHAR(3), server_default="CNY")
    reason: Mapped[str]
    deposit_id: Mapped[UUID | None] = mapped_column(ForeignKey("deposits.id"), index=True)
    arrival_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank_arrivals.id"), index=True)
    status: Mapped[str] = mapped_column(server_default=REFUND.initial)
    bank_reference: Mapped[str | None]
    ordered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime | None]


class DepositReadRow(Base):
    """Who of the staff has read whose deposits: before the close they tell who has registered."""

    __tablename__ = "deposit_reads"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    deposit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)))
    at: Mapped[datetime] = mapped_column(server_default=MARKET_NOW)
