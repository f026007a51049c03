"""A market of the journey's own: a fresh sandbox in this process, with the exchange and whom the journey needs."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pydantic import SecretStr

from app.config import Settings
from app.db.session import Database
from app.demo import cast, data
from app.demo.local import Local, found, local
from app.demo.steps import STAFF
from app.demo.world import World

PASSWORD = "jishi-demo-2026"
Market = Callable[..., Awaitable[World]]


def settings_of(url: str) -> Settings:
    """Settings of a market in a test."""
    return Settings(
        database_url=url,
        redis_url=os.environ["TEST_REDIS_URL"],
        log_level="error",
        secret_key=SecretStr("a secret for tests, thirty-two characters and more"),
        argon2_memory_kib=64,
        argon2_passes=1,
    )


@pytest.fixture
async def here(fresh_database: Database) -> AsyncIterator[Local]:
    """The application on a database of its own."""
    url = fresh_database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with local(settings_of(url), password=PASSWORD) as opened:
        yield opened


@pytest.fixture
def market(here: Local) -> Market:
    """Opens the exchange and lets parties in, by their keys."""

    async def opened(*keys: str) -> World:
        exchange = data.organisation("zjjy")
        await cast.open_exchange(here.world, exchange, await found(here.database, exchange))
        await cast.enter(
            here.world,
            [data.organisation(key) for key in dict.fromkeys(keys)],
            manager=STAFF.manager,
            operator=STAFF.operator,
        )
        return here.world

    return opened
