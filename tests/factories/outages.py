"""Outages of the service, as its heartbeat would have recorded them."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.outages import Outage


async def record_outage(
    session: AsyncSession, began_at: datetime, ended_at: datetime, *, seconds: float | None = None
) -> int:
    """Nobody could leave anything with us between two instants of market time; so many real seconds, or as long."""
    lasted = (ended_at - began_at).total_seconds() if seconds is None else seconds
    found = await session.execute(
        text(
            "INSERT INTO outages (began_real_at, ended_real_at, began_at, ended_at)"
            " VALUES (now() - make_interval(secs => :lasted), now(), :began_at, :ended_at) RETURNING no"
        ),
        {"lasted": lasted, "began_at": began_at, "ended_at": ended_at},
    )
    return int(found.scalar_one())


async def last_heartbeat(session: AsyncSession, at: datetime) -> None:
    """The latest heartbeat was left at this instant of market time, and none since."""
    await session.execute(
        text("UPDATE heartbeat SET at = :at, real_at = clock_timestamp() WHERE id = 1"), {"at": at}
    )


def outage(no: int, began_at: datetime, seconds: float, *, market_seconds: float | None = None) -> Outage:
    """An outage as a value, in real time unless the market's ran faster."""
    lasted = seconds if market_seconds is None else market_seconds
    return Outage(no, began_at, began_at + timedelta(seconds=lasted), seconds)
