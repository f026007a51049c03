"""更正 and 补充: proposed by one person, decided by another; the difference is public from then on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.notices import repository
from app.notices.actions.running import lengthen
from app.notices.actions.telling import told
from app.notices.errors import MendWaiting
from app.notices.events import MendProposed, NoticeCorrected, NoticeSupplemented
from app.notices.repository import NewEntry
from app.notices.rules import mending as rules
from app.notices.rules.page import page
from app.notices.rules.record import EntryKind, plain
from app.notices.rules.words import HEADINGS
from app.notices.states import MEND, MendKind, MendStatus, NoticeKind
from app.notices.tables import NoticeMendRow, NoticeRow


async def correct(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    notice_id: UUID,
    expected: int,
    fields: Mapping[str, Any],
    reason: str,
    document_no: str | None = None,
) -> NoticeMendRow:
    """Propose to put something clerical right. Another person confirms it; until then nothing changes.

    Raises `NotFound`, `Stale`, `MendTooLate`, `MendWaiting`, and what `rules.mending.check_correction` raises.
    """
    row, at = await _open(session, clock, actor, notice_id, expected)
    content = await repository.content_of(session, row.id)
    rules.check_correction(content, fields, document_no=document_no)
    mend = _mend(
        row,
        actor,
        at,
        kind=MendKind.CORRECTION,
        fields=fields,
        reason=reason,
        document_no=document_no,
        days=0,
    )
    return await _propose(session, row, mend)


async def supplement(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    notice_id: UUID,
    expected: int,
    fields: Mapping[str, Any],
    reason: str,
    days: int,
    caused_by_seller: bool,
) -> NoticeMendRow:
    """Propose to add a fact that has become known, and so many days of the notice's unit with it.

    Raises `NotFound`, `Stale`, `MendTooLate`, `MendWaiting`, and what `rules.mending.check_supplement` raises.
    """
    row, at = await _open(session, clock, actor, notice_id, expected)
    content = await repository.content_of(session, row.id)
    rules.check_supplement(
        content, fields, days=days, days_min=row.supplement_days_min, caused_by_seller=caused_by_seller
    )
    mend = _mend(row, actor, at, kind=MendKind.SUPPLEMENT, fields=fields, reason=reason, days=days)
    return await _propose(session, row, mend)


async def confirm_mend(
    session: AsyncSession, clock: Clock, *, actor: Actor, mend_id: UUID, expected: int
) -> NoticeMendRow:
    """Confirm another person's proposal: it stands in the notice at once.

    Raises `NotFound`, `Stale`, `MendSamePerson`, `MendTooLate`, `IllegalTransition`.
    """
    row, mend, at = await _decide(session, clock, actor, mend_id, expected)
    rules.check_live(repository.clock_of(row), at)
    MEND.advance(mend, MendStatus.CONFIRMED)
    mend.decided_by, mend.decided_at = actor.user_id, at
    content = await repository.content_of(session, row.id)
    changed = {name: plain(value) for name, value in mend.fields.items()}
    supplement_ = MendKind(mend.kind) is MendKind.SUPPLEMENT
    if supplement_:
        await lengthen(session, row, mend.days)
    row.revision += 1
    row.title = changed.get("title", row.title)
    entry = NewEntry(
        EntryKind.SUPPLEMENTED if supplement_ else EntryKind.CORRECTED,
        payload={
            "mend_id": mend.id,
            "fields": sorted(changed),
            "revision": row.revision,
            "days": mend.days,
            "ends_at": row.ends_at,
        },
        content=changed,
        texts={"reason": mend.reason, "document_no": mend.document_no},
        page=page(number=row.number, heading=HEADINGS[NoticeKind(row.kind)], content=content | changed),
    )
    await repository.enter(session, row, at, entry)
    mend.seq = row.seq
    await session.flush()
    await outbox.record(session, _mended(row, mend, at))
    return mend


async def refuse_mend(
    session: AsyncSession, clock: Clock, *, actor: Actor, mend_id: UUID, expected: int, reason: str
) -> NoticeMendRow:
    """Refuse another person's proposal. Raises as `confirm_mend`, except that it is never too late."""
    _, mend, at = await _decide(session, clock, actor, mend_id, expected)
    MEND.advance(mend, MendStatus.REFUSED)
    mend.decided_by, mend.decided_at, mend.refused_reason = actor.user_id, at, reason
    await session.flush()
    return mend


async def _open(
    session: AsyncSession, clock: Clock, actor: Actor, notice_id: UUID, expected: int
) -> tuple[NoticeRow, datetime]:
    row = await repository.lock_for(session, notice_id, actor)
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.check_live(repository.clock_of(row), at)
    if await repository.open_mend(session, row.id) is not None:
        raise MendWaiting()
    return row, at


async def _propose(session: AsyncSession, row: NoticeRow, mend: NoticeMendRow) -> NoticeMendRow:
    await repository.add_mend(session, mend)
    proposed = MendProposed(
        **told(row),
        at=mend.proposed_at,
        mend_id=mend.id,
        mend_kind=MendKind(mend.kind),
        fields=tuple(sorted(mend.fields)),
    )
    await outbox.record(session, proposed)
    return mend


def _mend(
    row: NoticeRow, actor: Actor, at: datetime, *, kind: MendKind, fields: Mapping[str, Any], **more: Any
) -> NoticeMendRow:
    return NoticeMendRow(
        notice_id=row.id,
        kind=kind,
        status=MEND.initial,
        fields=plain(fields),
        proposed_by=actor.user_id,
        proposed_party_id=actor.party_id,
        proposed_at=at,
        **more,
    )


async def _decide(
    session: AsyncSession, clock: Clock, actor: Actor, mend_id: UUID, expected: int
) -> tuple[NoticeRow, NoticeMendRow, datetime]:
    notice_id = await repository.notice_of_mend(session, mend_id)
    row = await repository.lock_for(session, notice_id, actor)
    mend = await repository.lock_mend(session, mend_id)
    check_version(mend.version, expected)
    rules.check_second_person(proposed_by=mend.proposed_by, user_id=actor.user_id)
    return row, mend, await clock.read(session)


def _mended(row: NoticeRow, mend: NoticeMendRow, at: datetime) -> NoticeCorrected | NoticeSupplemented:
    fields = tuple(sorted(mend.fields))
    if mend.kind == MendKind.CORRECTION:
        return NoticeCorrected(**told(row), at=at, fields=fields, revision=row.revision)
    return NoticeSupplemented(
        **told(row),
        at=at,
        fields=fields,
        revision=row.revision,
        days=mend.days,
        ends_at=row.ends_at,
        provisional=row.provisional,
    )
