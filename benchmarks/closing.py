"""How long two workers take to close a hundred sales that are due in the same second, each with a winner."""

import asyncio
import time
from datetime import timedelta
from typing import Final

from sqlalchemy import func, insert, select

from app.auctions import actions
from app.auctions.tables import AuctionRow
from app.config import Settings
from app.db.clock import Clock, move_sandbox_clock
from app.db.migrate import upgrade
from app.db.session import Database
from app.embedded import EmbeddedServers
from app.markets.tables import OfferingSubjectRow
from benchmarks.market import make_market
from benchmarks.processes import serving, working
from tests.factories.markets import make_market as make_sold

SALES: Final = 100
BIDDERS: Final = 8
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


async def _close(url: str) -> float:
    database = Database(Settings(database_url=url).asyncpg_url, pool_size=4, serves=True)
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
