"""The market in this process: the application without a socket, its worker drained on demand, and its founding."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.event import listen

from app.config import Settings
from app.db.session import Database
from app.demo.cast import founder_login
from app.demo.person import Json
from app.demo.world import Tell, World, silent
from app.hub import Hub
from app.identity.actions import found_exchange
from app.identity.passwords import Passwords
from app.main import create_app
from app.worker import Worker

ADDRESS = "http://testserver"


class SharedPassword(Passwords):
    """Hashes the demonstration's one password once: it is public anyway, and each hash takes most of a second."""

    def __init__(self, passwords: Passwords) -> None:
        self._real, self._hashed = passwords, dict[str, str]()

    async def hash(self, password: str) -> str:
        """The hash to store, made once for each password."""
        if password not in self._hashed:
            self._hashed[password] = await self._real.hash(password)
        return self._hashed[password]

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether it is the hash that was made here, else what the real hasher says."""
        if stored is not None and self._hashed.get(password) == stored:
            return True
        return await self._real.verify(password, stored)


@dataclass(frozen=True)
class Local:
    """A running application and what it stands on."""

    app: FastAPI
    database: Database
    world: World


@asynccontextmanager
async def local(
    settings: Settings, *, password: str, hasty: bool = False, tell: Tell = silent
) -> AsyncIterator[Local]:
    """The application on its database, for people in this process. A server may run beside it.

    hasty: commits do not wait for the disk; whoever asks for it makes the last one durable himself (`flush`).
    """
    # Everybody comes from one address here; whoever loads a demonstration is no guesser of passwords.
    own = settings.model_copy(
        update={
            "sign_ins_per_address": 100_000,
            "registrations_per_address": 100_000,
            "allowed_hosts": ["*"],
            "public_url": ADDRESS,
            "log_level": "error",
            "heartbeat_seconds": 0,
        }
    )
    database = Database(own.asyncpg_url, pool_size=8)
    if hasty:
        listen(database.engine.sync_engine, "connect", _hurry)
    hub = Hub(own.redis_url)
    app = create_app(own, database=database)
    app.state.passwords = SharedPassword(app.state.passwords)
    worker = Worker(own, database, hub)
    await hub.start()
    try:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app)
            async with World(
                ADDRESS, transport=transport, drain=worker.drain, password=password, tell=tell
            ) as world:
                yield Local(app, database, world)
    finally:
        await hub.stop()
        await database.dispose()


def _hurry(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SET synchronous_commit TO off")
    cursor.close()


async def flush(settings: Settings) -> None:
    """Make everything that was committed before durable: one commit that waits for the disk, as all others do."""
    database = Database(settings.asyncpg_url, pool_size=1)
    try:
        async with database.transaction() as session:
            await session.execute(text("UPDATE market_clock SET rate = rate"))
    finally:
        await database.dispose()


async def found(database: Database, exchange: Json) -> str:
    """Found the exchange, as the administrator does by command. Returns its first manager's invitation."""
    async with database.transaction() as session:
        founded = await found_exchange(
            session,
            name=exchange["name"],
            uscc=exchange["uscc"],
            region_code=exchange["region_code"],
            login=founder_login(exchange),
            person_name=exchange["legal_representative"],
        )
    assert founded.invitation is not None
    return founded.invitation
