"""What every step of a case has in common: steps open, a case ends, and both are told."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import repository
from app.approvals.errors import (
    CaseStage,
)
from app.approvals.events import CaseDecided, StepOpened
from app.approvals.states import (
    CASE,
    STEP,
    CaseStatus,
    DecisionSubject,
    EntryKind,
    StepKind,
    StepStatus,
)
from app.approvals.tables import CaseRow, StepRow
from app.calendar.queries import add_working_days
from app.events import outbox
from app.identity.access import Actor
from app.kit.dates import at_local, end_of_day, market_date

REMINDED_AT: Final = time(9)
"""When the day's reminder goes out, local time."""


async def open_steps(
    session: AsyncSession, row: CaseRow, steps: Sequence[StepRow], positions: Sequence[int], at: datetime
) -> None:
    """Open these steps: from today, which is day 0, their working days are counted."""
    told = []
    for step in (steps[position] for position in positions):
        STEP.advance(step, StepStatus.OPEN)
        due = await add_working_days(session, market_date(at), step.deadline_days)
        step.opened_at, step.due_on, step.due_at = at, due.on, end_of_day(due.on)
        step.provisional = due.provisional
        if step.reminder_days is not None:
            soon = await add_working_days(session, market_date(at), step.reminder_days)
            step.remind_at = at_local(soon.on, REMINDED_AT)
        step.next_due_at = step.remind_at or step.due_at
        told.append(
            StepOpened(
                **head_of(row, at),
                position=step.position,
                step_kind=StepKind(step.kind),
                step_title=step.title,
                due_on=due.on,
            )
        )
    await session.flush()
    await outbox.record(session, *told)


async def conclude(
    session: AsyncSession, row: CaseRow, to: CaseStatus, at: datetime, *, actor: Actor, kind: EntryKind
) -> None:
    """Let a case end, or come back: no step reminds any more, the record and the organisation are told."""
    CASE.advance(row, to)
    if repository.ended(row):
        row.ended_at = at
    for step in await repository.steps(session, row):
        step.next_due_at = None
    payload = {
        "status": str(to),
        "document_no": row.document_no,
        "decided_on": str(row.decided_on) if row.decided_on else None,
    }
    await repository.enter(session, row, kind, at=at, actor_user_id=actor.user_id, payload=payload)
    await outbox.record(
        session,
        CaseDecided(**head_of(row, at), status=to, document_no=row.document_no, decided_on=row.decided_on),
    )


def require(row: CaseRow, *allowed: CaseStatus) -> None:
    """Refuse unless the case is in one of these states. Raises `CaseStage`."""
    if row.status not in allowed:
        raise CaseStage(status_now=row.status, status_needed=[str(one) for one in allowed])


def head_of(row: CaseRow, at: datetime) -> dict[str, Any]:
    """What every event of a case says."""
    return {
        "subject_id": row.id,
        "at": at,
        "parties": (row.party_id,),
        "number": row.number,
        "title": row.title,
        "of_kind": DecisionSubject(row.subject_kind),
        "of_id": row.subject_id,
    }
