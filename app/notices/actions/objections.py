"""An objection from its filing to its decision. Its notice is locked before it: the clock stops and goes on with it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.queries import add_working_days
from app.calendar.rules import WorkingDate
from app.db.clock import Clock
from app.db.numbers import random_number
from app.events import outbox
from app.files import actions as files
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.dates import market_date
from app.kit.errors import NotFound
from app.notices import repository
from app.notices.actions.outages import await_judgement
from app.notices.actions.running import hold, release
from app.notices.actions.telling import of_objection, told
from app.notices.errors import ObjectionExists
from app.notices.events import (
    NoticeFailed,
    ObjectionAccepted,
    ObjectionCounted,
    ObjectionDecided,
    ObjectionFiled,
    ObjectionPublished,
    ObjectionRejected,
    ObjectionWithdrawn,
)
from app.notices.repository import NewEntry
from app.notices.rules import clock as clocks
from app.notices.rules import objections as rules
from app.notices.rules.record import EntryKind
from app.notices.states import (
    NOTICE,
    OBJECTION,
    NoticeStatus,
    ObjectionGround,
    ObjectionStatus,
    PauseCause,
    UpheldEffect,
)
from app.notices.tables import NoticeRow, ObjectionRow

NUMBER_PREFIX: Final = "YY"
FILE_SUBJECT: Final = "objection"


async def file_objection(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    notice_id: UUID,
    ground: ObjectionGround,
    relation: str,
    statement: str,
    evidence_note: str | None,
    file_ids: Sequence[UUID],
) -> ObjectionRow:
    """File an objection in one's own name. The clock runs on until it is accepted; the notice passes only once it is decided.

    Raises `NotFound`, `Busy` while an outage that may have touched the period is not judged, `ObjectionOutsidePeriod`,
    `ObjectionFilerIsOwner`, `ObjectionEvidenceMissing`, `ObjectionExists`, and what `files.attach` raises.
    """
    notice = await repository.lock(session, notice_id)
    at = await clock.read(session)
    await await_judgement(session, notice, at)
    rules.check_filing(
        repository.clock_of(notice),
        at,
        concerned=actor.belongs_to(notice.owner_party_id),
        has_evidence=bool(file_ids or evidence_note),
    )
    if await repository.undecided_of(session, notice.id, actor.party_id) is not None:
        raise ObjectionExists()
    terms = notice.objection_terms
    accept = await add_working_days(session, market_date(at), terms["accept_days"])
    row = _objection(notice, actor, at, accept)
    row.ground, row.relation, row.statement, row.evidence_note = ground, relation, statement, evidence_note
    row.calendar_no = await repository.calendar_no(session)
    await repository.add_objection(session, row, file_ids)
    for file_id in file_ids:
        await files.attach(
            session,
            owner_party_id=actor.party_id,
            file_id=file_id,
            subject=files.Subject(FILE_SUBJECT, row.id),
            readers=(notice.owner_party_id,),
        )
    await _count(session, notice, at, by=1)
    await outbox.record(session, ObjectionFiled(**of_objection(row, notice), at=at, ground=ground))
    return row


async def accept(
    session: AsyncSession, clock: Clock, *, actor: Actor, objection_id: UUID, expected: int
) -> ObjectionRow:
    """Accept it: the notice's clock stops, and the time for the decision begins.

    Raises `NotFound`, `Stale`, `ObjectionHandlerConcerned`, `IllegalTransition`.
    """
    notice, row, at = await _handled(session, clock, actor, objection_id, expected)
    OBJECTION.advance(row, ObjectionStatus.ACCEPTED)
    row.accepted_at, row.handler_id = at, actor.user_id
    row.decide_due_on = await _deadline(session, row, market_date(at), notice.objection_terms["decide_days"])
    _schedule(row)
    await session.flush()
    if NoticeStatus(notice.status) in {NoticeStatus.RUNNING, NoticeStatus.PAUSED}:
        await hold(
            session,
            notice,
            at,
            cause=PauseCause.OBJECTION,
            resume_min_days=notice.objection_terms["resume_min_days"],
            objection_id=row.id,
        )
    await outbox.record(session, ObjectionAccepted(**of_objection(row, notice), at=at))
    return row


async def reject(
    session: AsyncSession, clock: Clock, *, actor: Actor, objection_id: UUID, expected: int, findings: str
) -> ObjectionRow:
    """Reject it for its form, with the reason. It no longer holds the notice. Raises as `accept`."""
    notice, row, at = await _handled(session, clock, actor, objection_id, expected)
    OBJECTION.advance(row, ObjectionStatus.REJECTED_FORMAL)
    await _note_decision(session, notice, row, actor, at, findings=findings, document_no=None)
    await _count(session, notice, at, by=-1)
    await outbox.record(session, ObjectionRejected(**of_objection(row, notice), at=at))
    return row


async def investigate(
    session: AsyncSession, clock: Clock, *, actor: Actor, objection_id: UUID, expected: int
) -> ObjectionRow:
    """Begin the investigation. Raises as `accept`."""
    _, row, _ = await _handled(session, clock, actor, objection_id, expected)
    OBJECTION.advance(row, ObjectionStatus.INVESTIGATING)
    row.handler_id = actor.user_id
    await session.flush()
    return row


async def extend(
    session: AsyncSession, clock: Clock, *, actor: Actor, objection_id: UUID, expected: int
) -> ObjectionRow:
    """Extend the time for the decision, once. Raises `NotFound`, `Stale`, `ObjectionHandlerConcerned`, `ObjectionStage`,
    `ObjectionExtendedAlready`.
    """
    notice, row, at = await _handled(session, clock, actor, objection_id, expected)
    rules.check_extension(ObjectionStatus(row.status), row.extended_at)
    assert row.decide_due_on is not None
    row.decide_due_on = await _deadline(
        session, row, row.decide_due_on, notice.objection_terms["extend_days"]
    )
    row.extended_at = at
    _schedule(row)
    await session.flush()
    return row


async def decide(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    objection_id: UUID,
    expected: int,
    upheld: bool,
    effect: UpheldEffect | None,
    findings: str,
    document_no: str,
) -> ObjectionRow:
    """Decide it. Dismissed, the clock goes on with what was left; upheld, the notice fails, with what follows said.

    Raises `NotFound`, `Stale`, `ObjectionHandlerConcerned`, `ObjectionEffectMissing`, `IllegalTransition`.
    """
    notice, row, at = await _handled(session, clock, actor, objection_id, expected)
    rules.check_effect(upheld=upheld, effect=effect)
    OBJECTION.advance(row, ObjectionStatus.UPHELD if upheld else ObjectionStatus.DISMISSED)
    row.effect = effect
    await _note_decision(session, notice, row, actor, at, findings=findings, document_no=document_no)
    await _count(session, notice, at, by=-1)
    if notice.objection_terms["publish_result"]:
        await publish_result(session, notice, row, at)
    await outbox.record(
        session, ObjectionDecided(**of_objection(row, notice), at=at, upheld=upheld, effect=effect)
    )
    if effect is not None:
        await fail(session, notice, at, effect=effect, document_no=document_no)
    else:
        await release(session, notice, at, cause=PauseCause.OBJECTION, objection_id=row.id)
    return row


async def withdraw(
    session: AsyncSession, clock: Clock, *, actor: Actor, objection_id: UUID, expected: int
) -> ObjectionRow:
    """Take one's own objection back. Raises `NotFound`, `Stale`, `IllegalTransition`."""
    notice, row, at = await _locked(session, clock, actor, objection_id, expected)
    if row.filer_party_id != actor.party_id:
        raise NotFound()
    OBJECTION.advance(row, ObjectionStatus.WITHDRAWN)
    _schedule(row)
    await session.flush()
    await _count(session, notice, at, by=-1)
    await outbox.record(session, ObjectionWithdrawn(**of_objection(row, notice), at=at))
    await release(session, notice, at, cause=PauseCause.OBJECTION, objection_id=row.id)
    return row


