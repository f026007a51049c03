"""Opinions on the steps of a case, and reminders. Time reminds; it decides nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import repository
from app.approvals.actions.flow import conclude, head_of, open_steps, require
from app.approvals.errors import (
    DecisionNumberMissing,
    StepNotOpen,
)
from app.approvals.events import StepDecided, StepReminded
from app.approvals.rules import flow
from app.approvals.rules.flow import Room
from app.approvals.schemas import StepDecisionIn
from app.approvals.states import (
    STEP,
    CaseStatus,
    EntryKind,
    StepKind,
    StepStatus,
)
from app.approvals.tables import CaseRow, OpinionRow, StepRow
from app.db.clock import Clock
from app.events import outbox
from app.files import queries as files
from app.identity.access import Actor
from app.identity.permissions import Role
from app.kit.dates import market_date

log = structlog.get_logger()


async def decide_step(
    session: AsyncSession, clock: Clock, *, actor: Actor, case_id: UUID, body: StepDecisionIn
) -> CaseRow:
    """Give one's opinion on an open step, in one's own name or in that of whom one stands for.

    Raises `NotFound`, `CaseStage`, `StepNotOpen`, then what `flow.seat` raises, then `DecisionNumberMissing` for a last
    approval without its paper.
    """
    row = await repository.lock_case(session, case_id, actor.party_id)
    require(row, CaseStatus.RUNNING)
    steps = await repository.steps(session, row)
    step = next((one for one in steps if one.position == body.position), None)
    if step is None or step.status != StepStatus.OPEN:
        raise StepNotOpen(field="/body/position")
    at = await clock.read(session)
    said = await repository.opinions(session, row)
    room = await _room(session, row, step, said, market_date(at))
    seat = flow.seat(room, user_id=actor.user_id, on_behalf_of=body.on_behalf_of)
    papers = [await _paper(session, actor, file_id) for file_id in body.file_ids]
    payload = {
        "round": row.round,
        "position": step.position,
        "step": {"kind": step.kind, "title": step.title},
        "seat_user_id": str(seat),
        "decision": str(body.decision),
        "document_no": body.document_no,
        "files": papers,
    }
    texts = {"opinion": body.opinion} if body.opinion is not None else {}
    seq = await repository.enter(
        session, row, EntryKind.DECIDED, at=at, actor_user_id=actor.user_id, payload=payload, texts=texts
    )
    made = OpinionRow(
        case_id=row.id,
        round=row.round,
        position=step.position,
        user_id=actor.user_id,
        seat_user_id=seat,
        decision=body.decision,
        seq=seq,
        at=at,
    )
    session.add(made)
    standing = repository.standings(steps, said)[step.position]
    after = flow.after(standing, body.decision, seat)
    if after is not StepStatus.OPEN:
        STEP.advance(step, after)
        step.decided_at, step.next_due_at = at, None
    await session.flush()
    await outbox.record(
        session,
        StepDecided(
            **head_of(row, at), position=step.position, step_title=step.title, decision=body.decision
        ),
    )
    await _go_on(session, row, steps, [*said, made], at, actor=actor, body=body)
    return row


async def _go_on(
    session: AsyncSession,
    row: CaseRow,
    steps: Sequence[StepRow],
    said: Sequence[OpinionRow],
    at: datetime,
    *,
    actor: Actor,
    body: StepDecisionIn,
) -> None:
    standings = repository.standings(steps, said)
    outcome = flow.outcome(standings)
    if outcome is CaseStatus.RUNNING:
        await open_steps(session, row, steps, flow.to_open(standings), at)
        return
    if outcome is CaseStatus.APPROVED:
        if body.document_no is None:
            raise DecisionNumberMissing(field="/body/document_no")
        row.document_no, row.decided_on = body.document_no, body.decided_on or market_date(at)
    await conclude(session, row, outcome, at, actor=actor, kind=EntryKind.CONCLUDED)


async def _room(
    session: AsyncSession, row: CaseRow, step: StepRow, said: Sequence[OpinionRow], on: date
) -> Room:
    people = await repository.members(session, row.party_id, Role(step.role) if step.role else None)
    named = set(people) if step.role else set(people) & set(step.user_ids)
    mine = [one for one in said if one.position == step.position]
    return Room(
        named=frozenset(named),
        delegations=await repository.delegations(session, row.party_id, StepKind(step.kind), on),
        makers=frozenset(row.maker_ids),
        spoken=frozenset(one.user_id for one in mine),
        seats=frozenset(one.seat_user_id for one in mine),
    )


async def _paper(session: AsyncSession, actor: Actor, file_id: UUID) -> dict[str, str]:
    fact = files.there(await files.visible(session, actor, file_id))
    return {"file_id": str(fact.id), "sha256": fact.sha256.hex(), "name": fact.name}


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Remind the approvers of one case whose step is due soon or overdue, if there is one. Nothing is decided by it."""
    row = await repository.take_due(session)
    if row is None:
        return False
    at = await clock.read(session)
    try:
        async with session.begin_nested():
            await _remind(session, row, at)
    except Exception:
        log.exception("reminder_failed", case_id=str(row.id))
        await repository.put_off(session, row.id)
    return True


async def _remind(session: AsyncSession, row: CaseRow, at: datetime) -> None:
    for step in await repository.steps(session, row):
        if step.next_due_at is None or step.next_due_at > at:
            continue
        assert step.due_at is not None and step.due_on is not None
        overdue = flow.is_overdue(step.due_at, at)
        step.reminders += 1
        step.next_due_at = None if overdue else step.due_at
        payload = {
            "round": step.round,
            "position": step.position,
            "due_on": str(step.due_on),
            "overdue": overdue,
        }
        await repository.enter(session, row, EntryKind.REMINDED, at=at, actor_user_id=None, payload=payload)
        await outbox.record(
            session,
            StepReminded(
                **head_of(row, at),
                position=step.position,
                step_title=step.title,
                due_on=step.due_on,
                overdue=overdue,
            ),
        )
