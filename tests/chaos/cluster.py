"""A whole service to be hurt: own durable PostgreSQL and Valkey, two servers and a worker, a breakable line everywhere.

Every fault here ends only what this cluster started, by its process id.
"""

import asyncio
import contextlib
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import asyncpg
import httpx
from redis import Redis

from app.config import Settings
from app.db.migrate import upgrade
from app.db.session import Database
from app.embedded.children import Child
from app.embedded.places import scratch_directory
from app.embedded.servers import EmbeddedServers
from tests.chaos.line import Line
from tests.processes import Server, end, start_process, start_server

TEMPLATE = "chaos_template"


class Engines:
    """PostgreSQL (flushing to the disk as in production) and Valkey, shared by the storms of one run."""

    def __init__(self) -> None:
        self.home = scratch_directory()
        self.servers = EmbeddedServers(self.home)

    def __enter__(self) -> Self:
        self.servers.start()
        self.servers.ensure_database(TEMPLATE)
        upgrade(self.servers.database_url(TEMPLATE), sandbox=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.servers.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    async def new_database(self, name: str) -> str:
        """A database of one storm's own, from the migrated template. Its URL."""
        connection = await asyncpg.connect(self.servers.database_url())
        try:
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        finally:
            await connection.close()
        return self.servers.database_url(name)


def family(child: Child | None) -> list[int]:
    """A child of ours and its own children."""
    if child is None or child.exit_code is not None:
        return []
    found = [child.pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                if int(stat.rsplit(")", 1)[1].split()[1]) == child.pid:
                    found.append(int(entry.name))
    return found


def signal_all(pids: list[int], number: signal.Signals) -> None:
    """Signal processes; one that is gone is no error."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@dataclass
class Node:
    """One server with the line that clients reach it by and the line by which it reaches PostgreSQL."""

    name: str
    front: Line
    back: Line
    server: Server

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.front.port}"


class Cluster:
    """Two nodes and a worker on one database. Use it as a context."""

    def __init__(self, engines: Engines, database_url: str, log: Path) -> None:
        self.engines, self.database_url, self._log = engines, database_url, log
        self._stack = contextlib.AsyncExitStack()
        self.nodes: list[Node] = []

    async def __aenter__(self) -> Self:
        servers = self.engines.servers
        try:
            self.database = Database(Settings(database_url=self.database_url).asyncpg_url, pool_size=4)
            self._stack.push_async_callback(self.database.dispose)
            self.wires = [await self._line(servers.postgres.port) for _ in range(3)]
            self.redis_wire = await self._line(servers.valkey.port)
            self._through = [_moved(self.database_url, wire.port) for wire in self.wires]
            self._settings = {
                "REDIS_URL": _moved(servers.redis_url, self.redis_wire.port),
                "DATABASE_POOL_SIZE": "8",
            }
            started = await asyncio.gather(*(self._start(number) for number in range(2)))
            for number, server in enumerate(started):
                self._stack.push_async_callback(self._end_node, number)
                front = await self._line(server.port)
                self.nodes.append(Node("AB"[number], front, self.wires[number], server))
            self.start_worker()
            self._stack.push_async_callback(self._end_worker)
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.mend()
        await self._stack.aclose()

    async def _line(self, port: int) -> Line:
        return await self._stack.enter_async_context(Line(port))

    async def _start(self, number: int, port: int | None = None) -> Server:
        return await asyncio.to_thread(
            start_server,
            self._through[number],
            port=port,
            log=self._log.with_name(f"{self._log.name}.{number}"),
            settings=self._settings,
        )

    async def _end_node(self, number: int) -> None:
        # In a thread: whoever ends needs his lines until he has ended, and they are carried here.
        if number < len(self.nodes):
            await asyncio.to_thread(end, self.nodes[number].server.process)

    def start_worker(self) -> None:
        """A worker, in place of the one before it."""
        log = self._log.with_name(f"{self._log.name}.worker")
        self.worker = start_process("worker", database_url=self._through[2], log=log, settings=self._settings)

    async def _end_worker(self) -> None:
        await asyncio.to_thread(end, self.worker)

    async def restart(self, node: Node) -> None:
        """A new process of a node that was killed, on its port."""
        node.server = await self._start(self.nodes.index(node), node.server.port)

    async def kill_postgres(self) -> None:
        """kill -9 of the postmaster and of all its children; then a new one, which recovers."""
        postgres = self.engines.servers.postgres
        signal_all(family(postgres.child), signal.SIGKILL)
        await asyncio.to_thread(_wait_for, postgres.child)
        await asyncio.to_thread(postgres.start, postgres.port)

    async def kill_redis(self) -> None:
        """kill -9 of Valkey; then an empty one."""
        valkey = self.engines.servers.valkey
        signal_all(family(valkey.child), signal.SIGKILL)
        await asyncio.to_thread(_wait_for, valkey.child)
        await asyncio.to_thread(valkey.start, valkey.port)

    def flush_redis(self) -> None:
        """FLUSHALL."""
        with Redis.from_url(self.engines.servers.redis_url) as redis:
            redis.flushall()

    def mend(self) -> None:
        """Every line whole again, every stopped process going on."""
        lines = [*self.wires, self.redis_wire, *(node.front for node in self.nodes)]
        for line in lines:
            line.mend()
        engines = self.engines.servers
        signal_all([*family(engines.postgres.child), *family(engines.valkey.child)], signal.SIGCONT)
        ours = [*(node.server.process for node in self.nodes), self.worker]
        signal_all([process.pid for process in ours if process.poll() is None], signal.SIGCONT)

    async def until_ready(self, seconds: float) -> None:
        """Wait until both nodes answer that they are ready."""
        async with httpx.AsyncClient(timeout=2) as client:
            await asyncio.wait_for(asyncio.gather(*(_ready(client, n.url) for n in self.nodes)), seconds)


async def _ready(client: httpx.AsyncClient, url: str) -> None:
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if (await client.get(f"{url}/readyz")).status_code == 200:
                return
        await asyncio.sleep(0.05)


def _wait_for(child: Child | None) -> None:
    if child is not None and child.wait(10) is None:
        raise RuntimeError(f"{child.name} did not die")


def _moved(url: str, port: int) -> str:
    """The same URL at another port of this machine."""
    parts = urlsplit(url)
    credentials, _, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{credentials}@127.0.0.1:{port}").geturl()