async def fail(
    session: AsyncSession, notice: NoticeRow, at: datetime, *, effect: UpheldEffect, document_no: str
) -> None:
    """End a locked notice by an objection that was upheld. One that has ended before stays as it is."""
    if NoticeStatus(notice.status) not in {NoticeStatus.RUNNING, NoticeStatus.PAUSED}:
        return
    NOTICE.advance(notice, NoticeStatus.FAILED)
    await repository.end(session, notice, at, reason=effect)
    await repository.enter(
        session,
        notice,
        at,
        NewEntry(EntryKind.FAILED, payload={"effect": effect, "document_no": document_no}),
    )
    await outbox.record(session, NoticeFailed(**told(notice), at=at, effect=effect, document_no=document_no))


async def publish_result(session: AsyncSession, notice: NoticeRow, row: ObjectionRow, at: datetime) -> None:
    """Publish how an objection was decided, where the notice says so: the findings, never who filed it."""
    row.published_at = at
    entry = NewEntry(
        EntryKind.OBJECTION_PUBLISHED,
        payload={
            "objection_number": row.number,
            "ground": row.ground,
            "status": row.status,
            "effect": row.effect,
            "document_no": row.decision_document_no,
        },
        texts={"findings": row.findings},
    )
    await repository.enter(session, notice, at, entry)
    published = ObjectionPublished(**told(notice), at=at, objection_number=row.number, status=row.status)
    await outbox.record(session, published)


