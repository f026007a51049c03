"""Loads the demonstration, once, into a sandbox: a history that was really played, and auctions that are live.

The exchange is founded as an administrator founds it; everything else goes through the API as its users would send it.
The clock begins in the past (`migrate --sandbox --days-back`), leaps from deed to deed and ends exactly at real time.
A load that was interrupted is noticed and refused: the market's history cannot be taken back.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.config import Settings
from app.db.clock import read_market_clock, use_real_time
from app.db.session import Database
from app.demo import DAYS_BACK, cast, data
from app.demo.history import History
from app.demo.local import flush, found, local
from app.demo.logins import PASSWORD, logins
from app.demo.world import Tell, silent
from app.embedded.faults import ServersFault

LOCK = 0x6A697368
"""The advisory lock of whoever loads."""
EXCHANGE = "zjjy"


def load(settings: Settings, *, tell: Tell = silent) -> str:
    """Load the demonstration unless it is there. Returns who can sign in, for the terminal.

    Raises `ServersFault`, in one line, for a live database, one that holds something else, or a load cut short.
    """
    return asyncio.run(load_into(settings, tell))


async def load_into(settings: Settings, tell: Tell = silent) -> str:
    """`load`, where a loop runs already."""
    async with _alone(settings) as database:
        if await _is_loaded(database):
            return logins()
    if settings.secret_key is None:
        raise ServersFault(
            "请设置 SECRET_KEY(至少 32 个随机字符),自然人的身份证号用它加密",
            "set SECRET_KEY (at least 32 random characters): it seals the identity numbers of natural persons",
        )
    async with _alone(settings), local(settings, password=PASSWORD, hasty=True) as here:
        exchange = data.organisation(EXCHANGE)
        ends_at = await _end(here.database)
        steps = Timed(tell)
        manager = await cast.open_exchange(here.world, exchange, await found(here.database, exchange))
        history = History(here.world, ends_at, steps)
        await history.play()
        # A server may be working beside us: what it has not done yet must not wait for us any longer.
        await here.world.settle()
        await _return_to_real_time(here.database)
        await here.world.settle()
        await manager.change("/v1/parties/me", "", {"name_en": exchange["name_en"]})
        await flush(settings)
    return logins()


class Timed:
    """Tells what was done, with the seconds since the last time."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._since = tell, time.monotonic()

    def __call__(self, what: str) -> None:
        """One more thing is done."""
        now = time.monotonic()
        self._tell(f"  {now - self._since:6.1f} s  {what}")
        self._since = now


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[Database]:
    """Nobody else loads meanwhile."""
    database = Database(settings.asyncpg_url, pool_size=2)
    try:
        async with database.engine.connect() as connection:
            try:
                locked = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK})
                await connection.commit()
            except DBAPIError as error:
                raise _unreachable(error) from None
            if not locked:
                raise ServersFault(
                    "另一个进程正在载入演示数据", "another process is loading the demonstration"
                )
            try:
                yield database
            finally:
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
                await connection.commit()
    except OSError as error:
        raise _unreachable(error) from None
    finally:
        await database.dispose()


def _unreachable(error: Exception) -> ServersFault:
    said = str(error).splitlines()[0]
    return ServersFault(
        f"连接不上数据库，请检查 DATABASE_URL:{said}",
        f"cannot reach the database, check DATABASE_URL: {said}",
    )


async def _is_loaded(database: Database) -> bool:
    """Whether the demonstration is there, whole. Raises `ServersFault` where it cannot be loaded."""
    exchange = data.organisation(EXCHANGE)
    async with database.transaction() as session:
        migrated = await session.scalar(text("SELECT to_regclass('market_clock') IS NOT NULL"))
        if not migrated:
            raise ServersFault(
                "数据库还没有数据表，请先运行 python -m app migrate --sandbox",
                "the database has no tables yet: run python -m app migrate --sandbox first",
            )
        if (await read_market_clock(session)).kind != "sandbox":
            raise ServersFault(
                "这是正式库，演示数据只载入沙箱(migrate --sandbox)",
                "this is a live database: the demonstration is loaded into a sandbox only (migrate --sandbox)",
            )
        parties = await session.scalar(text("SELECT count(*) FROM parties"))
        ours = (
            await session.execute(
                text("SELECT name_en FROM parties WHERE uscc = :uscc"), {"uscc": exchange["uscc"]}
            )
        ).one_or_none()
    if ours is not None and ours.name_en == exchange["name_en"]:
        return True
    if ours is not None:
        raise ServersFault(
            "上次载入演示数据中断了，请运行 make reset(或换一个新的沙箱库)后重来",
            "an earlier load of the demonstration was cut short: run make reset (or take a new sandbox), then again",
        )
    if parties:
        raise ServersFault(
            "库中已有其他数据，演示数据只载入空的沙箱",
            "the database holds something else: the demonstration is loaded into an empty sandbox only",
        )
    return False


async def _end(database: Database) -> datetime:
    """When the history ends: now, where the clock began early enough; else so much later."""
    async with database.transaction() as session:
        begins_at = (await read_market_clock(session)).at
    real = datetime.now(UTC)
    needed = begins_at + timedelta(days=DAYS_BACK)
    return max(real, needed)


async def _return_to_real_time(database: Database) -> None:
    """From here on market time is real time, exactly, unless the history has gone beyond it."""
    async with database.transaction() as session:
        await use_real_time(session)
