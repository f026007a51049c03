"""The service's heartbeat: proof, in the database itself, that what is sent to us could be accepted.

Every serving process commits one small write after another into one row, to the same server and disk as the bids. Whoever writes after more than `RECORDED_SECONDS` of nobody's writing records the gap as an outage in that
very statement: so a reader sees either no heartbeat after a gap, or the gap's record with it, never the one without the
other. Workers only read: a worker that is well says nothing of whether bidders reach us.

Gaps are measured in real time; a sandbox's leap is not one (`clock.py` leaves a heartbeat on both sides of it).
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.db.session import SERVES, Database
from app.kit.outages import Outage

log = structlog.get_logger()

RECORDED_SECONDS: Final = 5
"""A shorter gap is no outage for anybody: no rule may have a lower threshold (real seconds)."""


_BEAT: Final = text(
    "WITH beat AS ("
    " UPDATE heartbeat SET before_real_at = real_at, before_at = at, real_at = clock_timestamp(), at = market_now()"
    " WHERE id = 1 AND (:first OR at IS NOT NULL) RETURNING before_real_at, before_at, real_at, at)"
    " INSERT INTO outages (began_real_at, ended_real_at, began_at, ended_at)"
    " SELECT before_real_at, real_at, before_at, at FROM beat"
    " WHERE real_at - before_real_at > make_interval(secs => :recorded)"
)


COVERED_NOW: Final = "(SELECT coalesce(at, market_now()) FROM heartbeat)"
"""In a statement: market time up to which every outage is known. What is due later is not acted on by itself yet."""

LATEST_OUTAGE: Final = "(SELECT coalesce(max(no), 0) FROM outages)"
"""In a statement: the latest outage's number, 0 for none."""


@dataclass(frozen=True)
class Pulse:
    """What the heartbeat proves.

    covered_at: market time up to which every outage is known; the time of reading where nobody has served yet.
    outage_no: the latest outage's number, 0 for none.
    """

    covered_at: datetime
    outage_no: int


async def beat(connection: AsyncSession | AsyncConnection) -> None:
    """Leave a heartbeat in the caller's transaction; record the outage that it ends. Locks the one row until commit."""
    await connection.execute(_BEAT, {"first": True, "recorded": RECORDED_SECONDS})


async def beat_again(session: AsyncSession) -> None:
    """The same, where a process has served this database before; else nothing."""
    await session.execute(_BEAT, {"first": False, "recorded": RECORDED_SECONDS})


async def read_pulse(session: AsyncSession) -> Pulse:
    """The heartbeat and the latest outage in one statement, so that they belong together."""
    row = (
        await session.execute(
            text(
                "SELECT coalesce(at, market_now()), (SELECT coalesce(max(no), 0) FROM outages)"
                " FROM heartbeat WHERE id = 1"
            )
        )
    ).one()
    return Pulse(covered_at=row[0], outage_no=row[1])


async def covered(session: AsyncSession, instant: datetime) -> Pulse:
    """A pulse that proves as much as can be proved of the time up to an instant that is past.

    A serving process that comes before its own next heartbeat leaves one, with what it writes: that it got so far is the
    proof. Elsewhere the pulse may end before the instant, until a serving process is back.
    """
    pulse = await read_pulse(session)
    if pulse.covered_at < instant and session.info.get(SERVES):
        await beat_again(session)
        pulse = await read_pulse(session)
    return pulse


async def outages_after(session: AsyncSession, no: int) -> list[Outage]:
    """The outages with a higher number, in their order."""
    found = await session.execute(
        text(
            "SELECT no, began_at, ended_at, extract(epoch FROM ended_real_at - began_real_at) FROM outages"
            " WHERE no > :no ORDER BY no"
        ),
        {"no": no},
    )
    return [Outage(row[0], row[1], row[2], float(row[3])) for row in found]


class Heart:
    """Leaves the heartbeats of one serving process, each in a transaction of one statement."""

    def __init__(self, database: Database, *, seconds: float) -> None:
        self._database, self._seconds = database, seconds

    async def run(self) -> None:
        """Beat until cancelled. What stops it (no connection, no commit) is what would stop a bid: it tries again."""
        failing = False
        while True:
            try:
                async with self._database.engine.connect() as connection:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                    await beat(connection)
                failing = False
            except Exception as error:  # whatever it is, the next one is tried
                if not failing:
                    log.error("heartbeat_failed", error=type(error).__name__)
                failing = True
            await asyncio.sleep(self._seconds)