def _objection(notice: NoticeRow, actor: Actor, at: datetime, accept: WorkingDate) -> ObjectionRow:
    return ObjectionRow(
        number=random_number(NUMBER_PREFIX, at),
        notice_id=notice.id,
        region_code=notice.region_code,
        owner_party_id=notice.owner_party_id,
        filer_party_id=actor.party_id,
        filer_user_id=actor.user_id,
        filer_name=actor.user_name,
        status=OBJECTION.initial,
        filed_at=at,
        accept_due_on=accept.on,
        provisional=accept.provisional,
        next_due_at=rules.due(OBJECTION.initial, accept_due_on=accept.on, decide_due_on=None),
    )


async def sweep_deadlines(session: AsyncSession, _clock: Clock) -> bool:
    """Count the deadlines of one objection anew that rested on days decided since, if there is one; never earlier."""
    row = await repository.take_uncounted_objection(session)
    if row is None:
        return False
    terms = (await repository.notice(session, row.notice_id)).objection_terms
    row.provisional = False
    filed_on = market_date(row.filed_at)
    row.accept_due_on = max(row.accept_due_on, await _deadline(session, row, filed_on, terms["accept_days"]))
    if row.accepted_at is not None and row.decide_due_on is not None:
        due = await _deadline(session, row, market_date(row.accepted_at), terms["decide_days"])
        if row.extended_at is not None:
            due = await _deadline(session, row, due, terms["extend_days"])
        row.decide_due_on = max(row.decide_due_on, due)
    row.calendar_no = await repository.calendar_no(session)
    if row.next_due_at is not None:
        _schedule(row)
    await session.flush()
    return True


async def _locked(
    session: AsyncSession, clock: Clock, actor: Actor, objection_id: UUID, expected: int
) -> tuple[NoticeRow, ObjectionRow, datetime]:
    notice_id = await repository.notice_of_objection(session, objection_id, actor)
    notice = await repository.lock(session, notice_id)
    row = await repository.lock_objection(session, objection_id)
    check_version(row.version, expected)
    return notice, row, await clock.read(session)


async def _handled(
    session: AsyncSession, clock: Clock, actor: Actor, objection_id: UUID, expected: int
) -> tuple[NoticeRow, ObjectionRow, datetime]:
    notice, row, at = await _locked(session, clock, actor, objection_id, expected)
    rules.check_handler(
        user_id=actor.user_id,
        belongs_to_filer=actor.belongs_to(row.filer_party_id),
        filer_user_id=row.filer_user_id,
        published_by=notice.published_by,
    )
    return notice, row, at


async def _deadline(session: AsyncSession, row: ObjectionRow, start_on: date, days: int) -> date:
    if days == 0:
        return start_on
    found = await add_working_days(session, start_on, days)
    row.provisional = row.provisional or found.provisional
    row.calendar_no = await repository.calendar_no(session)
    return found.on


def _schedule(row: ObjectionRow) -> None:
    row.next_due_at = rules.due(
        ObjectionStatus(row.status), accept_due_on=row.accept_due_on, decide_due_on=row.decide_due_on
    )


async def _note_decision(
    session: AsyncSession,
    notice: NoticeRow,
    row: ObjectionRow,
    actor: Actor,
    at: datetime,
    *,
    findings: str,
    document_no: str | None,
) -> None:
    row.findings, row.decision_document_no = findings, document_no
    row.decided_at, row.decided_by, row.handler_id = at, actor.user_id, actor.user_id
    row.review_due_on = await _deadline(session, row, market_date(at), notice.objection_terms["review_days"])
    _schedule(row)
    await session.flush()


async def _count(session: AsyncSession, notice: NoticeRow, at: datetime, *, by: int) -> None:
    """Count an undecided objection to a locked notice; when it passes by itself follows. Only the number is public."""
    notice.open_objections += by
    notice.next_due_at = clocks.due(NoticeStatus(notice.status), notice.ends_at, notice.open_objections)
    payload = {"open_objections": notice.open_objections}
    await repository.enter(session, notice, at, NewEntry(EntryKind.OBJECTION_COUNTED, payload=payload))
    counted = ObjectionCounted(**told(notice), at=at, open_objections=notice.open_objections)
    await outbox.record(session, counted)
