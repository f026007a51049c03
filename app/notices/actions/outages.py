"""Notices, outages of the service, and the calendar: an end that one of them moves comes later, by whole days, in public."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.heartbeat import outages_after, read_pulse
from app.events import outbox
from app.kit.errors import Busy
from app.kit.outages import USUAL, deadline_touched, later, touched
from app.notices import repository
from app.notices.actions.telling import told
from app.notices.events import NoticeMoved
from app.notices.repository import NewEntry
from app.notices.rules import clock as rules
from app.notices.rules.clock import Segment
from app.notices.rules.record import EntryKind
from app.notices.states import MoveCause, NoticeKind, NoticeStatus
from app.notices.tables import NoticeRow

log = structlog.get_logger()

Act = Callable[[AsyncSession, NoticeRow, datetime], Awaitable[bool]]


async def await_judgement(session: AsyncSession, row: NoticeRow, at: datetime) -> None:
    """Nobody is turned away by an end that an outage of ours may have touched: he asks again, in a moment.

    Raises `Busy` where no heartbeat has followed the end, or an outage that touched it has not been judged.
    """
    if row.status != NoticeStatus.RUNNING or row.ends_at is None or at < row.ends_at:
        return
    pulse = await read_pulse(session)
    if pulse.covered_at < row.ends_at or any(
        touched(row.ends_at, outage, longer_than=0, window_seconds=USUAL.deadline_window_seconds)
        for outage in await outages_after(session, row.outage_no)
    ):
        raise Busy()


async def judge(session: AsyncSession, row: NoticeRow, at: datetime) -> bool:
    """Judge a locked notice by every outage that it has not been judged by. Whether it ends later now.

    An end that one touched comes later by as many whole days as leave a full window. What stands still is not touched:
    when it goes on it has a working day at the least. A sale's notice ends with the start that the sale's own rules move.
    """
    before = row.ends_at
    for outage in await outages_after(session, row.outage_no):
        row.outage_no = outage.no
        if row.status != NoticeStatus.RUNNING or row.ends_at is None or row.kind == NoticeKind.AUCTION:
            continue
        if not deadline_touched(row.ends_at, outage, USUAL):
            continue
        wanted = later(row.ends_at, at, window_seconds=USUAL.deadline_window_seconds)
        segment = repository.segment_of(row)
        while segment.ends_at < wanted:
            known = await repository.known_days(session, segment.ends_on, days=1)
            segment = rules.stretched(known, segment, 1)
        await _move(session, row, at, segment, MoveCause.OUTAGE)
    return row.ends_at != before


async def sweep_outages(session: AsyncSession, clock: Clock) -> bool:
    """Judge one notice by the outages near its end, if there is one. One that fails is put off."""
    row = await repository.take_unjudged(session)
    return row is not None and await _apart(session, clock, row, judge, "notice_not_judged")


async def sweep_calendar(session: AsyncSession, clock: Clock) -> bool:
    """Count one notice anew whose end rested on days that have been decided since, if there is one."""
    row = await repository.take_uncounted(session)
    return row is not None and await _apart(session, clock, row, recount, "notice_not_counted")


async def recount(session: AsyncSession, row: NoticeRow, at: datetime) -> bool:
    """Count a locked running notice anew by the calendar as it is. Whether it ends later now; never earlier."""
    row.calendar_no = await repository.calendar_no(session)
    before = repository.segment_of(row)
    days = max(before.counted.value, before.least_days)
    known = await repository.known_days(session, before.counted_from, days=days)
    segment = rules.recounted(known, before)
    if segment.ends_on == before.ends_on:
        row.provisional = segment.provisional
        return False
    await _move(session, row, at, segment, MoveCause.CALENDAR)
    return True


async def _move(
    session: AsyncSession, row: NoticeRow, at: datetime, segment: Segment, cause: MoveCause
) -> None:
    repository.set_segment(row, segment)
    payload = {
        "cause": cause,
        "ends_on": segment.ends_on,
        "ends_at": segment.ends_at,
        "provisional": segment.provisional,
    }
    await repository.enter(session, row, at, NewEntry(EntryKind.MOVED, payload=payload))
    moved = NoticeMoved(
        **told(row), at=at, ends_at=segment.ends_at, provisional=segment.provisional, cause=cause
    )
    await outbox.record(session, moved)


async def _apart(session: AsyncSession, clock: Clock, row: NoticeRow, act: Act, failed: str) -> bool:
    notice_id = row.id
    try:
        async with session.begin_nested():
            await act(session, row, await clock.read(session))
    except Exception as error:  # whatever it is, the other notices go on
        log.error(failed, notice_id=str(notice_id), exc_info=error)
        await repository.put_off(session, notice_id)
    return True
