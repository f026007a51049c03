"""Connections: one engine per process, one transaction per unit of work."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

# No write transaction lasts over 1 s: the relay's watermark waits for the oldest open one.
SERVER_SETTINGS = {
    "application_name": "jishi",
    "timezone": "UTC",
    "lock_timeout": "2000",
    "statement_timeout": "5000",
    "idle_in_transaction_session_timeout": "5000",
}


# The same few statements over and over, each for a few rows that it finds by their keys: planned once, and never by the
# size that a table happened to have at that moment.
BATCH_SETTINGS = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

SERVES = "serves"
"""In a session's `info`: whether its process serves."""


class Database:
    """The engine and its sessions. Made by the application's start, disposed at its end."""

    def __init__(
        self,
        asyncpg_url: str,
        *,
        pool_size: int = 16,
        serves: bool = False,
        ping: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """serves: whether the process takes what people send, so that its writes prove that they can (`heartbeat`).

        ping: whether a connection is tried before it is lent; settings: of the server's, for these connections.
        """
        self._url = asyncpg_url
        self.engine: AsyncEngine = create_async_engine(
            asyncpg_url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=3,
            pool_pre_ping=ping,
            # A statement that fails is logged without its values: they are names, contacts, prices.
            hide_parameters=True,
            json_deserializer=orjson.loads,
            # The server's own limits do not count while the server itself hangs: these two are the client's.
            connect_args={
                "server_settings": SERVER_SETTINGS | dict(settings or {}),
                "timeout": 3,
                "command_timeout": 6,
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, info={SERVES: serves})
        self._lent: dict[str, Any] = {SERVES: serves}

    def for_batches(self, *, pool_size: int) -> "Database":
        """Connections of their own for one writer of many small transactions, whose sessions are lent the same things.

        They are not tried before use: the writer itself begins again where one has broken.
        """
        made = Database(self._url, pool_size=pool_size, ping=False, settings=BATCH_SETTINGS)
        made.lend(**self._lent)
        return made

    def lend(self, **named: Any) -> None:
        """Give every session made from now on something of the process's, in its `info` under this name."""
        self._lent |= named
        self._sessions.configure(info=self._lent)

    def session(self) -> AsyncSession:
        """A new session; the caller opens and closes it."""
        return self._sessions()

    async def alone(self) -> AsyncConnection:
        """A connection of the pool, each statement on which stands alone: one round trip. The caller closes it."""
        connection = await self.engine.connect()
        return await connection.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on any exception."""
        async with self._sessions() as session, session.begin():
            yield session

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
