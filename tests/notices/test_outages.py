"""Our faults and the calendar: an end that one of them touches comes later, once, in public; nobody is turned away before."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar import actions as calendar
from app.calendar.rules import Period, PeriodUnit
from app.db.clock import Clock, move_sandbox_clock
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.dates import market_date
from app.kit.errors import Busy
from app.notices import actions, errors
from app.notices.states import NoticeKind, NoticeStatus
from app.notices.tables import NoticeRow
from tests.factories.identity import Member, make_member
from tests.factories.listings import make_operator
from tests.factories.notices import make_notice, make_objection
from tests.factories.outages import last_heartbeat, record_outage

CLOCK = Clock()
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
async def officer(session: AsyncSession) -> Member:
    return await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)


async def advance_to(session: AsyncSession, at: datetime) -> None:
    now = await CLOCK.read(session)
    await move_sandbox_clock(session, advance=max(timedelta(0), at - now), rate=None)


def end_of(row: NoticeRow) -> datetime:
    assert row.ends_at is not None
    return row.ends_at


async def moved(session: AsyncSession, row: NoticeRow) -> list[str]:
    found = await session.execute(
        select(EventRow.payload).where(EventRow.subject_id == row.id, EventRow.kind == "notices.moved")
    )
    return [str(payload["cause"]) for payload in found.scalars()]


async def test_an_end_within_an_outage_comes_a_day_later_once_and_in_public(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    end = end_of(row)
    await advance_to(session, end + 2 * MINUTE)
    await record_outage(session, end - MINUTE, end + MINUTE)
    filer = await make_member(session, Role.ENTERPRISE_USER)
    with pytest.raises(Busy):
        await make_objection(session, row, filer)
    assert await actions.sweep_outages(session, CLOCK) is True
    assert await actions.sweep_outages(session, CLOCK) is False
    assert (row.status, row.ends_at, row.next_due_at) == (NoticeStatus.RUNNING, end + DAY, end + DAY)
    assert await moved(session, row) == ["outage"]
    await make_objection(session, row, filer)


async def test_a_notice_does_not_pass_before_the_outage_over_its_end_is_judged(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    end = end_of(row)
    await advance_to(session, end + 2 * MINUTE)
    await record_outage(session, end - MINUTE, end + MINUTE)
    assert await actions.sweep(session, CLOCK) is True
    assert (row.status, row.ends_at) == (NoticeStatus.RUNNING, end + DAY)


async def test_nobody_is_turned_away_before_a_heartbeat_has_followed_the_end(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    end = end_of(row)
    filer = await make_member(session, Role.ENTERPRISE_USER)
    await advance_to(session, end + MINUTE)
    await last_heartbeat(session, end - MINUTE)
    with pytest.raises(Busy):
        await make_objection(session, row, filer)
    assert await actions.sweep(session, CLOCK) is False
    await last_heartbeat(session, end)
    with pytest.raises(errors.ObjectionOutsidePeriod):
        await make_objection(session, row, filer)
    assert await actions.sweep(session, CLOCK) is True


async def test_an_outage_far_from_its_end_and_the_notice_of_a_sale_stay_as_they_are(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    content = {
        "conversion_mode": "转让",
        "start_price": "80万元",
        "deposit": "8万元",
        "timetable": ["竞价开始：2026-12-10 09:00"],
    }
    sale = await make_notice(session, officer, kind=NoticeKind.AUCTION, content=content)
    end = end_of(row)
    await record_outage(session, row.published_at, row.published_at + 30 * MINUTE)
    assert await actions.sweep_outages(session, CLOCK) is False
    await advance_to(session, end + 2 * MINUTE)
    await record_outage(session, end - MINUTE, end + MINUTE)
    while await actions.sweep_outages(session, CLOCK):
        pass
    assert (row.ends_at, sale.ends_at) == (end + DAY, end)
    assert await moved(session, sale) == []


async def test_a_decided_year_moves_a_provisional_end_later_and_never_earlier(
    session: AsyncSession, officer: Member
) -> None:
    ten = Period(10, PeriodUnit.WORKING_DAY)
    row = await make_notice(session, officer, period=ten, floor=ten, cutoff_minute=1020)
    # Beyond what any year of the calendar decides, so that the end is provisional.
    row.counted_from = row.starts_on = date(2027, 3, 1)
    row.starts_at = datetime.fromisoformat("2027-03-01T01:00:00+00:00")
    row.ends_on, row.provisional = date(2027, 3, 15), True
    row.ends_at = datetime.fromisoformat("2027-03-15T09:00:00+00:00")
    await session.flush()
    operator = await make_operator(session)
    decided = {"actor": operator.actor, "note": None, "source": "国办发明电〔2026〕9号"}
    await calendar.decide_day(session, CLOCK, on=date(2027, 3, 8), is_working=False, **decided)
    assert await actions.sweep_calendar(session, CLOCK) is True
    assert (row.ends_on, row.provisional) == (date(2027, 3, 16), True)
    assert await moved(session, row) == ["calendar"]
    await calendar.decide_day(session, CLOCK, on=date(2027, 3, 6), is_working=True, **decided)
    assert await actions.sweep_calendar(session, CLOCK) is True
    assert row.ends_on == date(2027, 3, 16)
    assert await actions.sweep_calendar(session, CLOCK) is False
    assert market_date(end_of(row)) == date(2027, 3, 16)


async def test_a_decided_year_moves_the_deadlines_of_an_objection_later(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    filer = await make_member(session, Role.ENTERPRISE_USER)
    objection = await make_objection(session, row, filer)
    objection.filed_at = datetime.fromisoformat("2027-03-01T01:00:00+00:00")
    objection.accept_due_on, objection.provisional = date(2027, 3, 4), True
    await session.flush()
    operator = await make_operator(session)
    await calendar.decide_day(
        session,
        CLOCK,
        actor=operator.actor,
        on=date(2027, 3, 3),
        is_working=False,
        note=None,
        source="国办发明电〔2026〕9号",
    )
    assert await actions.sweep_deadlines(session, CLOCK) is True
    assert objection.accept_due_on == date(2027, 3, 5)
    assert objection.next_due_at is not None
    assert market_date(objection.next_due_at - MINUTE) == date(2027, 3, 5)
    assert await actions.sweep_deadlines(session, CLOCK) is False
