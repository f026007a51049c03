"""Fixtures: real PostgreSQL and Valkey; a rolled-back session for rooms, committed databases for routes and races."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.sealed.vault import Vault
from app.config import Settings
from app.db.clock import Clock
from app.db.session import Database
from app.files.store import Store
from app.hub import Hub
from app.kit.ids import new_id
from app.main import create_app
from app.markets.profiles import repository as profiles
from app.signing.keyring import Keyring
from app.worker import Worker
from tests import servers

_started = pytest.StashKey[object]()


def pytest_configure(config: pytest.Config) -> None:
    """The run's first process starts the servers; its helpers inherit their addresses."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.stash[_started] = servers.prepare()


_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def pytest_make_parametrize_id(val: object) -> str | None:
    """What differs from process to process (a fresh id, a compressed file) must not be part of a test's name."""
    if isinstance(val, bytes):
        return "bytes"
    return _ID.sub("id", val) if isinstance(val, str) and _ID.search(val) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    started = config.stash.get(_started, None)
    if started is not None:
        started.stop()  # type: ignore[attr-defined]  # the stash forgets the type


@pytest.fixture(autouse=True)
def _rule_profiles_are_read_anew() -> None:
    """What a process remembers of the rules was read in another test's database."""
    profiles.forget()


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A database of the module's own: a clock that one module moves is not another's."""
    name = f"module_{new_id().hex}"
    yield servers.create_database(name)
    servers.drop_database(name)


@pytest.fixture(scope="module")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that point at the module's database."""
    return Settings(
        database_url=database_url,
        redis_url=os.environ["TEST_REDIS_URL"],
        log_level="error",
        # Tests stand still where no server would: their pauses are no outages.
        heartbeat_seconds=0,
        import_directory=tmp_path_factory.mktemp("uploads"),
        file_directory=tmp_path_factory.mktemp("files"),
        secret_key=SecretStr("a secret for tests, thirty-two characters and more"),
        # Password hashes of a test need not withstand anybody; all tests come from one address.
        argon2_memory_kib=64,
        argon2_passes=1,
        sign_ins_per_address=100_000,
        registrations_per_address=100_000,
    )


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """Connections to the module's database, for tests that commit."""
    made = Database(settings.asyncpg_url, pool_size=30)
    made.lend(store=Store(settings.file_directory))
    yield made
    await made.dispose()


@pytest.fixture
async def session(database: Database, settings: Settings) -> AsyncIterator[AsyncSession]:
    """A session whose every trace is rolled back; a `begin_nested` or commit inside it is a savepoint."""
    async with database.engine.connect() as connection:
        outer = await connection.begin()
        async with AsyncSession(
            bind=connection,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
            info={
                "keyring": Keyring.of(settings),
                "vault": Vault.of(settings),
                "store": Store(settings.file_directory),
            },
        ) as inner:
            yield inner
        await outer.rollback()


@pytest.fixture
def clock() -> Clock:
    """Market time."""
    return Clock()


@pytest.fixture(scope="module")
async def app(settings: Settings, database: Database) -> AsyncIterator[FastAPI]:
    """The application on the module's database, started."""
    made = create_app(settings, database=database)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials; give each call its headers."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as made:
        yield made


@pytest.fixture(scope="module")
async def running(app: FastAPI) -> AsyncIterator[str]:
    """The application behind a real socket, for streams. Gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="critical"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    await serving


@pytest.fixture
async def fresh_database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the test's own, for races and clocks, dropped afterwards."""
    name = f"fresh_{new_id().hex}"
    url = await servers.create_database_async(name)
    made = Database(Settings(database_url=url).asyncpg_url, pool_size=60)
    made.lend(store=Store(tmp_path / "files"))
    yield made
    await made.dispose()
    await servers.drop_database_async(name)


@pytest.fixture
async def worker(settings: Settings, database: Database) -> AsyncIterator[Worker]:
    """A worker on the module's database; `drain()` does all that is ready."""
    hub = Hub(None)
    yield Worker(settings, database, hub)
    await hub.stop()
