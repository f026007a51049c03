"""Our faults and a sale in the database: no timer and no bid lets a close happen before the outage is judged."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.auctions.actions.ledger import Ledger, Wish
from app.auctions.repository import batches
from app.auctions.rules.commands import SuspendReason
from app.auctions.schemas import ResumeIn, SuspendIn
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.db.heartbeat import outages_after, read_pulse
from app.db.session import SERVES, Database
from app.kit.errors import Refusal
from app.markets.registrations import actions as registrations
from app.markets.tables import OfferingRow
from app.settlement.tables import DepositRow, PostingRow, RefundRow
from tests.auctions.stored import deposits, events_of, told
from tests.factories.auctions import (
    CLOCK,
    Sale,
    add_bidder,
    advance_to,
    close,
    make_noticed,
    make_started,
    place,
)
from tests.factories.outages import last_heartbeat, record_outage
from tests.factories.settlement import confirm, make_arrival

MILLION = "2000000.00"
SECOND = timedelta(seconds=1)
WINDOW = timedelta(seconds=300)


async def ended(session: AsyncSession, *, bids: bool = True) -> tuple[Sale, datetime]:
    """A sale fifteen seconds before its end, and that end."""
    sale = await make_started(session)
    if bids:
        await place(session, sale, sale.bidders[0], MILLION)
    row = await sale.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at - 15 * SECOND)
    while await actions.sweep(session, CLOCK):
        pass
    return sale, row.ends_at


async def down_across(session: AsyncSession, ends_at: datetime) -> datetime:
    """Nobody reached us from ten seconds before an end to twenty after it. Gives when we were back."""
    await advance_to(session, ends_at + 20 * SECOND)
    await record_outage(session, ends_at - 10 * SECOND, ends_at + 20 * SECOND)
    return ends_at + 20 * SECOND


async def kinds(session: AsyncSession, sale: Sale) -> list[str]:
    return [event.kind for event in await events_of(session, sale)]


async def test_the_first_timer_after_an_outage_postpones_the_close_that_it_would_have_made(
    session: AsyncSession,
) -> None:
    sale, ends_at = await ended(session)
    back_at = await down_across(session, ends_at)
    assert await actions.sweep(session, CLOCK)
    row = await sale.row(session)
    assert (row.status, row.award_id) == ("timed_bidding", None)
    assert row.ends_at is not None and row.ends_at >= back_at + WINDOW
    assert (await kinds(session, sale)).count("postponed") == 1
    events = [event for event in await told(session, sale) if event.kind == "auctions.postponed"]
    assert [event.public for event in events] == [True]
    assert "系统故障" in events[0].payload["reason_zh"]
    assert "fault of the system" in events[0].payload["reason_en"]
    await place(session, sale, sale.bidders[1], "2100000.00")
    closed = await close(session, sale)
    assert (closed.status, closed.current_minor) == ("awarded", 210_000_000)
    assert await deposits(session, sale) == ["released", "held"]


async def test_the_first_bid_after_an_outage_is_judged_after_the_outage(session: AsyncSession) -> None:
    sale, ends_at = await ended(session)
    back_at = await down_across(session, ends_at)
    placed = await place(session, sale, sale.bidders[1], "2100000.00")
    assert placed.row.ends_at is not None and placed.row.ends_at >= back_at + WINDOW
    assert (await kinds(session, sale))[-2:] == ["postponed", "bid_placed"] or (await kinds(session, sale))[
        -3:
    ] == ["postponed", "bid_placed", "extended"]


async def test_a_sweep_over_all_sales_judges_each_once(session: AsyncSession) -> None:
    sale, ends_at = await ended(session)
    await down_across(session, ends_at)
    assert await actions.sweep_outages(session, CLOCK)
    assert not await actions.sweep_outages(session, CLOCK)
    assert not await actions.sweep(session, CLOCK)
    assert (await kinds(session, sale)).count("postponed") == 1
    offering = await session.get_one(OfferingRow, sale.offering_id, populate_existing=True)
    row = await sale.row(session)
    assert row.judged_outage_no == offering.outage_no == row.outage_no > 0


async def test_a_sale_that_an_outage_did_not_touch_is_judged_and_left_alone(session: AsyncSession) -> None:
    sale = await make_started(session)
    at = await CLOCK.read(session)
    before = len(await kinds(session, sale))
    await record_outage(session, at - 60 * SECOND, at)
    assert await actions.sweep_outages(session, CLOCK)
    assert not await actions.sweep_outages(session, CLOCK)
    row = await sale.row(session)
    assert (row.outage_no, len(await kinds(session, sale))) == (0, before)
    assert row.judged_outage_no > 0


async def test_a_worker_that_is_well_closes_nothing_while_bidders_cannot_reach_us(
    session: AsyncSession,
) -> None:
    """The API is dead and the database lives: the last heartbeat lies before the end."""
    sale, ends_at = await ended(session)
    await last_heartbeat(session, ends_at - SECOND)
    session.info.pop(SERVES, None)
    await _let_pass(session, ends_at + 60 * SECOND)
    assert not await actions.sweep(session, CLOCK)
    assert (await sale.row(session)).status == "timed_bidding"
    # Back: the heartbeat records what it ends, and only then is there anything to do.
    await record_outage(session, ends_at - SECOND, ends_at + 60 * SECOND)
    await last_heartbeat(session, ends_at + 60 * SECOND)
    assert await actions.sweep(session, CLOCK)
    row = await sale.row(session)
    assert row.status == "timed_bidding"
    assert row.ends_at is not None and row.ends_at >= ends_at + 60 * SECOND + WINDOW


async def _let_pass(session: AsyncSession, at: datetime) -> None:
    """Market time passes without anybody's heartbeat."""
    heartbeat = (await read_pulse(session)).covered_at
    await advance_to(session, at)
    await last_heartbeat(session, heartbeat)


