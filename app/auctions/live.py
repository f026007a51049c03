"""The tail of a running sale as ready bytes: what every watcher gets, with bidder codes and never identities.

One reader for each watched sale and process folds the record and serialises each event once; all who watch get the
same bytes. A watcher whose place is no longer kept here is served from PostgreSQL, from any process.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.auctions import queries
from app.auctions.actions import topic
from app.auctions.rules.snapshot import Snapshot
from app.auctions.schemas import EventOut, HeartbeatOut
from app.db.clock import MarketClock, read_market_clock
from app.db.session import Database
from app.http.sse import frame
from app.hub import Hub

log = structlog.get_logger()

FRAMES_KEPT: Final = 2_000
PAGE: Final = 500
CLOCK_SECONDS: Final = 1.0


def frame_of(event: EventOut) -> bytes:
    """An event of the stream: its id is `seq`, its name the kind."""
    return frame(event.kind, event.model_dump(mode="json"), event.seq)


class Tail:
    """One watched sale in this process."""

    def __init__(self, database: Database, hub: Hub, auction_id: UUID) -> None:
        self._database, self._hub, self._auction_id = database, hub, auction_id
        self._frames: deque[tuple[int, bytes]] = deque(maxlen=FRAMES_KEPT)
        self._state: Snapshot | None = None
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self.watchers = 0

    def open(self) -> None:
        """One watcher more; the first one starts the reader."""
        self.watchers += 1
        if self._reader is None:
            self._reader = asyncio.create_task(self._read_on())

    def close(self) -> None:
        """One watcher fewer; the last one stops the reader."""
        self.watchers -= 1
        if self.watchers == 0 and self._reader is not None:
            self._reader.cancel()
            self._reader = None

    async def after(self, place: int) -> list[tuple[int, bytes]]:
        """The frames after a place, waiting until there is one."""
        while True:
            news = self._news
            if self._state is not None and self._state.seq > place:
                first = self._frames[0][0] if self._frames else self._state.seq + 1
                if place + 1 >= first:
                    return [kept for kept in self._frames if kept[0] > place]
                return await self._from_the_record(place)
            await news.wait()

    async def _from_the_record(self, place: int) -> list[tuple[int, bytes]]:
        async with self._database.session() as session:
            events = await queries.events_between(session, self._auction_id, after=place, limit=PAGE)
        return [(event.seq, frame_of(event)) for event in events]

    async def _read_on(self) -> None:
        while True:
            try:
                with self._hub.listening(topic(self._auction_id)) as bell:
                    if not await self._read():
                        await self._hub.ring(bell)
            except (SQLAlchemyError, OSError) as error:
                # The database is away: watchers keep their place and hear on when it is back.
                log.warning("tail_not_read", auction_id=str(self._auction_id), error=type(error).__name__)
                await asyncio.sleep(1)

    async def _read(self) -> bool:
        async with self._database.session() as session:
            state, told = await queries.fold_on(session, self._auction_id, self._state, limit=PAGE)
        for event in told:
            self._frames.append((event.seq, frame_of(event)))
            if event.note is not None:
                # A text may be redacted at any time: it is read from the record, never kept here.
                self._frames.clear()
        fresh = bool(told) or self._state is None
        self._state = state
        if fresh:
            # Whoever waits holds the old bell; those who come later find the news.
            rung, self._news = self._news, asyncio.Event()
            rung.set()
        return len(told) == PAGE


class Lives:
    """The watched sales of this process, and its reading of market time."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database, self._hub = database, hub
        self._tails: dict[UUID, Tail] = {}
        self._clock: MarketClock | None = None
        self._read_at = 0.0

    async def frames(self, auction_id: UUID, place: list[int]) -> AsyncIterator[bytes]:
        """The frames of a sale after `place[0]`, which is kept up to date for the heartbeat."""
        tail = self._tails.setdefault(auction_id, Tail(self._database, self._hub, auction_id))
        tail.open()
        try:
            while True:
                for seq, piece in await tail.after(place[0]):
                    place[0] = seq
                    yield piece
        finally:
            tail.close()
            if tail.watchers == 0:
                with contextlib.suppress(KeyError):
                    del self._tails[auction_id]

    async def heartbeat(self, place: list[int]) -> bytes:
        """Market time and the watcher's place."""
        beat = HeartbeatOut(server_at=await self._now(), seq=place[0])
        return frame("heartbeat", beat.model_dump(mode="json"))

    async def _now(self) -> datetime:
        """Market time for show, from a reading at most a second old. It decides nothing."""
        if self._clock is None or monotonic() - self._read_at > CLOCK_SECONDS:
            async with self._database.session() as session:
                self._clock = await read_market_clock(session)
            self._read_at = monotonic()
        passed = timedelta(seconds=(monotonic() - self._read_at) * self._clock.rate)
        return self._clock.at + passed
