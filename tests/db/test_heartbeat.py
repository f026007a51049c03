"""Heartbeats: what they prove, which gaps they record, and that a leap of the sandbox's clock is none."""

import asyncio
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock, move_sandbox_clock
from app.db.heartbeat import Heart, beat, outages_after, read_pulse
from app.db.session import Database


async def silent_for(session: AsyncSession, seconds: float) -> None:
    """Nobody has left a heartbeat for so many real seconds."""
    await session.execute(
        text(
            "UPDATE heartbeat SET real_at = real_at - make_interval(secs => :s), at = at - make_interval(secs => :s)"
        ),
        {"s": seconds},
    )


async def test_where_nobody_has_served_yet_everything_until_now_is_covered(
    session: AsyncSession, clock: Clock
) -> None:
    before = await clock.read(session)
    pulse = await read_pulse(session)
    assert before <= pulse.covered_at <= await clock.read(session)
    assert pulse.outage_no == 0


async def test_the_first_heartbeat_ends_no_outage(session: AsyncSession) -> None:
    await beat(session)
    await beat(session)
    assert await outages_after(session, 0) == []


async def test_what_comes_after_the_last_heartbeat_is_not_covered(
    session: AsyncSession, clock: Clock
) -> None:
    await beat(session)
    before = (await read_pulse(session)).covered_at
    await asyncio.sleep(0.01)
    assert (await read_pulse(session)).covered_at == before < await clock.read(session)


async def test_a_gap_is_recorded_by_the_heartbeat_that_ends_it(session: AsyncSession) -> None:
    await beat(session)
    last = (await read_pulse(session)).covered_at
    await silent_for(session, 30)
    await beat(session)
    await beat(session)
    (outage,) = await outages_after(session, 0)
    pulse = await read_pulse(session)
    assert outage.no == pulse.outage_no
    assert outage.began_at == last - timedelta(seconds=30)
    assert last < outage.ended_at <= pulse.covered_at
    assert 30 < outage.seconds < 35
    assert await outages_after(session, outage.no) == []


async def test_a_gap_of_less_than_five_seconds_is_nobodys_outage(session: AsyncSession) -> None:
    for seconds, recorded in ((4, 0), (5.5, 1)):
        await beat(session)
        await silent_for(session, seconds)
        await beat(session)
        assert len(await outages_after(session, 0)) == recorded


async def test_a_leap_of_the_sandboxs_clock_is_no_outage(session: AsyncSession, clock: Clock) -> None:
    await beat(session)
    await move_sandbox_clock(session, advance=timedelta(days=30), rate=1_440)
    await asyncio.sleep(0.02)
    await move_sandbox_clock(session, advance=timedelta(0), rate=1)
    leapt = await clock.read(session)
    assert (await read_pulse(session)).covered_at <= leapt
    await beat(session)
    assert await outages_after(session, 0) == []
    assert (await read_pulse(session)).covered_at >= leapt


async def test_a_leap_leaves_no_heartbeat_where_nobody_serves(session: AsyncSession) -> None:
    await move_sandbox_clock(session, advance=timedelta(days=1), rate=None)
    assert (await session.execute(text("SELECT at FROM heartbeat"))).scalar_one() is None


async def test_two_processes_that_come_back_together_record_one_outage(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        await beat(session)
    async with fresh_database.transaction() as session:
        await silent_for(session, 60)

    async def once() -> None:
        async with fresh_database.transaction() as session:
            await beat(session)

    await asyncio.gather(*(once() for _ in range(12)))
    async with fresh_database.transaction() as session:
        (outage,) = await outages_after(session, 0)
        assert 60 < outage.seconds < 65


async def test_a_heart_beats_again_once_the_database_takes_writes_again(fresh_database: Database) -> None:
    heart = Heart(fresh_database, seconds=0.02)
    async with fresh_database.transaction() as session:
        await session.execute(text("ALTER TABLE heartbeat RENAME TO out_of_reach"))
    beating = asyncio.create_task(heart.run())
    await asyncio.sleep(0.2)
    async with fresh_database.transaction() as session:
        await session.execute(text("ALTER TABLE out_of_reach RENAME TO heartbeat"))
    for _ in range(100):
        async with fresh_database.transaction() as session:
            first = (await session.execute(text("SELECT at FROM heartbeat"))).scalar_one()
        if first is not None:
            break
        await asyncio.sleep(0.02)
    beating.cancel()
    assert first is not None