async def test_a_close_waits_for_a_heartbeat_after_the_end_and_then_happens(session: AsyncSession) -> None:
    sale, ends_at = await ended(session)
    await last_heartbeat(session, ends_at - SECOND)
    await _let_pass(session, ends_at + SECOND)
    assert not await actions.sweep(session, CLOCK)
    await last_heartbeat(session, ends_at)
    assert await actions.sweep(session, CLOCK)
    row = await sale.row(session)
    assert (row.status, row.last_at) == ("awarded", ends_at)


async def test_who_does_not_serve_is_told_to_wait_where_the_end_is_not_covered(session: AsyncSession) -> None:
    sale, ends_at = await ended(session)
    await last_heartbeat(session, ends_at - SECOND)
    await _let_pass(session, ends_at + SECOND)
    with pytest.raises(Refusal) as refused:
        await place(session, sale, sale.bidders[1], "2100000.00")
    assert refused.value.code == "busy"


async def test_of_a_batch_only_the_sale_whose_end_is_not_covered_waits(session: AsyncSession) -> None:
    sale, ends_at = await ended(session)
    other = await make_noticed(session)
    await last_heartbeat(session, ends_at - SECOND)
    await _let_pass(session, ends_at + SECOND)
    wishes = [
        Wish(one.auction_id, bidder.actor.party_id, bidder.actor.user_id, 210_000_000)
        for one, bidder in ((sale, sale.bidders[1]), (other, sale.bidders[1]))
    ]
    rows = await batches.take(session, [wish.auction_id for wish in wishes], wait=True)
    ledger = await Ledger.open(session, rows, wishes)
    codes = []
    for wish in wishes:
        with pytest.raises(Refusal) as refused:
            ledger.judge(wish)
        codes.append(refused.value.code)
    assert codes == ["busy", "bidding_not_started"]


async def test_a_serving_process_that_comes_before_its_heartbeat_leaves_it_with_the_bid(
    session: AsyncSession,
) -> None:
    sale, ends_at = await ended(session)
    await last_heartbeat(session, ends_at - SECOND)
    await _let_pass(session, ends_at + SECOND)
    session.info[SERVES] = True
    with pytest.raises(Refusal) as refused:
        await place(session, sale, sale.bidders[1], "2100000.00")
    assert refused.value.code == "bidding_ended"
    assert (await read_pulse(session)).covered_at > ends_at


async def test_past_the_limit_the_sale_is_suspended_until_the_operator_resumes_it(
    session: AsyncSession,
) -> None:
    sale, ends_at = await ended(session)
    await advance_to(session, ends_at + timedelta(minutes=40))
    await record_outage(session, ends_at - 10 * SECOND, ends_at + timedelta(minutes=40))
    assert await actions.sweep(session, CLOCK)
    row = await sale.row(session)
    assert (row.status, row.interrupted, row.suspended_at) == (
        "suspended",
        "timed_bidding",
        ends_at - 10 * SECOND,
    )
    resumed = await actions.resume(
        session, CLOCK, actor=sale.operator.actor, auction_id=row.id, asked=ResumeIn(note="系统已恢复")
    )
    assert resumed.ends_at is not None
    assert resumed.ends_at - await CLOCK.read(session) > WINDOW - SECOND
    assert not await actions.sweep(session, CLOCK)


async def test_a_registration_window_within_an_outage_is_moved_with_its_deposits(
    session: AsyncSession,
) -> None:
    sale = await make_noticed(session)
    await add_bidder(session, sale, paid=False)
    closes = (await sale.row(session)).registration_closes_at
    assert closes is not None
    back_at = closes + timedelta(minutes=9)
    await advance_to(session, back_at)
    await record_outage(session, closes - timedelta(minutes=2), back_at)
    assert await actions.sweep(session, CLOCK)
    row = await sale.row(session)
    assert row.status == "registration_open"
    assert row.registration_closes_at is not None
    assert row.registration_closes_at >= back_at + timedelta(hours=1)
    # Who was shut out is in, and has the time that the notice gave for the deposit.
    await add_bidder(session, sale, paid=False)
    due = (await session.execute(select(DepositRow.due_at))).scalars().all()
    assert set(due) == {row.deposit_due_at}


