"""The one review of what was decided about an objection; and the reminder where nothing was decided in time."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.notices import repository
from app.notices.actions.objections import fail
from app.notices.actions.telling import of_objection, told
from app.notices.errors import ObjectionEffectMissing
from app.notices.events import NoticeRevoked, ObjectionOverdue, ReviewDecided, ReviewRequested
from app.notices.repository import NewEntry
from app.notices.rules import objections as rules
from app.notices.rules.record import EntryKind
from app.notices.states import (
    NOTICE,
    OBJECTION,
    NoticeStatus,
    ObjectionStatus,
    ReviewOutcome,
    RevokedReason,
    UpheldEffect,
)
from app.notices.tables import NoticeRow, ObjectionRow

log = structlog.get_logger()


async def request_review(
    session: AsyncSession, clock: Clock, *, actor: Actor, objection_id: UUID, expected: int, reason: str
) -> ObjectionRow:
    """Ask for the review: whoever filed the objection, or whose notice it is. The clock runs on meanwhile.

    Raises `NotFound`, `Stale`, `ReviewUsed`, `ObjectionStage`, `ReviewTooLate`.
    """
    notice, row, at = await _locked(session, clock, actor, objection_id, expected)
    if actor.party_id not in {row.filer_party_id, row.owner_party_id}:
        raise NotFound()
    rules.check_review_request(ObjectionStatus(row.status), row.review_due_on, at)
    row.decided_status = row.status
    OBJECTION.advance(row, ObjectionStatus.REVIEW_REQUESTED)
    row.review_requested_at, row.review_reason = at, reason
    row.review_requested_by, row.review_requested_party_id = actor.user_id, actor.party_id
    await session.flush()
    await outbox.record(session, ReviewRequested(**of_objection(row, notice), at=at))
    return row


async def decide_review(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    objection_id: UUID,
    expected: int,
    outcome: ReviewOutcome,
    effect: UpheldEffect | None,
    findings: str,
    document_no: str,
) -> ObjectionRow:
    """Decide the review. A rejection or dismissal that is overturned ends the notice (`rules.objections.after_review`).

    Raises `NotFound`, `Stale`, `ObjectionHandlerConcerned`, `ObjectionEffectMissing`, `IllegalTransition`.
    """
    notice, row, at = await _locked(session, clock, actor, objection_id, expected)
    rules.check_handler(
        user_id=actor.user_id,
        belongs_to_filer=actor.belongs_to(row.filer_party_id, row.owner_party_id),
        filer_user_id=row.filer_user_id,
        published_by=notice.published_by,
    )
    OBJECTION.advance(row, ObjectionStatus.REVIEW_DECIDED)
    row.review_outcome, row.review_findings, row.review_document_no = outcome, findings, document_no
    row.review_decided_at, row.review_decided_by = at, actor.user_id
    assert row.decided_status is not None
    becomes = rules.after_review(ObjectionStatus(row.decided_status), outcome, NoticeStatus(notice.status))
    if becomes is not None and effect is None:
        raise ObjectionEffectMissing(field="/body/effect")
    await session.flush()
    await outbox.record(session, ReviewDecided(**of_objection(row, notice), at=at, outcome=outcome))
    if becomes is NoticeStatus.FAILED and effect is not None:
        await fail(session, notice, at, effect=effect, document_no=document_no)
    elif becomes is NoticeStatus.REVOKED:
        await _take_back(session, notice, at)
    return row


async def sweep_overdue(session: AsyncSession, clock: Clock) -> bool:
    """Remind of one objection whose deadline is over, if there is one: once. Nothing is decided by itself."""
    row = await repository.take_overdue(session)
    if row is None:
        return False
    at = await clock.read(session)
    row.reminded_at, row.next_due_at = at, None
    await session.flush()
    notice = await repository.notice(session, row.notice_id)
    overdue = ObjectionOverdue(**of_objection(row, notice), at=at, status=ObjectionStatus(row.status))
    await outbox.record(session, overdue)
    return True


async def _take_back(session: AsyncSession, notice: NoticeRow, at: datetime) -> None:
    NOTICE.advance(notice, NoticeStatus.REVOKED)
    await repository.end(session, notice, at, reason=RevokedReason.REVIEW)
    entry = NewEntry(EntryKind.REVOKED, payload={"reason_class": RevokedReason.REVIEW})
    await repository.enter(session, notice, at, entry)
    await outbox.record(session, NoticeRevoked(**told(notice), at=at, reason_class=RevokedReason.REVIEW))


async def _locked(
    session: AsyncSession, clock: Clock, actor: Actor, objection_id: UUID, expected: int
) -> tuple[NoticeRow, ObjectionRow, datetime]:
    notice_id = await repository.notice_of_objection(session, objection_id, actor)
    notice = await repository.lock(session, notice_id)
    row = await repository.lock_objection(session, objection_id)
    check_version(row.version, expected)
    return notice, row, await clock.read(session)
