"""The worker: what happens without a request. Any number may run; each piece of work is taken by one.

The relay gives events their positions, the dispatcher lets handlers react, the sweeper acts on what is due by market
time, and jobs run from the queue. Each is a loop that survives a database that goes away for a while. While much is due
at the same moment, relay and handlers wait a little: a close is awaited to the second, what follows from it is not.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from app.auctions.sealed.vault import Vault
from app.bootstrap import EVENT_CATALOGUE, EVENT_HANDLERS, JOBS, SWEEPS, Sweep
from app.config import Settings
from app.db.clock import Clock
from app.db.session import Database
from app.events import dispatch, relay
from app.files.store import Store
from app.hub import Hub
from app.jobs.port import JobContext
from app.jobs.runner import run_jobs
from app.kit.errors import Refusal
from app.signing.keyring import Keyring

log = structlog.get_logger()

SWEEP_SECONDS = 0.25
FAULT_SECONDS = 1.0
WATERMARK_SECONDS = 30.0
GIVE_WAY_SECONDS = 2.0
"""How long a handler lets sweeps go first, at a time."""
RELAY_SECONDS = 0.2
"""The same for the relay, which then places what many commits have left at once."""


class Worker:
    """The loops and what they share."""

    def __init__(self, settings: Settings, database: Database, hub: Hub) -> None:
        self._settings, self._database, self._hub = settings, database, hub
        database.lend(
            keyring=Keyring.of(settings), vault=Vault.of(settings), store=Store(settings.file_directory)
        )
        self.stopping = asyncio.Event()
        self._sweeping: set[str] = set()
        self._swept = asyncio.Event()

    async def run(self) -> None:
        """Work until `stopping` is set."""
        loops = [self._relay(), self._jobs(), *(self._handler(handler) for handler in EVENT_HANDLERS)]
        loops += [self._sweeper(name, sweep) for name, sweep in SWEEPS.items()]
        await asyncio.gather(*loops)

    async def drain(self) -> None:
        """Do all that is ready now, in one place and in order: relay, handlers, sweeps, until nothing is left.

        Waits for events that the watermark still holds back: whoever drains wants what has happened to be told.
        """
        busy = True
        while busy:
            busy = await self.relay_all() > 0
            for handler in EVENT_HANDLERS:
                while await dispatch.step(self._database, self._hub, EVENT_CATALOGUE, handler):
                    busy = True
            for name, sweep in SWEEPS.items():
                while await self.sweep_once(name, sweep):
                    busy = True

    async def relay_all(self) -> int:
        """Place every committed event; raises `TimeoutError` after half a minute of an older writer staying open."""
        total = 0
        async with asyncio.timeout(WATERMARK_SECONDS):
            while True:
                total += await self.relay_once()
                async with self._database.session() as session:
                    if not await relay.is_waiting(session):
                        return total
                await asyncio.sleep(0.01)

    async def relay_once(self) -> int:
        """One batch of the relay."""
        async with self._database.transaction() as session:
            count = await relay.place(session)
        self._hub.announce_session(session)
        return count

    async def sweep_once(self, name: str, sweep: Sweep) -> bool:
        """One due thing, in its own transaction. A refusal here is a fault of ours: it is logged, not swallowed."""
        async with self._database.transaction() as session:
            try:
                found = await sweep(session, Clock())
            except Refusal as refusal:
                log.error("sweep_refused", sweep=name, code=refusal.code, detail=refusal.detail_en)
                raise
        self._hub.announce_session(session)
        return found

    async def _relay(self) -> None:
        async def once() -> None:
            await self._give_way(RELAY_SECONDS)
            with self._hub.listening("events") as bell:
                if await self.relay_once() == 0:
                    await self._pause(bell, SWEEP_SECONDS)

        await self._forever("relay", once)

    async def _handler(self, handler: dispatch.Handler) -> None:
        async def once() -> None:
            await self._give_way(GIVE_WAY_SECONDS)
            with self._hub.listening(relay.TOPIC_PLACED) as bell:
                if not await dispatch.step(self._database, self._hub, EVENT_CATALOGUE, handler):
                    await self._pause(bell, 1.0)

        await self._forever(handler.name, once)

    async def _sweeper(self, name: str, sweep: Sweep) -> None:
        async def once() -> None:
            with self._hub.listening("clock") as bell:
                if await self.sweep_once(name, sweep):
                    self._sweeping.add(name)
                else:
                    self._rest(name)
                    await self._pause(bell, SWEEP_SECONDS)

        try:
            await self._forever(name, once)
        finally:
            self._rest(name)

    def _rest(self, name: str) -> None:
        """A sweep has nothing more to do: handlers go on, unless another one has."""
        self._sweeping.discard(name)
        if not self._sweeping:
            self._swept.set()

    async def _give_way(self, seconds: float) -> None:
        """Wait while something due was found a moment ago, and more may be due."""
        if self._sweeping:
            self._swept.clear()
            await self._pause(self._swept, seconds)

    async def _jobs(self) -> None:
        context = JobContext(self._database, self._hub, self._settings)

        async def once() -> None:
            await run_jobs(context, JOBS, self.stopping)

        if JOBS:
            await self._forever("jobs", once)

    async def _pause(self, bell: asyncio.Event, seconds: float) -> None:
        """Wait for the bell, the time, or the end."""
        waits = {asyncio.create_task(bell.wait()), asyncio.create_task(self.stopping.wait())}
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _forever(self, name: str, once: Callable[[], Awaitable[None]]) -> None:
        while not self.stopping.is_set():
            try:
                await once()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # a loop outlives whatever one round of it meets
                log.error("loop_failed", loop=name, error=type(error).__name__, exc_info=error)
                await self._pause(asyncio.Event(), FAULT_SECONDS)


async def work(settings: Settings, stopping: asyncio.Event) -> None:
    """Run a worker with its own connections until `stopping` is set."""
    database = Database(settings.asyncpg_url, pool_size=settings.database_pool_size)
    hub = Hub(settings.redis_url)
    await hub.start()
    worker = Worker(settings, database, hub)
    worker.stopping = stopping
    try:
        await worker.run()
    finally:
        await hub.stop()
        await database.dispose()
