"""One thing that many watch: every piece of news is made into bytes once and written to all who watch, in one loop.

    news ──► waiting ──► one piece of bytes ──► every line
                 │ while the process may not write again yet, what comes is joined
                 └─ more than can be written in a second is skipped: the watchers are told which, and get the latest

`Pace` keeps the whole process below the rate of writes, and of bytes, above which everybody would fall behind. Each line
has a bounded buffer. A client that lets it fill leaves the line and is told what it has missed at its own pace; one that
does not take even that, or falls too far behind, is cut. It hurts nobody, and resumes by the id of what it has read last.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.db.clock import MarketClock, read_market_clock
from app.db.session import Database
from app.http.lines import Line, Piece
from app.http.sse import HEARTBEAT_SECONDS

log = structlog.get_logger()

WRITES_PER_SECOND: Final = 20_000
BYTES_PER_SECOND: Final = 200 * 2**20
JOINED_BYTES: Final = 64 * 1_024
BURST_SECONDS: Final = 0.1
"""What may be written ahead of the pace: news that come two at a time do not wait, a rate above it does."""

LATE_SECONDS: Final = 1.0
SLICE: Final = 250
"""So many lines are written to before others may use the loop."""

BEHIND_MAX: Final = 2_000
"""How many places a slow client may be behind all others, who need not be kept more than that; then it is cut."""

CLOCK_SECONDS: Final = 1.0

Frame = tuple[int, bytes]
"""An event as bytes, behind its place in the stream."""


class Pace:
    """When this process may write again. Everything that is broadcast takes its turn here."""

    def __init__(
        self, *, writes_per_second: float = WRITES_PER_SECOND, bytes_per_second: float = BYTES_PER_SECOND
    ) -> None:
        self._a_write, self._a_byte = 1 / writes_per_second, 1 / bytes_per_second
        self._turn = asyncio.Lock()
        self._free_at = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn; within it, nobody else broadcasts."""
        async with self._turn:
            left = self._free_at - monotonic() - BURST_SECONDS
            if left > 0:
                await asyncio.sleep(left)
            yield

    def cost(self, lines: int, size: int) -> float:
        """The seconds that so many bytes take for each of so many lines."""
        return lines * max(self._a_write, size * self._a_byte)

    def spent(self, lines: int, size: int) -> None:
        """So many bytes were written to each of so many lines in this turn."""
        self._free_at = max(self._free_at, monotonic()) + self.cost(lines, size)


