"""Settlement's wire shapes."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.kit.dates import Instant
from app.kit.money import Money, fen
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, ShortText
from app.settlement.states import (
    AccountKind,
    ArrivalException,
    ArrivalStatus,
    DepositStatus,
    JournalKind,
    RefundStatus,
)

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def _some(text: str) -> str:
    if not fen(text):
        raise ValueError("an amount above 0.00 is needed")
    return text


def _this_century(at: datetime) -> datetime:
    if at < EARLIEST:
        raise ValueError("the time lies before the year 2000")
    return at


BankReference = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z_./-]{1,64}$"),
    Field(examples=["20261120-000123"], description="The bank's serial number of the line (银行流水号)."),
]
Side = Literal["debit", "credit"]


class ArrivalIn(Input):
    """A line of the bank's statement, as it stands there."""

    bank_reference: BankReference
    payer_name: Line
    amount: Annotated[Money, AfterValidator(_some)]
    posted_at: Annotated[Instant, AfterValidator(_this_century)] = Field(
        description="When the bank posted it. This decides whether a deposit was in time."
    )
    remittance_note: ShortText = Field(description="The payer's note; it holds the deposit's number (BZ-…).")


class BankReasonIn(Input):
    """Why."""

    reason: ShortText


class RefundOrderIn(Input):
    """The number of the payment order at the bank."""

    bank_reference: BankReference


class DepositOut(Output):
    """A deposit. Its payer and finance see it, nobody else."""

    id: UUID
    number: str
    reference_id: UUID = Field(description="The registration that it secures.")
    payer_party_id: UUID
    payer_name: str
    region_code: str
    amount: MoneyOut
    left: MoneyOut = Field(description="The amount without what was divided off for lots won in a session.")
    due_at: Instant
    status: DepositStatus
    held_at: Instant | None
    ended_at: Instant | None
    end_reason: str | None
    decision_reference: str | None
    contract_id: UUID | None
    version: int = Field(description='For `If-Match`, as `"v3"`.')
    created_at: Instant
    updated_at: Instant


class ArrivalOut(Output):
    """A bank arrival and what became of it."""

    id: UUID
    number: str
    bank_reference: str
    payer_name: str
    amount: MoneyOut
    posted_at: Instant
    remittance_note: str
    region_code: str
    status: ArrivalStatus
    exception: ArrivalException | None
    deposit_id: UUID | None
    deposit_number: str | None
    entered_by: UUID
    decided_by: UUID | None
    decided_at: Instant | None
    decision_reason: str | None
    version: int = Field(description='For `If-Match`, as `"v3"`.')
    created_at: Instant
    updated_at: Instant


class RefundOut(Output):
    """Money owed back. `party_id` is null where the sender is not known here."""

    id: UUID
    party_id: UUID | None
    payee_name: str
    region_code: str
    amount: MoneyOut
    reason: str
    deposit_id: UUID | None
    arrival_id: UUID | None
    status: RefundStatus
    bank_reference: str | None
    ordered_by: UUID | None
    confirmed_by: UUID | None
    sent_at: Instant | None
    version: int = Field(description='For `If-Match`, as `"v3"`.')
    created_at: Instant
    updated_at: Instant


class TrialBalanceLine(Output):
    """All accounts of one kind."""

    kind: AccountKind
    accounts: int
    side: Side
    balance: MoneyOut


class TrialBalanceOut(Output):
    """The whole ledger by kind of account. What is debited equals what is credited."""

    at: Instant
    debits: MoneyOut
    credits: MoneyOut
    balanced: bool
    data: list[TrialBalanceLine]


class AccountOut(Output):
    """One account with its balance on its own side."""

    id: UUID
    kind: AccountKind
    party_id: UUID | None
    deposit_id: UUID | None
    side: Side
    balance: MoneyOut
    created_at: Instant


class PostingOut(Output):
    """One line of an account's statement, with the balance after it."""

    id: int
    journal_id: UUID
    kind: JournalKind
    reference_kind: str
    reference_id: UUID
    reason: str | None
    entered_by: UUID | None
    at: Instant
    side: Side
    amount: MoneyOut
    balance: MoneyOut


DepositPage = Page[DepositOut]
ArrivalPage = Page[ArrivalOut]
RefundPage = Page[RefundOut]
AccountPage = Page[AccountOut]
PostingPage = Page[PostingOut]
