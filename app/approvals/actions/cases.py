"""Put a case together, send it through its chain, take it back. The case's row is locked first."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import repository
from app.approvals.actions.flow import conclude, head_of, open_steps, require
from app.approvals.errors import (
    CaseExists,
    ChainRetired,
    FolderIncomplete,
)
from app.approvals.events import CaseOpened
from app.approvals.rules import flow, record
from app.approvals.rules.chain import Step
from app.approvals.states import (
    CASE,
    STEP,
    CaseStatus,
    DecisionSubject,
    EntryKind,
    FolderKind,
    StepStatus,
)
from app.approvals.tables import CaseRow, ChainRow, StepRow
from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor


async def open_case(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    chain_id: UUID,
    subject_kind: DecisionSubject,
    subject_id: UUID,
    deal_id: UUID,
    title: str,
    amount_minor: int | None,
    terms_hash: str | None = None,
    required: Collection[FolderKind] = (),
) -> CaseRow:
    """Put a case together, as a draft, by a chain of the actor's own organisation. Called by the room that sells.

    The caller has seen that the subject is the organisation's to decide on, and says what it is worth (fen; None where that
    is not known: then every step binds). required: papers that this kind of sale needs beside those of the chain.
    Raises `NotFound` for the chain, `ChainRetired`, `CaseExists`.
    """
    chain = await repository.chain(session, chain_id, actor.party_id, lock=True)
    if chain.retired_at is not None or subject_kind not in chain.subject_kinds:
        raise ChainRetired(field="/body/chain_id")
    existing = await repository.live_case(
        session, subject_kind=subject_kind, subject_id=subject_id, party_id=actor.party_id
    )
    if existing is not None:
        raise CaseExists(case_id=str(existing))
    at = await clock.read(session)
    wanted = {*chain.required, *(str(kind) for kind in required)}
    row = CaseRow(
        number=await next_number(session, "SP", at),
        party_id=actor.party_id,
        chain_id=chain.id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        deal_id=deal_id,
        title=title,
        amount_minor=amount_minor,
        terms_hash=terms_hash,
        required=[str(kind) for kind in FolderKind if kind in wanted],
        status=CASE.initial,
        maker_ids=[actor.user_id],
        region_code=actor.party_region,
        entered_by=actor.user_id,
        seq=1,
        head=record.GENESIS,
    )
    session.add(row)
    await session.flush()
    row.seq = 0
    await repository.enter(
        session, row, EntryKind.OPENED, at=at, actor_user_id=actor.user_id, payload=_opened(row, chain)
    )
    await outbox.record(session, CaseOpened(**head_of(row, at)))
    return row


def _opened(row: CaseRow, chain: ChainRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "chain": {"id": str(chain.id), "name": chain.name, "version": chain.version},
        "subject": {"kind": row.subject_kind, "id": str(row.subject_id)},
        "amount_minor": row.amount_minor,
        "terms_hash": row.terms_hash,
    }


async def submit_case(
    session: AsyncSession, clock: Clock, *, actor: Actor, case_id: UUID, expected: int
) -> CaseRow:
    """Send a draft, or a case that came back, through its chain from the first step on.

    Raises `NotFound`, `Stale`, `CaseStage`, `FolderIncomplete` with what is missing, `ChainUnfit` where only the makers
    could decide a step.
    """
    row = await repository.lock_case(session, case_id, actor.party_id)
    check_version(row.version, expected)
    require(row, CaseStatus.DRAFT, CaseStatus.RETURNED)
    held = await repository.kinds_in_folder(session, row.deal_id, row.party_id)
    missing = [kind for kind in row.required if kind not in held]
    if missing:
        raise FolderIncomplete(missing=missing)
    at = await clock.read(session)
    steps = repository.steps_of_chain(await repository.chain(session, row.chain_id, row.party_id))
    makers = frozenset({*row.maker_ids, actor.user_id})
    begun = flow.begin(steps, row.amount_minor)
    for place, (step, status) in enumerate(zip(steps, begun, strict=True)):
        if status is not StepStatus.SKIPPED:
            holders = await repository.members(session, row.party_id, step.role) if step.role else {}
            flow.check_decidable(step, place, holders=holders, makers=makers)
    CASE.advance(row, CaseStatus.RUNNING)
    row.round += 1
    row.maker_ids = sorted(makers)
    made = [_step_row(row, place, step) for place, step in enumerate(steps)]
    session.add_all(made)
    for one, status in zip(made, begun, strict=True):
        if status is StepStatus.SKIPPED:
            STEP.advance(one, status)
    await session.flush()
    skipped = [one.position for one in made if one.status == StepStatus.SKIPPED]
    payload = {"round": row.round, "skipped": skipped, "amount_minor": row.amount_minor}
    await repository.enter(
        session, row, EntryKind.SUBMITTED, at=at, actor_user_id=actor.user_id, payload=payload
    )
    first = [one.position for one, status in zip(made, begun, strict=True) if status is StepStatus.OPEN]
    await open_steps(session, row, made, first, at)
    return row


def _step_row(row: CaseRow, place: int, step: Step) -> StepRow:
    return StepRow(
        case_id=row.id,
        round=row.round,
        position=place,
        group_no=step.group,
        kind=step.kind,
        title=step.title,
        quorum=step.quorum,
        user_ids=list(step.user_ids),
        role=step.role,
        from_minor=step.from_minor,
        below_minor=step.below_minor,
        deadline_days=step.deadline_days,
        reminder_days=step.reminder_days,
        status=STEP.initial,
        reminders=0,
    )


async def cancel_case(
    session: AsyncSession, clock: Clock, *, actor: Actor, case_id: UUID, expected: int, reason: str
) -> CaseRow:
    """Take a case back before it is decided. Raises `NotFound`, `Stale`, `CaseStage`."""
    row = await repository.lock_case(session, case_id, actor.party_id)
    check_version(row.version, expected)
    require(row, CaseStatus.DRAFT, CaseStatus.RUNNING, CaseStatus.RETURNED)
    at = await clock.read(session)
    row.end_reason = reason
    await conclude(session, row, CaseStatus.CANCELLED, at, actor=actor, kind=EntryKind.CANCELLED)
    return row
