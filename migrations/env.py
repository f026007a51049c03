"""How alembic reaches the database. Every migration is time-limited: a lock that does not come in 2 s gives up."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import create_async_engine

from app import tables
from app.events.tables import Xid8

config = context.config
ischema_names["xid8"] = Xid8


def _ours(_object: Any, name: str | None, kind: str, reflected: bool, _compared: Any) -> bool:
    """The job library owns its own tables."""
    return not (kind == "table" and reflected and (name or "").startswith("pgqueuer"))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=tables.METADATA,
        include_object=_ours,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _main() -> None:
    url = "postgresql+asyncpg://" + config.attributes["database_url"].split("://", 1)[1]
    engine = create_async_engine(
        url,
        poolclass=pool.NullPool,
        connect_args={"server_settings": {"lock_timeout": "2000", "timezone": "UTC"}},
    )
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_main())
