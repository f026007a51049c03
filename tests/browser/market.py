"""A market for browsers: a sandbox with a university, enterprises and the exchange, and sales in any phase."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from app.config import Settings
from app.demo import cast, data, steps
from app.demo.local import found, local
from app.demo.lots import made_of
from app.demo.person import Json
from app.demo.steps import STAFF, Registered
from app.demo.stories import auction
from app.demo.stories.auction import Lot, Pace, Timetable
from app.demo.world import World
from app.kit.ids import new_id
from tests import servers
from tests.processes import Server, serve, working

PASSWORD = "jishi-demo-2026"
SELLER = "zdlg"
BUYERS = ("ltzc", "xjqp")
HOUSE = "cspm"
"""An auction house, whose auctioneer conducts sessions."""
PACE = Pace(free_seconds=900, window_seconds=60)
"""The shortest phases that the rules allow."""


@dataclass
class Market:
    """The server, and its people over HTTP."""

    server: Server
    world: World
    achievements: list[tuple[Json, str]]
    """Those published, as (row, id); each can be sold once."""
    unsold: list[tuple[Json, str]]

    async def noticed(self) -> tuple[Lot, Timetable]:
        """A sale whose registration is open."""
        row, achievement_id = self.unsold.pop(0)
        sale = made_of(row)
        assert sale is not None
        table = await auction.timetable(self.world)
        lot = await auction.announce(self.world, sale, achievement_id, PACE, table)
        await auction.open_registration(self.world, lot)
        return lot, table

    async def started(self) -> Lot:
        """A sale in its free phase, with both buyers."""
        lot, table = await self.noticed()
        await auction.admit(self.world, lot, [data.buyer_of(key) for key in BUYERS])
        await self.start(lot, table)
        return lot

    async def start(self, lot: Lot, table: Timetable) -> None:
        """From open registration to the free phase."""
        await auction.make_ready(self.world, lot, table)
        await auction.start(self.world, lot, table)

    async def registration_of(self, lot: Lot, login: str) -> Registered:
        """Somebody's registration, made elsewhere, as the stories know it."""
        buyer = await self.world.person(login)
        mine = await buyer.every("/v1/registrations")
        told = next(one for one in mine if one["offering_id"] == lot.offering_id)
        deposit = data.amount(lot.sale["deposit_wan"])
        return Registered(login, buyer.party_name, told["id"], told["deposit_number"], deposit)

    async def told(self, lot: Lot) -> Json:
        """The sale as the public sees it."""
        return await (await self.world.public()).get(lot.path)

    async def bids(self, lot: Lot) -> list[tuple[int, str, str]]:
        """Its bids, newest first: number, code, amount."""
        rows = await (await self.world.public()).every(f"{lot.path}/bids")
        found = [(row["bid_no"], row["bidder_code"], row["amount"]["amount"]) for row in rows]
        return sorted(found, reverse=True)


@asynccontextmanager
async def open_market(folder: Path) -> AsyncIterator[Market]:
    """Found a market in a database of its own and run it as real processes."""
    name = f"browser_{new_id().hex}"
    url = await servers.create_database_async(name)
    try:
        published = await _found(url)
        with serve(url, log=folder / "api.log") as server, working(url, log=folder / "worker.log"):
            async with World(server.url, password=PASSWORD) as world:
                yield Market(server, world, published, [*published])
    finally:
        await servers.drop_database_async(name)


async def _found(url: str) -> list[tuple[Json, str]]:
    """Those who take part, and what the university has published. By the API, in this process."""
    settings = Settings(
        database_url=url,
        redis_url=os.environ["TEST_REDIS_URL"],
        log_level="error",
        secret_key=SecretStr("a secret for tests, thirty-two characters and more"),
        argon2_memory_kib=64,
        argon2_passes=1,
    )
    async with local(settings, password=PASSWORD, hasty=True) as here:
        exchange = data.organisation("zjjy")
        await cast.open_exchange(here.world, exchange, await found(here.database, exchange))
        await cast.enter(
            here.world,
            [data.organisation(key) for key in (SELLER, *BUYERS, HOUSE)],
            manager=STAFF.manager,
            operator=STAFF.operator,
        )
        sellable = [row for row in data.achievements() if row["holder"] == SELLER and made_of(row)]
        return [
            (
                row,
                await steps.publish_achievement(
                    here.world, data.seller_of(SELLER), data.achievement_body(row)
                ),
            )
            for row in sellable[:13]
        ]
