"""How long two workers take to close a hundred sales that are due in the same second, each with a winner."""

import asyncio
import time
from datetime import timedelta
from typing import Final

from sqlalchemy import func, insert, select, text

from app.auctions import actions
from app.auctions.tables import AuctionRow
from app.config import Settings
from app.db.clock import Clock, move_sandbox_clock
from app.db.migrate import upgrade
from app.db.session import Database
from app.embedded import EmbeddedServers
from app.jobs.runner import APPLICATION_NAME
from app.markets.tables import OfferingSubjectRow
from benchmarks.market import make_market
from benchmarks.processes import READY_SECONDS, serving, working
from tests.factories.markets import make_market as make_sold

SALES: Final = 100
BIDDERS: Final = 8
WORKERS: Final = 2
GIVE_UP_SECONDS: Final = 60.0


def measure(servers: EmbeddedServers, *, rounds: int) -> list[float]:
    """Seconds from the common end until the last one is closed, for each round."""
    return [_once(servers, f"bench_closing_{number}") for number in range(rounds)]


def _once(servers: EmbeddedServers, name: str) -> float:
    servers.ensure_database(name)
    url = servers.database_url(name)
    upgrade(url, sandbox=True)
    with (
        serving("plain", url, servers.redis_url),
        working(url, servers.redis_url),
        working(url, servers.redis_url),
    ):
        return asyncio.run(_close(url))


async def _await_workers(database: Database) -> None:
    """Until both have started and come to the database: what is measured is their work, not their start."""
    count = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
    )
    here, deadline = 0, time.perf_counter() + READY_SECONDS
    while here < WORKERS:
        if time.perf_counter() > deadline:
            raise RuntimeError("the workers did not come")
        await asyncio.sleep(0.1)
        async with database.transaction() as session:
            here = (await session.execute(count, {"name": APPLICATION_NAME})).scalar_one()


async def _close(url: str) -> float:
    database = Database(Settings(database_url=url).asyncpg_url, pool_size=4, serves=True)
    await _await_workers(database)
    market = await make_market(database, auctions=SALES, bidders=BIDDERS, funded=True)
    async with database.transaction() as session:
        # What is sold: the contract that follows an award names it.
        sold = (await make_sold(session)).achievement_id
        found = await session.execute(
            select(AuctionRow.offering_id).where(AuctionRow.id.in_(market.auctions))
        )
        subjects = [{"offering_id": one, "position": 1, "achievement_id": sold} for one in found.scalars()]
        await session.execute(insert(OfferingSubjectRow), subjects)
    for auction_id in market.auctions:
        async with database.transaction() as session:
            await actions.place_bid(
                session, Clock(), actor=market.actor, auction_id=auction_id, amount="10000.00"
            )
    async with database.transaction() as session:
        ends = (await session.execute(select(func.max(AuctionRow.ends_at)))).scalar_one()
        now = await Clock().read(session)
        await move_sandbox_clock(session, advance=ends - now - timedelta(seconds=3), rate=None)
    began = time.perf_counter() + 3
    left, deadline = SALES, began + GIVE_UP_SECONDS
    while left and time.perf_counter() < deadline:
        await asyncio.sleep(0.05)
        async with database.transaction() as session:
            open_ones = select(func.count()).where(AuctionRow.status != "awarded")
            left = (await session.execute(open_ones)).scalar_one()
    took = time.perf_counter() - began
    await database.dispose()
    return took
