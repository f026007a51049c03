"""Migrations: up, down and up again, equal to the tables, in one line, and a live clock that nobody can set."""

import asyncio

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from app.config import ROOT
from app.db import migrate
from tests import servers


@pytest.fixture(scope="module")
def live_url() -> str:
    """A live database of this module's own."""
    url = servers.create_database("jishi_migrations", "template1")
    migrate.upgrade(url)
    return url


def test_the_tables_in_the_database_are_those_of_the_code(live_url: str) -> None:
    migrate.check(live_url)


def test_going_down_empties_the_database_and_up_again_restores_it() -> None:
    url = servers.create_database("jishi_down", "template1")
    migrate.upgrade(url, sandbox=True)
    migrate.downgrade(url, "base")
    left = asyncio.run(
        _fetch(
            url,
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r','S')",
        )
    )
    assert [row["relname"] for row in left] == ["alembic_version"]
    functions = asyncio.run(
        _fetch(url, "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    )
    assert functions == []
    migrate.upgrade(url, sandbox=True)
    migrate.check(url)


def test_revisions_are_numbered_one_after_the_other() -> None:
    revisions = [r.revision for r in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    assert sorted(revisions) == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE market_clock SET market_at = market_at + interval '1 day'",
        "UPDATE market_clock SET rate = 2",
        "UPDATE market_clock SET kind = 'sandbox'",
        "DELETE FROM market_clock",
        "INSERT INTO market_clock VALUES (2, 'sandbox', now(), now(), 1)",
    ],
)
def test_the_clock_of_a_live_database_cannot_be_set(live_url: str, statement: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError)):
        asyncio.run(_fetch(live_url, statement))


def test_the_clock_of_a_live_database_is_the_databases_own(live_url: str) -> None:
    rows = asyncio.run(_fetch(live_url, "SELECT market_now() - clock_timestamp() AS apart"))
    assert abs(rows[0]["apart"].total_seconds()) < 0.01


async def _fetch(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()
