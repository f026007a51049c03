"""What the clients of two servers see of one sale could have happened one after the other. Nothing fails here."""

import asyncio
import random
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from app.config import Settings
from app.db.session import Database
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from app.main import create_app
from tests.concurrency.test_auctions import FREE
from tests.factories.auctions import Sale, make_started
from tests.factories.identity import Member
from tests.invariants import check_database
from tests.invariants.i_03 import Bid, Operation, Read, Refused, of_history

BIDDERS = 5
TURNS = 12
LANE = 100
START = fen("2000000.00")
ONE_FEN = FREE.model_copy(update={"ladder": [FREE.ladder[0].model_copy(update={"increment": "0.01"})]})


@pytest.fixture
async def servers(fresh_database: Database, settings: Settings) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of two applications, each with connections of its own, on one database."""
    url = fresh_database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    own = settings.model_copy(update={"database_url": url})
    databases = [Database(own.asyncpg_url, pool_size=12) for _ in range(2)]
    apps = [create_app(own, database=database) for database in databases]
    async with apps[0].router.lifespan_context(apps[0]), apps[1].router.lifespan_context(apps[1]):
        transports = [httpx.ASGITransport(app=app, raise_app_exceptions=False) for app in apps]
        clients = [httpx.AsyncClient(transport=one, base_url="http://testserver") for one in transports]
        yield clients
        for client in clients:
            await client.aclose()
    for database in databases:
        await database.dispose()


class Seen:
    """What everybody did and was told."""

    def __init__(self, sale: Sale, servers: list[httpx.AsyncClient]) -> None:
        self.operations: list[Operation] = []
        self._servers, self._path = servers, f"/v1/auctions/{sale.auction_id}"

    async def read(self, choice: random.Random) -> Read:
        call = time.monotonic()
        told = (await choice.choice(self._servers).get(self._path)).json()
        price = told["current_price"]
        seen = Read(told["bid_no"], fen(price["amount"]) if price else None, False)
        self.operations.append(Operation(call, time.monotonic(), seen))
        return seen

    async def bid(self, choice: random.Random, member: Member, amount: int) -> None:
        call = time.monotonic()
        headers = member.headers | {"Idempotency-Key": new_id().hex}
        answer = await choice.choice(self._servers).post(
            f"{self._path}/bids", json={"amount": yuan(amount)}, headers=headers
        )
        told, back = answer.json(), time.monotonic()
        if answer.status_code == 201:
            self.operations.append(Operation(call, back, Bid(amount, told["bid_no"])))
        elif answer.status_code == 409:
            price = told.get("current_price") if told["code"] == "bid_not_above_current" else None
            self.operations.append(Operation(call, back, Refused(amount, fen(price) if price else None)))
        else:
            assert answer.status_code == 503, told
            self.operations.append(Operation(call, float("inf"), Bid(amount)))


async def test_what_the_clients_of_two_servers_see_has_an_order(
    fresh_database: Database, servers: list[httpx.AsyncClient]
) -> None:
    async with fresh_database.transaction() as session:
        sale = await make_started(session, bidders=BIDDERS, terms=ONE_FEN)
    seen, stop = Seen(sale, servers), asyncio.Event()

    async def bid_on(number: int) -> None:
        choice, used = random.Random(number), START
        for _ in range(TURNS):
            now = await seen.read(choice)
            used = (max(now.price or START, used) // LANE + choice.choice((1, 1, 2))) * LANE + number
            await seen.bid(choice, sale.bidders[number], used)

    async def look_on() -> None:
        choice = random.Random("reader")
        while not stop.is_set():
            await seen.read(choice)

    looking = asyncio.create_task(look_on())
    await asyncio.gather(*(bid_on(number) for number in range(BIDDERS)))
    stop.set()
    await looking
    async with fresh_database.transaction() as session:
        kept = await check_database(session, sale.auction_id)
    assert len(kept.bids) >= BIDDERS
    of_history(seen.operations, {bid.bid_no: bid.amount_minor for bid in kept.bids})
