"""PostgreSQL or Redis gone: what is answered meanwhile, and that nothing is left behind afterwards."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.config import Settings
from app.db.clock import Clock
from app.db.migrate import upgrade
from app.db.session import Database
from app.embedded.servers import EmbeddedServers
from app.events import relay
from app.events.outbox import record
from app.identity.permissions import Role
from app.kit.ids import new_id
from app.main import create_app
from tests.delivery.test_stream import Knocked
from tests.factories.identity import Member, make_member
from tests.streams import listen

pytestmark = pytest.mark.chaos


@pytest.fixture
def servers() -> Iterator[EmbeddedServers]:
    """Servers of the test's own, to be hurt."""
    with EmbeddedServers.scratch() as started:
        upgrade(started.database_url(), sandbox=True)
        yield started


@pytest.fixture
async def hurt_app(servers: EmbeddedServers) -> AsyncIterator[tuple[FastAPI, str]]:
    """The application on those servers, behind a socket."""
    settings = Settings(
        database_url=servers.database_url(),
        redis_url=servers.redis_url,
        log_level="error",
        database_pool_size=4,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="critical"))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        yield app, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = server.force_exit = True
        await serving


async def _member(app: FastAPI) -> Member:
    database: Database = app.state.database
    async with database.transaction() as session:
        return await make_member(session, Role.ENTERPRISE_USER)


async def _knock(app: FastAPI, member: Member, times: int) -> None:
    database: Database = app.state.database
    async with database.transaction() as session:
        at = await Clock().read(session)
        await record(session, Knocked(subject_id=new_id(), at=at, times=times, parties=(member.party_id,)))
    async with database.transaction() as session:
        assert await relay.place(session) == 1
    app.state.hub.announce_session(session)


async def test_a_database_that_hangs_is_answered_as_busy_and_everything_recovers(
    servers: EmbeddedServers, hurt_app: tuple[FastAPI, str]
) -> None:
    app, url = hurt_app
    async with httpx.AsyncClient(base_url=url, timeout=20) as client:
        assert (await client.get("/v1/time")).status_code == 200
        backends = _backends(servers)
        for pid in backends:
            os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        try:
            answers = await asyncio.gather(*(client.get("/v1/time") for _ in range(12)))
        finally:
            for pid in backends:
                os.kill(pid, signal.SIGCONT)
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.json()["code"] for answer in answers} == {"busy"}
        assert {answer.headers["retry-after"] for answer in answers} == {"1"}
        assert time.monotonic() - began < 19
        await _until_ready(client)
        assert app.state.database.engine.pool.checkedout() == 0


async def test_a_database_that_is_killed_is_answered_as_busy_and_comes_back(
    servers: EmbeddedServers, hurt_app: tuple[FastAPI, str]
) -> None:
    _app, url = hurt_app
    async with httpx.AsyncClient(base_url=url, timeout=20) as client:
        assert (await client.get("/v1/time")).status_code == 200
        child = servers.postgres.child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        while child.exit_code is None:
            await asyncio.sleep(0.02)
        answers = [(await client.get("/v1/time")) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {503}
        assert await asyncio.to_thread(servers.revive) != []
        await _until_ready(client)


async def test_without_redis_a_stream_goes_on_and_only_waits_a_little_longer(
    servers: EmbeddedServers, hurt_app: tuple[FastAPI, str]
) -> None:
    app, url = hurt_app
    member = await _member(app)
    async with listen(f"{url}/v1/stream", headers=member.headers) as ear:
        await ear.next(heartbeats=True)
        await _knock(app, member, 1)
        assert (await ear.next()).data["data"]["times"] == 1
        child = servers.valkey.child
        assert child is not None
        os.kill(child.pid, signal.SIGKILL)
        for times in (2, 3):
            await _knock(app, member, times)
            assert (await ear.next()).data["data"]["times"] == times
    async with httpx.AsyncClient(base_url=url) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["redis"]) == (200, False)


def _backends(servers: EmbeddedServers) -> list[int]:
    """The cluster's processes: those whose parent is the postmaster, and itself."""
    child = servers.postgres.child
    assert child is not None
    found = [child.pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if int(stat.rsplit(")", 1)[1].split()[1]) == child.pid:
                found.append(int(entry.name))
    return found


async def _until_ready(client: httpx.AsyncClient) -> None:
    for _ in range(200):
        if (await client.get("/readyz")).status_code == 200:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the service did not recover")
