"""Loading and locking notices. The notice is locked after whatever it is about, and before an objection to it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.rules import Period, PeriodUnit
from app.db.heartbeat import COVERED_NOW
from app.identity.access import Actor, within_scope
from app.identity.states import PartyKind
from app.kit.errors import NotFound
from app.kit.outages import USUAL
from app.notices.rules.clock import NoticeClock, Segment, due
from app.notices.states import LIVE, MEND, MendStatus, NoticeKind, NoticeStatus
from app.notices.tables import NoticeHoldRow, NoticeMendRow, NoticePlaceRow, NoticeRow


async def add(session: AsyncSession, row: NoticeRow, places: Sequence[NoticePlaceRow]) -> NoticeRow:
    """Store a new notice with its places."""
    session.add(row)
    await session.flush()
    session.add_all(places)
    await session.flush()
    return row


def _locking() -> Select[NoticeRow]:
    return select(NoticeRow).with_for_update(key_share=True).execution_options(populate_existing=True)


async def _one(session: AsyncSession, statement: Select[NoticeRow]) -> NoticeRow:
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


async def notice(session: AsyncSession, notice_id: UUID) -> NoticeRow:
    """A notice, not locked. Raises `NotFound`."""
    return await _one(session, select(NoticeRow).where(NoticeRow.id == notice_id))


async def lock(session: AsyncSession, notice_id: UUID) -> NoticeRow:
    """A notice, locked. Raises `NotFound`."""
    return await _one(session, _locking().where(NoticeRow.id == notice_id))


async def lock_for(session: AsyncSession, notice_id: UUID, actor: Actor) -> NoticeRow:
    """A notice of the actor's party, or for the market's staff one of its region, locked.

    Raises `NotFound` also for anybody else's.
    """
    statement = _locking().where(NoticeRow.id == notice_id)
    if actor.party_kind is PartyKind.EXCHANGE:
        return await _one(session, statement.where(within_scope(NoticeRow.region_code, actor)))
    return await _one(session, statement.where(NoticeRow.owner_party_id == actor.party_id))


async def live_of(
    session: AsyncSession, about_kind: str, about_id: UUID, kind: NoticeKind
) -> NoticeRow | None:
    """The live notice of a kind about something, not locked."""
    found = await session.execute(
        select(NoticeRow).where(
            NoticeRow.about_kind == about_kind,
            NoticeRow.about_id == about_id,
            NoticeRow.kind == kind,
            NoticeRow.status.in_(LIVE),
        )
    )
    return found.scalar_one_or_none()


async def places_of(session: AsyncSession, notice_id: UUID) -> Sequence[NoticePlaceRow]:
    """Where a notice has to appear."""
    found = await session.execute(
        select(NoticePlaceRow)
        .where(NoticePlaceRow.notice_id == notice_id)
        .order_by(NoticePlaceRow.kind)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def take_due(session: AsyncSession) -> NoticeRow | None:
    """One notice that passes by what is covered of market time, locked; rows that somebody else holds are passed over."""
    found = await session.execute(
        _locking_skipped()
        .where(NoticeRow.next_due_at <= text(COVERED_NOW))
        .where((NoticeRow.retry_at.is_(None)) | (NoticeRow.retry_at <= text("clock_timestamp()")))
        .order_by(NoticeRow.next_due_at)
        .limit(1)
    )
    return found.scalar_one_or_none()


async def take_unjudged(session: AsyncSession) -> NoticeRow | None:
    """One running notice whose end lies so near the latest outages that one may have touched it, locked."""
    window = f"interval '{USUAL.deadline_window_seconds} seconds'"
    found = await session.execute(
        _locking_skipped()
        .where(NoticeRow.status == NoticeStatus.RUNNING)
        .where(NoticeRow.outage_no < text("(SELECT coalesce(max(no), 0) FROM outages)"))
        .where(NoticeRow.ends_at < text(f"(SELECT max(ended_at) + {window} FROM outages)"))
        .where((NoticeRow.retry_at.is_(None)) | (NoticeRow.retry_at <= text("clock_timestamp()")))
        .order_by(NoticeRow.ends_at)
        .limit(1)
    )
    return found.scalar_one_or_none()


async def take_uncounted(session: AsyncSession) -> NoticeRow | None:
    """One running notice whose end was provisional by an older calendar, locked."""
    found = await session.execute(
        _locking_skipped()
        .where(NoticeRow.provisional, NoticeRow.status == NoticeStatus.RUNNING)
        .where(NoticeRow.calendar_no < text("(SELECT coalesce(max(no), 0) FROM calendar_revisions)"))
        .where((NoticeRow.retry_at.is_(None)) | (NoticeRow.retry_at <= text("clock_timestamp()")))
        .order_by(NoticeRow.ends_at)
        .limit(1)
    )
    return found.scalar_one_or_none()


def _locking_skipped() -> Select[NoticeRow]:
    return (
        select(NoticeRow)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )


async def put_off(session: AsyncSession, notice_id: UUID) -> None:
    """Leave a notice whose sweep failed alone for five real seconds, so that it holds up no other."""
    await session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice_id)
        .values(retry_at=text("clock_timestamp() + interval '5 seconds'"))
    )


def clock_of(row: NoticeRow) -> NoticeClock:
    """What its clock says."""
    return NoticeClock(
        status=NoticeStatus(row.status),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ends_on=row.ends_on,
        ends_minute=row.cutoff_minute,
        provisional=row.provisional,
        paused_since=row.paused_at,
        open_objections=row.open_objections,
        content_hash=row.content_hash,
    )


def segment_of(row: NoticeRow) -> Segment:
    """The segment in which its clock runs."""
    assert row.counted_from is not None and row.ends_on is not None
    return Segment(
        counted_from=row.counted_from,
        counted=Period(row.counted_value, PeriodUnit(row.period_unit)),
        least_days=row.least_days,
        minute=row.cutoff_minute,
        ends_on=row.ends_on,
        provisional=row.provisional,
    )


def set_segment(row: NoticeRow, segment: Segment) -> None:
    """Write a segment into its row; when it passes by itself follows."""
    row.counted_from, row.counted_value = segment.counted_from, segment.counted.value
    row.least_days, row.provisional = segment.least_days, segment.provisional
    row.ends_on, row.ends_at = segment.ends_on, segment.ends_at
    row.next_due_at = due(NoticeStatus(row.status), row.ends_at, row.open_objections)


def period_of(row: NoticeRow) -> Period:
    """The whole period, as it was announced or has been stretched."""
    return Period(row.period_value, PeriodUnit(row.period_unit))


def left_of(row: NoticeRow) -> Period:
    """What is left of a notice whose clock stands still."""
    return Period(row.counted_value, PeriodUnit(row.period_unit))


async def end(session: AsyncSession, row: NoticeRow, at: datetime, *, reason: str | None) -> None:
    """Note that a notice has ended: nothing is due any more, nothing holds it, no mend waits."""
    row.ended_at, row.end_reason, row.next_due_at, row.paused_at = at, reason, None, None
    await session.flush()
    await session.execute(
        update(NoticeHoldRow)
        .where(NoticeHoldRow.notice_id == row.id, NoticeHoldRow.ended_at.is_(None))
        .values(ended_at=at)
    )
    waiting = await session.scalars(
        select(NoticeMendRow).where(
            NoticeMendRow.notice_id == row.id, NoticeMendRow.status == MendStatus.PROPOSED
        )
    )
    for mend in waiting:
        MEND.advance(mend, MendStatus.DROPPED)
        mend.decided_at = at
