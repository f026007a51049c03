"""Our faults and the deadlines of registrations: postponed once, in public, and nobody turned away before that."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.tables import EventRow
from app.kit.dates import SHANGHAI
from app.kit.errors import Refusal
from app.markets.events import DeadlinePostponed
from app.markets.listed import actions as listed
from app.markets.listed.tables import ListingRow
from app.markets.registrations import actions as registrations
from app.markets.tables import OfferingRow
from app.settlement.tables import DepositRow
from tests.factories.markets import (
    advance_to,
    make_buyer,
    make_listed,
    make_market,
    make_qualified,
    register,
)
from tests.factories.outages import last_heartbeat, record_outage

CLOCK = Clock()
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def listing(session: AsyncSession, sale: OfferingRow) -> ListingRow:
    return await session.get_one(ListingRow, sale.id, populate_existing=True)


async def told(session: AsyncSession, sale: OfferingRow) -> list[DeadlinePostponed]:
    found = await session.execute(
        select(EventRow)
        .where(EventRow.subject_id == sale.id, EventRow.kind == DeadlinePostponed.kind)
        .order_by(EventRow.id)
    )
    return [DeadlinePostponed.model_validate(row.payload) for row in found.scalars()]


async def down_across(
    session: AsyncSession, deadline: datetime, *, before: timedelta, after: timedelta
) -> int:
    """The service was down across a deadline, and is back."""
    await advance_to(session, deadline + after)
    return await record_outage(session, deadline - before, deadline + after)


async def judge_all(session: AsyncSession) -> None:
    while await listed.sweep_outages(session, CLOCK):
        pass


async def test_a_deadline_within_an_outage_is_postponed_once_and_in_public(session: AsyncSession) -> None:
    sale = await make_listed(session, await make_market(session))
    early = await make_buyer(session)
    await register(session, sale.id, early)
    before = (await listing(session, sale)).ends_at
    no = await down_across(session, before, before=6 * MINUTE, after=5 * MINUTE)
    await judge_all(session)
    row = await listing(session, sale)
    assert before + 5 * MINUTE + HOUR <= row.ends_at < before + 6 * MINUTE + HOUR
    assert row.evaluates_at.astimezone(SHANGHAI).date() > row.ends_on
    offering = await session.get_one(OfferingRow, sale.id, populate_existing=True)
    assert offering.registration_ends_at == offering.deposit_due_at == row.ends_at
    due = (await session.execute(select(DepositRow.due_at))).scalars().all()
    assert set(due) == {row.ends_at}
    (event,) = await told(session, sale)
    assert (event.outage_no, event.registration_ends_at) == (no, row.ends_at)
    assert "系统故障" in event.reason_zh and "fault of the system" in event.reason_en
    await judge_all(session)
    assert (await listing(session, sale)).ends_at == row.ends_at
    assert len(await told(session, sale)) == 1
    # Who was shut out registers now.
    await register(session, sale.id, await make_buyer(session))


async def test_an_outage_up_to_the_threshold_postpones_nothing(session: AsyncSession) -> None:
    sale = await make_listed(session, await make_market(session))
    before = (await listing(session, sale)).ends_at
    await down_across(session, before, before=11 * MINUTE, after=-MINUTE)
    await judge_all(session)
    assert (await listing(session, sale)).ends_at == before
    assert await told(session, sale) == []


async def test_a_short_outage_over_the_deadline_itself_postpones_it(session: AsyncSession) -> None:
    sale = await make_listed(session, await make_market(session))
    before = (await listing(session, sale)).ends_at
    await down_across(session, before, before=MINUTE, after=MINUTE)
    await judge_all(session)
    assert (await listing(session, sale)).ends_at >= before + MINUTE + HOUR
    assert len(await told(session, sale)) == 1


async def test_two_outages_postpone_twice_and_each_once(session: AsyncSession) -> None:
    sale = await make_listed(session, await make_market(session))
    before = (await listing(session, sale)).ends_at
    await down_across(session, before, before=6 * MINUTE, after=5 * MINUTE)
    await judge_all(session)
    between = (await listing(session, sale)).ends_at
    await down_across(session, between, before=6 * MINUTE, after=5 * MINUTE)
    await judge_all(session)
    assert (await listing(session, sale)).ends_at >= between + 5 * MINUTE + HOUR
    assert len(await told(session, sale)) == 2


async def test_after_an_outage_past_the_limit_the_listing_ends_at_the_next_working_days_cutoff(
    session: AsyncSession,
) -> None:
    sale = await make_listed(session, await make_market(session))
    before = (await listing(session, sale)).ends_at
    await down_across(session, before, before=6 * MINUTE, after=30 * MINUTE)
    await judge_all(session)
    ends_at = (await listing(session, sale)).ends_at
    assert ends_at.astimezone(SHANGHAI).hour == 17
    assert ends_at.astimezone(SHANGHAI).date() > before.astimezone(SHANGHAI).date()


async def test_until_the_outage_is_judged_nobody_is_turned_away_but_asked_to_come_again(
    session: AsyncSession,
) -> None:
    sale = await make_listed(session, await make_market(session))
    before = (await listing(session, sale)).ends_at
    await down_across(session, before, before=6 * MINUTE, after=5 * MINUTE)
    late = await make_buyer(session)
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, late)
    assert (refused.value.code, refused.value.status) == ("busy", 503)
    await judge_all(session)
    await register(session, sale.id, late)


async def test_an_outage_that_touched_nothing_closes_the_window_as_announced(session: AsyncSession) -> None:
    sale = await make_listed(session, await make_market(session))
    before = (await listing(session, sale)).ends_at
    await down_across(session, before, before=9 * MINUTE, after=-MINUTE)
    await judge_all(session)
    await advance_to(session, before)
    await last_heartbeat(session, before + MINUTE)
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, await make_buyer(session))
    assert refused.value.code == "registration_not_open"


async def test_before_a_heartbeat_has_followed_the_deadline_nobody_is_turned_away(
    session: AsyncSession,
) -> None:
    sale = await make_listed(session, await make_market(session))
    before = (await listing(session, sale)).ends_at
    await advance_to(session, before)
    await last_heartbeat(session, before - MINUTE)
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, await make_buyer(session))
    assert refused.value.code == "busy"


async def test_a_listing_is_not_evaluated_before_every_outage_until_then_is_known_and_judged(
    session: AsyncSession,
) -> None:
    """Nobody reached us from before the deadline until after the evaluation was due."""
    market = await make_market(session)
    sale = await make_listed(session, market)
    await make_qualified(session, market, sale.id)
    row = await listing(session, sale)
    began_at, evaluates_at = row.ends_at - MINUTE, row.evaluates_at
    await advance_to(session, evaluates_at + MINUTE)
    await last_heartbeat(session, began_at)
    # The workers are well all the time: they wait.
    assert not await listed.sweep(session, CLOCK)
    assert not await listed.sweep_outages(session, CLOCK)
    back_at = await CLOCK.read(session)
    await record_outage(session, began_at, back_at)
    await last_heartbeat(session, back_at)
    # The sweep that would evaluate comes first, and judges.
    assert await listed.sweep(session, CLOCK)
    row = await listing(session, sale)
    assert (row.result, row.ends_at > back_at, row.evaluates_at > row.ends_at) == (None, True, True)
    assert not await listed.sweep_outages(session, CLOCK)
    assert len(await told(session, sale)) == 1


async def test_a_suspended_sale_takes_no_registrations_until_its_window_comes_back(
    session: AsyncSession,
) -> None:
    sale = await make_listed(session, await make_market(session))
    at = await CLOCK.read(session)
    await registrations.pause_window(session, offering_id=sale.id, at=at)
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, await make_buyer(session))
    assert refused.value.code == "registration_paused"
    row = await listing(session, sale)
    await registrations.move_window(
        session,
        CLOCK,
        offering_id=sale.id,
        opens_at=at,
        ends_at=row.ends_at + HOUR,
        deposit_due_at=row.ends_at + HOUR,
    )
    await register(session, sale.id, await make_buyer(session))
