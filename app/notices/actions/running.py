"""A notice that runs: asking its clock, stretching, stopping and going on, and passing when its time is over."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.kit.dates import market_date
from app.notices import repository
from app.notices.actions.outages import judge
from app.notices.actions.telling import told
from app.notices.errors import NoticeNotRunning
from app.notices.events import NoticeMoved, NoticePassed, NoticePaused, NoticeResumed
from app.notices.repository import NewEntry
from app.notices.rules import clock as rules
from app.notices.rules.clock import NoticeClock
from app.notices.rules.record import EntryKind
from app.notices.states import NOTICE, MoveCause, NoticeStatus, PauseCause
from app.notices.tables import NoticeRow

log = structlog.get_logger()


async def clock_of(session: AsyncSession, notice_id: UUID) -> NoticeClock:
    """Lock a notice and say what its clock says: the last lock before whatever rests on its end. Raises `NotFound`."""
    return repository.clock_of(await repository.lock(session, notice_id))


async def stretch(
    session: AsyncSession, clock: Clock, *, notice_id: UUID, days: int, reason: str
) -> NoticeClock:
    """Let a live notice end so many days of its unit later, counted from its announced end.

    Raises `NotFound`, and `NoticeNotRunning` where it has ended.
    """
    row = await repository.lock(session, notice_id)
    at = await clock.read(session)
    await lengthen(session, row, days)
    entry = NewEntry(
        EntryKind.STRETCHED,
        payload={"days": days, "ends_at": row.ends_at, "provisional": row.provisional},
        texts={"reason": reason},
    )
    await repository.enter(session, row, at, entry)
    moved = NoticeMoved(
        **told(row), at=at, ends_at=row.ends_at, provisional=row.provisional, cause=MoveCause.STRETCHED
    )
    await outbox.record(session, moved)
    return repository.clock_of(row)


async def lengthen(session: AsyncSession, row: NoticeRow, days: int) -> None:
    """Give a locked live notice so many days more. While it stands still, or has not begun, what is left grows."""
    if NoticeStatus(row.status) is NoticeStatus.RUNNING:
        assert row.ends_on is not None
        known = await repository.known_days(session, row.ends_on, days=days)
        repository.set_segment(row, rules.stretched(known, repository.segment_of(row), days))
    elif NoticeStatus(row.status) in {NoticeStatus.PAUSED, NoticeStatus.SCHEDULED}:
        row.counted_value += days
    else:
        raise NoticeNotRunning()
    row.period_value += days


async def interrupt(
    session: AsyncSession,
    clock: Clock,
    *,
    notice_id: UUID,
    cause: PauseCause,
    note: str | None,
    resume_min_days: int,
) -> NoticeClock:
    """中止: stop a running notice's clock for a cause of the caller's. resume_min_days: working days left at the least
    when it goes on. Raises `NotFound`, and `NoticeNotRunning` where it neither runs nor stands still.
    """
    row = await repository.lock(session, notice_id)
    at = await clock.read(session)
    await hold(session, row, at, cause=cause, note=note, resume_min_days=resume_min_days)
    return repository.clock_of(row)


async def take_up(session: AsyncSession, clock: Clock, *, notice_id: UUID, cause: PauseCause) -> NoticeClock:
    """恢复: end the caller's cause. The clock goes on unless another one holds it. Raises `NotFound`."""
    row = await repository.lock(session, notice_id)
    at = await clock.read(session)
    await release(session, row, at, cause=cause)
    return repository.clock_of(row)


async def hold(
    session: AsyncSession,
    row: NoticeRow,
    at: datetime,
    *,
    cause: PauseCause,
    resume_min_days: int,
    note: str | None = None,
    objection_id: UUID | None = None,
) -> None:
    """Hold a locked notice's clock; it stops with the first cause. What is left is counted then."""
    status = NoticeStatus(row.status)
    if status not in {NoticeStatus.RUNNING, NoticeStatus.PAUSED}:
        raise NoticeNotRunning()
    await repository.add_hold(
        session,
        row.id,
        cause=cause,
        at=at,
        resume_min_days=resume_min_days,
        note=note,
        objection_id=objection_id,
    )
    if status is NoticeStatus.PAUSED:
        return
    running = repository.segment_of(row)
    known = await repository.known_days(session, running.counted_from, days=running.counted.value)
    left = rules.left_of(known, running, at)
    NOTICE.advance(row, NoticeStatus.PAUSED)
    row.paused_at, row.counted_value, row.next_due_at = at, left.value, None
    payload = {"cause": cause, "left": {"value": left.value, "unit": left.unit}}
    await repository.enter(
        session, row, at, NewEntry(EntryKind.PAUSED, payload=payload, texts={"note": note})
    )
    await outbox.record(session, NoticePaused(**told(row), at=at, cause=cause, paused_at=at))


async def release(
    session: AsyncSession,
    row: NoticeRow,
    at: datetime,
    *,
    cause: PauseCause,
    objection_id: UUID | None = None,
) -> None:
    """End a cause that holds a locked notice; once none is left the clock goes on, with what was left of it."""
    ended = await repository.end_hold(session, row.id, cause=cause, objection_id=objection_id, at=at)
    if not ended or row.status != NoticeStatus.PAUSED or await repository.is_held(session, row.id):
        return
    assert row.paused_at is not None
    least_days = await repository.least_days_since(session, row.id, row.paused_at)
    on, left = market_date(at), repository.left_of(row)
    known = await repository.known_days(session, on, days=max(left.value, least_days))
    segment = rules.go_on(known, on, left, row.cutoff_minute, least_days=least_days)
    NOTICE.advance(row, NoticeStatus.RUNNING)
    row.paused_at = None
    repository.set_segment(row, segment)
    row.calendar_no = await repository.calendar_no(session)
    payload = {
        "left": {"value": left.value, "unit": left.unit},
        "ends_on": segment.ends_on,
        "ends_at": segment.ends_at,
        "provisional": segment.provisional,
    }
    await repository.enter(session, row, at, NewEntry(EntryKind.RESUMED, payload=payload))
    resumed = NoticeResumed(**told(row), at=at, ends_at=segment.ends_at, provisional=segment.provisional)
    await outbox.record(session, resumed)


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Let one notice pass whose period is over, if there is one. One that fails is put off and holds up no other."""
    row = await repository.take_due(session)
    if row is None:
        return False
    notice_id = row.id
    try:
        async with session.begin_nested():
            await _pass(session, clock, row)
    except Exception as error:  # whatever it is, the other notices go on
        log.error("notice_not_passed", notice_id=str(notice_id), exc_info=error)
        await repository.put_off(session, notice_id)
    return True


async def _pass(session: AsyncSession, clock: Clock, row: NoticeRow) -> None:
    at = await clock.read(session)
    if await judge(session, row, at):
        return
    if not repository.clock_of(row).is_over(at):
        row.next_due_at = rules.due(NoticeStatus(row.status), row.ends_at, row.open_objections)
        return
    NOTICE.advance(row, NoticeStatus.PASSED)
    await repository.end(session, row, at, reason=None)
    await repository.enter(session, row, at, NewEntry(EntryKind.PASSED, payload={"ends_at": row.ends_at}))
    await outbox.record(session, NoticePassed(**told(row), at=at))
