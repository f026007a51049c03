"""Wire shapes of chains, cases, opinions, delegations and folders."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.approvals.rules.chain import DAYS_MAX, STEPS_MAX
from app.approvals.states import (
    CaseStatus,
    Decision,
    DecisionSubject,
    EntryKind,
    FolderKind,
    StepKind,
    StepQuorum,
    StepStatus,
)
from app.identity.permissions import Role
from app.kit.dates import Instant
from app.kit.money import Money
from app.kit.schemas import Input, Line, MoneyOut, Output, Page, ShortText

Days = Annotated[int, Field(ge=1, le=DAYS_MAX, description="Working days after the step opened.")]


class ChainStepIn(Input):
    """One step. Its approvers are named, or are whoever holds `role` when he decides."""

    group: Annotated[int, Field(ge=1, le=STEPS_MAX, description="Steps of the same group run side by side.")]
    kind: StepKind
    title: Line
    quorum: StepQuorum = StepQuorum.ANY
    user_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    role: Role | None = None
    from_amount: Money = Field("0.00", description="The step binds from this amount on.")
    below_amount: Money | None = Field(
        None, description="Up to, but not including, this amount; null: without end."
    )
    deadline_days: Days = 5
    reminder_days: Days | None = None


class ChainIn(Input):
    """A chain; one of the same name becomes its next version."""

    name: Line
    subject_kinds: Annotated[list[DecisionSubject], Field(min_length=1, max_length=len(DecisionSubject))]
    required: Annotated[tuple[FolderKind, ...], Field(max_length=len(FolderKind))] = ()
    steps: Annotated[list[ChainStepIn], Field(min_length=1, max_length=STEPS_MAX)]


class ChainStepOut(Output):
    """One step of a chain."""

    position: int
    group: int
    kind: StepKind
    title: str
    quorum: StepQuorum
    user_ids: list[UUID]
    role: Role | None
    from_amount: MoneyOut
    below_amount: MoneyOut | None
    deadline_days: int
    reminder_days: int | None


class ChainOut(Output):
    """One version of a chain. `retired_at`: since when it opens no new cases."""

    id: UUID
    name: str
    version: int
    subject_kinds: list[DecisionSubject]
    required: list[FolderKind]
    steps: list[ChainStepOut]
    made_at: Instant
    retired_at: Instant | None


class ChainsOut(Output):
    """An organisation's chains, the newest version of each first."""

    data: list[ChainOut]


class CaseIn(Input):
    """By which chain to decide."""

    chain_id: UUID


class StepDecisionIn(Input):
    """An opinion on a step. The last approval carries the number of its paper."""

    position: Annotated[int, Field(ge=0, lt=STEPS_MAX)]
    decision: Decision
    opinion: ShortText | None = None
    on_behalf_of: UUID | None = Field(None, description="The approver for whom you stand in.")
    document_no: Line | None = None
    decided_on: date | None = Field(None, description="The paper's date; today unless given.")
    file_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.decision is not Decision.APPROVED and self.opinion is None:
            raise ValueError("a refusal or a return says why")
        return self


class CaseEndIn(Input):
    """Why a case is taken back."""

    reason: ShortText


class OpinionOut(Output):
    """What somebody said, and in whose name."""

    user_id: UUID
    user_name: str
    on_behalf_of: UUID | None
    on_behalf_of_name: str | None
    decision: Decision
    opinion: str | None = Field(description="Null: none was given, or the law took it away (`redacted_at`).")
    redacted_at: Instant | None
    at: Instant


class CaseStepOut(Output):
    """A step of the case's latest round."""

    position: int
    group: int
    kind: StepKind
    title: str
    status: StepStatus
    quorum: StepQuorum
    user_ids: list[UUID]
    role: Role | None
    opened_at: Instant | None
    due_on: date | None
    provisional: bool = Field(
        description="A day that the due date was counted over is not decided by the government yet."
    )
    overdue: bool
    opinions: list[OpinionOut]


class CaseEntryOut(Output):
    """An entry of the record: SHA-256 over the hash before it and its canonical JSON."""

    seq: int
    kind: EntryKind
    at: Instant
    payload: dict[str, object]
    previous: str
    hash: str


class CaseLine(Output):
    """A case in a list."""

    id: UUID
    number: str
    title: str
    status: CaseStatus
    subject_kind: DecisionSubject
    subject_id: UUID
    deal_id: UUID
    amount: MoneyOut | None
    waits_for_me: bool
    overdue: bool
    created_at: Instant


class CaseOut(CaseLine):
    """A case with its steps and its record."""

    chain_id: UUID
    terms_hash: str | None
    required: list[FolderKind]
    missing: list[FolderKind]
    round: int
    document_no: str | None
    decided_on: date | None
    ended_at: Instant | None
    end_reason: str | None
    steps: list[CaseStepOut]
    algorithm: str
    entries: list[CaseEntryOut]
    version: int


CasePage = Page[CaseLine]


class DelegationIn(Input):
    """Who speaks for you, from one day to another, both counted."""

    to_user_id: UUID
    from_on: date
    until_on: date
    kinds: Annotated[list[StepKind], Field(max_length=len(StepKind))] = Field(
        [], description="Empty: every step."
    )
    document_no: Line


class DelegationOut(Output):
    """A delegation."""

    id: UUID
    from_user_id: UUID
    from_name: str
    to_user_id: UUID
    to_name: str
    from_on: date
    until_on: date
    kinds: list[StepKind]
    document_no: str
    revoked_at: Instant | None


class DelegationsOut(Output):
    """An organisation's delegations, the newest first."""

    data: list[DelegationOut]


class FolderPaperIn(Input):
    """A paper: by its number, or as a file, or both."""

    kind: FolderKind
    title: Line
    document_no: Line | None = None
    file_id: UUID | None = None

    @model_validator(mode="after")
    def _there(self) -> Self:
        if self.document_no is None and self.file_id is None:
            raise ValueError("a paper has a number or a file")
        return self


class FolderPaperOut(Output):
    """A paper of the folder. `sha256`: of its file."""

    id: UUID
    kind: FolderKind
    title: str
    document_no: str | None
    file_id: UUID | None
    sha256: str | None
    added_at: Instant
    replaced_at: Instant | None


class FolderOut(Output):
    """The folder of a deal, in the order in which its papers come about."""

    data: list[FolderPaperOut]
