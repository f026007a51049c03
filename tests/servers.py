"""PostgreSQL and Valkey for a test run: those of the environment, else a throw-away cluster of our own."""

import asyncio
import os

import asyncpg

from app.db.migrate import upgrade
from app.embedded.servers import EmbeddedServers

TEMPLATE = "jishi_template"
READY = "TEST_TEMPLATE_READY"
"""Set where whoever started us has made the template, and others copy it while we run."""


def base_url() -> str:
    """The cluster's URL without a database name."""
    return os.environ["TEST_DATABASE_URL"].rsplit("/", 1)[0]


async def _run(statements: list[str]) -> None:
    connection = await asyncpg.connect(os.environ["TEST_DATABASE_URL"])
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def create_database(name: str, template: str = TEMPLATE) -> str:
    """A new database, copied from a template. Returns its URL."""
    asyncio.run(
        _run(
            [
                f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
                f'CREATE DATABASE "{name}" TEMPLATE "{template}"',
            ]
        )
    )
    return f"{base_url()}/{name}"


def drop_database(name: str) -> None:
    """Drop a database and whoever is connected to it."""
    asyncio.run(drop_database_async(name))


async def create_database_async(name: str, template: str = TEMPLATE) -> str:
    """`create_database` for code that already runs in a loop."""
    await _run([f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'])
    return f"{base_url()}/{name}"


async def drop_database_async(name: str) -> None:
    """Drop a database and whoever is connected to it."""
    await _run([f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'])


def prepare() -> EmbeddedServers | None:
    """Start servers unless the environment names some, and make the migrated template (a sandbox)."""
    servers = None
    if "TEST_DATABASE_URL" not in os.environ:
        servers = EmbeddedServers.scratch()
        servers.start()
        os.environ["TEST_DATABASE_URL"] = servers.database_url("postgres")
        os.environ["TEST_REDIS_URL"] = servers.redis_url
    if READY not in os.environ:
        upgrade(create_database(TEMPLATE, "template1"), sandbox=True)
    return servers