async def test_a_deposit_deadline_within_an_outage_is_moved_for_who_has_not_paid(
    session: AsyncSession,
) -> None:
    sale = await make_noticed(session)
    await add_bidder(session, sale)
    await add_bidder(session, sale, paid=False)
    row = await sale.row(session)
    due = row.deposit_due_at
    assert due is not None
    await advance_to(session, due + timedelta(minutes=9))
    while await actions.sweep(session, CLOCK):
        pass
    await record_outage(session, due - timedelta(minutes=2), due + timedelta(minutes=9))
    with pytest.raises(Refusal) as refused:
        await actions.mark_ready(session, CLOCK, actor=sale.finance.checker.actor, auction_id=row.id)
    assert refused.value.code == "ready_too_early"
    assert await actions.sweep_outages(session, CLOCK)
    row = await sale.row(session)
    assert row.deposit_due_at is not None
    assert row.deposit_due_at >= due + timedelta(minutes=69)
    found = await session.execute(
        select(DepositRow.status, DepositRow.due_at).where(DepositRow.reference_id.in_(sale.registrations))
    )
    assert {one.status: one.due_at for one in found} == {"held": due, "required": row.deposit_due_at}


async def test_money_that_came_late_is_judged_anew_where_its_deadline_is_moved(session: AsyncSession) -> None:
    sale = await make_noticed(session)
    for _ in range(2):
        await add_bidder(session, sale, paid=False)
    row = await sale.row(session)
    due = row.deposit_due_at
    assert due is not None
    asked = select(DepositRow).where(DepositRow.reference_id.in_(sale.registrations)).order_by(DepositRow.id)
    in_time, too_late = (await session.execute(asked)).scalars().all()
    await advance_to(session, due + timedelta(hours=3))
    arrivals = [
        await confirm(session, sale.finance, await make_arrival(session, sale.finance, deposit, **how))
        for deposit, how in (
            (in_time, {"posted_at": due + timedelta(minutes=3), "amount_minor": in_time.amount_minor + 100}),
            (in_time, {"posted_at": due + timedelta(minutes=5)}),
            (too_late, {"posted_at": due + timedelta(hours=2)}),
        )
    ]
    assert {one.exception for one in arrivals} == {"arrived_late"}
    # Known only now: nobody could reach us for minutes before the deadline.
    moved = due + timedelta(hours=1)
    await registrations.move_window(
        session, CLOCK, offering_id=sale.offering_id, opens_at=due, ends_at=moved, deposit_due_at=moved
    )
    assert [(one.status, one.exception) for one in arrivals] == [
        ("matched", None),
        ("exception", "deposit_not_open"),
        ("exception", "arrived_late"),
    ]
    assert (in_time.status, too_late.status, too_late.due_at) == ("held", "required", moved)
    assert await session.scalar(select(func.sum(PostingRow.amount_minor))) == 0
    owed = await session.scalar(select(RefundRow.amount_minor).where(RefundRow.arrival_id == arrivals[0].id))
    assert owed == 100


async def test_a_suspended_sale_takes_no_registration_before_the_windows_old_end_either(
    session: AsyncSession,
) -> None:
    sale = await make_noticed(session)
    row = await sale.row(session)
    asked = SuspendIn(reason=SuspendReason.OBJECTION, note="有人提出异议")
    await actions.suspend(session, CLOCK, actor=sale.operator.actor, auction_id=row.id, asked=asked)
    with pytest.raises(Refusal) as refused:
        await add_bidder(session, sale)
    assert refused.value.code == "registration_paused"
    await actions.resume(
        session, CLOCK, actor=sale.operator.actor, auction_id=row.id, asked=ResumeIn(note="已核实")
    )
    await add_bidder(session, sale)


async def test_two_workers_judge_a_sale_once(fresh_database: Database, clock: Clock) -> None:
    async with fresh_database.transaction() as session:
        sale = await make_started(session)
        row = await sale.row(session)
        assert row.ends_at is not None
        await advance_to(session, row.ends_at + 20 * SECOND)
        await record_outage(session, row.ends_at - 10 * SECOND, row.ends_at + 20 * SECOND)

    async def once(number: int) -> None:
        async with fresh_database.transaction() as session:
            await (actions.sweep_outages if number % 2 else actions.sweep)(session, clock)

    await asyncio.gather(*(once(number) for number in range(10)))
    async with fresh_database.transaction() as session:
        assert (await kinds(session, sale)).count("postponed") == 1
        assert (await session.get_one(AuctionRow, sale.auction_id)).status == "timed_bidding"
        assert len(await outages_after(session, 0)) == 1