class Broadcast(ABC):
    """A stream that many watch. It is read, written and given a heartbeat while anybody does.

    place: up to where everybody on the lines has been told; frames carry growing places. closed: the last watcher has left,
    and it is not opened again.
    """

    def __init__(self, broadcaster: "Broadcaster") -> None:
        self._broadcaster = broadcaster
        self._lines: set[Line] = set()
        self._early: set[Line] = set()
        self._waiting: deque[Frame] = deque()
        self._waiting_bytes = 0
        self._news = asyncio.Event()
        self._beat_at: datetime | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.ready = asyncio.Event()
        self.place = 0
        self.watchers = 0
        self.closed = False

    @abstractmethod
    async def read_on(self) -> None:
        """Read the news for ever and `tell` it; set `ready` once the first reading is done."""

    @abstractmethod
    async def behind(self, place: int) -> Sequence[Frame]:
        """What somebody at a place has missed of what was told, or the next part of it; nothing where he is not behind."""

    @abstractmethod
    def beat(self, at: datetime, place: int) -> bytes:
        """The heartbeat: market time, and how far has been told."""

    @abstractmethod
    def skipped(self, first: int, last: int) -> bytes:
        """What says that the frames from one place to another are left out; empty where each frame is the whole."""

    @abstractmethod
    def passed(self, frames: Iterable[Frame]) -> None:
        """Frames whose turn has come, before they are written or skipped: what is kept of them is kept now."""

    def open(self) -> None:
        """One watcher more; the first one starts the work."""
        self.watchers += 1
        if not self._tasks:
            self._tasks = [asyncio.create_task(self.read_on()), asyncio.create_task(self._write_on())]
            self._broadcaster.add(self)

    def close(self) -> None:
        """One watcher fewer; the last one ends the work."""
        self.watchers -= 1
        if self.watchers == 0:
            self._end()

    async def stop(self) -> None:
        """End the work, whoever still watches."""
        await asyncio.gather(*self._end(), return_exceptions=True)

    def _end(self) -> list[asyncio.Task[None]]:
        self.closed = True
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        self._broadcaster.discard(self)
        return tasks

    def join(self, line: Line) -> None:
        """Write to a line from now on, whose watcher is not behind. One who is further than we are is waited for."""
        (self._early if line.place > self.place else self._lines).add(line)

    def leave(self, line: Line) -> None:
        """Write no more to a line."""
        self._lines.discard(line)
        self._early.discard(line)

    def tell(self, place: int, frame: bytes) -> None:
        """News, to be written when its turn comes."""
        self._waiting.append((place, frame))
        self._waiting_bytes += len(frame)
        self._news.set()

    def strike(self, at: datetime) -> None:
        """It is time for a heartbeat."""
        self._beat_at = at
        self._news.set()

    async def _write_on(self) -> None:
        pace = self._broadcaster.pace
        while True:
            await self._news.wait()
            # Whoever brought the news about hears first: his answer is on its way out in this very round of the loop.
            await asyncio.sleep(0)
            async with pace.turn():
                self._news.clear()
                before, frames, at = self.place, self._take(), self._beat_at
                self._beat_at = None
                # From here to the list of the lines nothing may be awaited: who joins is at the new place already.
                lines = list(self._lines)
                body = b"".join(frame for _, frame in frames)
                if at is not None:
                    body += self.beat(at, self.place)
                if self._early:
                    self._tell_early(frames, at)
                if body:
                    await self._write(lines, Piece.of(body), before)
                    pace.spent(len(lines), len(body))
            if at is not None:
                self._end_the_old()
            if self._waiting:
                self._news.set()

    async def _write(self, lines: Sequence[Line], piece: Piece, before: int) -> None:
        """Write to all who were told up to a place before. Who cannot be written to stays there."""
        for start in range(0, len(lines), SLICE):
            if start:
                await asyncio.sleep(0)
            for line in lines[start : start + SLICE]:
                if not line.write(piece):
                    self._lines.discard(line)
                    line.place = before

    def _take(self) -> list[Frame]:
        """What is to be written now; the place is then behind it."""
        waiting = self._waiting
        if not waiting:
            return []
        taken: list[Frame] = []
        late = self._broadcaster.pace.cost(len(self._lines), self._waiting_bytes) > LATE_SECONDS
        if late and len(waiting) > 1:
            newest = waiting.pop()
            first, last = waiting[0][0], waiting[-1][0]
            log.warning("watchers_skip", frames=len(waiting), lines=len(self._lines))
            self.passed([*waiting, newest])
            waiting.clear()
            self._waiting_bytes = 0
            taken = [(last, self.skipped(first, last)), newest]
        else:
            size = 0
            while waiting and (not taken or size + len(waiting[0][1]) <= JOINED_BYTES):
                taken.append(waiting.popleft())
                size += len(taken[-1][1])
            self._waiting_bytes -= size
            self.passed(taken)
        self.place = taken[-1][0]
        return taken

    def _tell_early(self, frames: Sequence[Frame], at: datetime | None) -> None:
        """Those who came with a later place than ours get what lies behind theirs, and a heartbeat of their own."""
        for line in list(self._early):
            body = b"".join(frame for place, frame in frames if place > line.place)
            if at is not None:
                body += self.beat(at, max(line.place, self.place))
            if body:
                line.write(Piece.of(body))  # it has been written nothing but heartbeats
            if line.place <= self.place:
                self._early.discard(line)
                self._lines.add(line)

    def _end_the_old(self) -> None:
        now = monotonic()
        for line in list(self._lines):
            if line.ends_at <= now:
                line.end()


class Broadcaster:
    """What is broadcast by this process: one pace, one heartbeat and one reading of market time for all of it."""

    def __init__(self, database: Database, *, pace: Pace | None = None) -> None:
        self._database = database
        self.pace = pace or Pace()
        self._open: set[Broadcast] = set()
        self._beating: asyncio.Task[None] | None = None
        self._clock: MarketClock | None = None
        self._read_at = 0.0

    def add(self, broadcast: Broadcast) -> None:
        """Give a broadcast its heartbeats."""
        self._open.add(broadcast)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat_on())

    def discard(self, broadcast: Broadcast) -> None:
        """No heartbeats any more."""
        self._open.discard(broadcast)
        if not self._open and self._beating is not None:
            self._beating.cancel()
            self._beating = None

    async def stop(self) -> None:
        """End all that is broadcast."""
        for broadcast in list(self._open):
            await broadcast.stop()

    async def now(self) -> datetime:
        """Market time for show, from a reading at most a second old, or the last one while there is no database.

        It decides nothing.
        """
        if self._clock is None or monotonic() - self._read_at > CLOCK_SECONDS:
            try:
                async with asyncio.timeout(CLOCK_SECONDS), self._database.session() as session:
                    clock = await read_market_clock(session)
            except (SQLAlchemyError, OSError):  # a timeout is one of the latter
                if self._clock is None:
                    raise
            else:
                self._clock, self._read_at = clock, monotonic()
        passed = timedelta(seconds=(monotonic() - self._read_at) * self._clock.rate)
        return self._clock.at + passed

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                at = await self.now()
            except (SQLAlchemyError, OSError) as error:
                log.warning("heartbeat_without_time", error=type(error).__name__)
                continue
            for broadcast in self._open:
                broadcast.strike(at)
