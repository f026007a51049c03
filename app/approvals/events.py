"""What internal decisions tell: to their own organisation alone."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from app.approvals.states import CaseStatus, Decision, DecisionSubject, StepKind
from app.events.model import Event


class _OfCase(Event):
    subject: ClassVar[str] = "approval_case"

    number: str
    title: str
    of_kind: DecisionSubject
    of_id: UUID


class CaseOpened(_OfCase):
    """A case was put together. `parties`: the organisation."""

    kind: ClassVar[str] = "approvals.case_opened"


class StepOpened(_OfCase):
    """A step waits for its approvers. `parties`: as above."""

    kind: ClassVar[str] = "approvals.step_opened"

    position: int
    step_kind: StepKind
    step_title: str
    due_on: date


class StepDecided(_OfCase):
    """Somebody gave his opinion on a step. `parties`: as above."""

    kind: ClassVar[str] = "approvals.step_decided"

    position: int
    step_title: str
    decision: Decision


class CaseDecided(_OfCase):
    """The case was approved, refused, returned or taken back. `parties`: as above."""

    kind: ClassVar[str] = "approvals.case_decided"

    status: CaseStatus
    document_no: str | None
    decided_on: date | None


class StepReminded(_OfCase):
    """A step is due soon, or overdue. Nothing is decided by it. `parties`: as above."""

    kind: ClassVar[str] = "approvals.step_reminded"

    position: int
    step_title: str
    due_on: date
    overdue: bool


EVENTS = (CaseOpened, StepOpened, StepDecided, CaseDecided, StepReminded)
