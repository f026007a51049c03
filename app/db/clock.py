"""Market time: the only clock that decides anything.

`market_now()` is the database's `clock_timestamp()`; in a database created as a sandbox, that time with a stored
offset and rate which only move forward. Actions read it once, in its own statement, after their lock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.db.heartbeat import beat_again

RATE_MAX = 1_440
ADVANCE_SECONDS_MAX = 400 * 86_400


NOW: Final = "SELECT market_now()"
"""Read by itself, or beside what else is read in a statement that comes after the lock."""


class Clock:
    """Reads market time."""

    async def read(self, session: AsyncSession) -> datetime:
        """Market time now, as an aware UTC datetime."""
        at: datetime = (await plain.fetch(session, NOW))[0][0]
        return at


@dataclass(frozen=True)
class MarketClock:
    """What the clock is set to. `rate` is market seconds per real second."""

    kind: Literal["live", "sandbox"]
    at: datetime
    rate: int


async def read_market_clock(session: AsyncSession) -> MarketClock:
    """The kind of database, market time and its rate, in one statement."""
    row = (await session.execute(text("SELECT kind, market_now(), rate FROM market_clock"))).one()
    return MarketClock(kind=row[0], at=row[1], rate=row[2])


async def move_sandbox_clock(session: AsyncSession, *, advance: timedelta, rate: int | None) -> MarketClock:
    """Move a sandbox's clock forward and set its rate. The database itself refuses this in a live one.

    A heartbeat before and after it: the leap between them is nobody's outage.

    Until the change is committed others read the clock at its old pace; one that is slowed leaps ahead by a quarter of
    a second of that pace, so that nobody sees it go back.
    """
    await beat_again(session)
    await session.execute(
        text(
            "UPDATE market_clock SET market_at = market_at + (real.at - real_at) * rate + CAST(:advance AS interval)"
            " + greatest(rate - coalesce(CAST(:rate AS integer), rate), 0) * interval '250 milliseconds',"
            " real_at = real.at, rate = coalesce(CAST(:rate AS integer), rate)"
            " FROM (SELECT clock_timestamp() AS at) AS real"
        ),
        {"advance": advance, "rate": rate},
    )
    await beat_again(session)
    return await read_market_clock(session)


async def use_real_time(session: AsyncSession) -> None:
    """Let a sandbox's market time be real time from now on. One that is ahead of it stays ahead, at the same pace."""
    await beat_again(session)
    await session.execute(
        text(
            "UPDATE market_clock SET real_at = real.at, rate = 1, market_at = greatest(real.at,"
            " market_at + (real.at - real_at) * rate + (rate - 1) * interval '250 milliseconds')"
            " FROM (SELECT clock_timestamp() AS at) AS real"
        )
    )
    await beat_again(session)
