"""The tail of a running sale as ready bytes: what every watcher gets, with bidder codes and never identities.

One tail for each watched sale and process folds the record and serialises each event once; all who watch get the same
bytes. It learns of news in two ways, which come to the same bytes: the process that has written bids hands them over
once they are committed (`Hub`), as far as they follow what the tail has; else, and after every doubt, it reads the
record. It begins at the sale as it stands, however long the record is. A watcher whose place is not kept here is served
from PostgreSQL (`Past`), from any process.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.auctions import queries, repository
from app.auctions.actions import topic
from app.auctions.past import PAGE, Past
from app.auctions.rules.facts import Fact
from app.auctions.rules.snapshot import Snapshot
from app.auctions.schemas import EventOut, HeartbeatOut, SkippedOut
from app.db.session import Database
from app.http.broadcast import BEHIND_MAX, Broadcast, Broadcaster, Frame
from app.http.sse import frame_of
from app.hub import Hub

log = structlog.get_logger()


def event_frame(event: EventOut) -> bytes:
    """An event of the stream: its id is `seq`, its name the kind."""
    return frame_of(event.kind, event, event.seq)


def beat_frame(at: datetime, place: int) -> bytes:
    """A heartbeat: market time and the last `seq` told."""
    return frame_of("heartbeat", HeartbeatOut(server_at=at, seq=place))


class Glances:
    """One connection of this process on which its tails read what is new, each in one round trip. Held while any is open."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()
        self._connection: AsyncConnection | None = None
        self._users = 0

    @asynccontextmanager
    async def use(self) -> AsyncIterator[None]:
        """While one may read."""
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if self._users == 0:
                async with self._turn:
                    await self._drop()

    async def facts(self, auction_id: UUID, after: int) -> list[tuple[Fact, bytes]] | None:
        """The next facts, at most `PAGE`, or None where they hold a text. A connection that has failed is replaced."""
        async with self._turn:
            try:
                if self._connection is None:
                    self._connection = await self._database.alone()
                return await repository.facts_at_a_glance(self._connection, auction_id, after, PAGE)
            except BaseException:
                if self._connection is not None:
                    await self._connection.invalidate()
                    await self._drop()
                raise

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


class Tail(Broadcast):
    """One watched sale in this process."""

    def __init__(
        self,
        broadcaster: Broadcaster,
        database: Database,
        hub: Hub,
        auction_id: UUID,
        *,
        glances: Glances | None = None,
    ) -> None:
        super().__init__(broadcaster)
        self._database, self._hub, self._auction_id = database, hub, auction_id
        self._glances = glances or Glances(database)
        self._kept: deque[Frame] = deque(maxlen=BEHIND_MAX)
        self._past = Past(database, auction_id)
        self._state: Snapshot | None = None
        self._texts: set[int] = set()

    async def behind(self, place: int) -> Sequence[Frame]:
        """What was told after a place: from what is kept, else from the record."""
        if place >= self.place:
            return ()
        first = self._first()
        if place + 1 >= first:
            return [kept for kept in self._kept if kept[0] > place]
        events = await self._past.page(place, until=first - 1)
        frames = [(event.seq, event_frame(event)) for event in events]
        if first == self._first() and not any(event.note for event in events):
            self._keep_before(frames)
        return frames

    def _first(self) -> int:
        """The oldest place from which on everything is kept."""
        return self._kept[0][0] if self._kept else self.place + 1

    def _keep_before(self, frames: Sequence[Frame]) -> None:
        """Who comes next was most likely away as long: what reaches up to what is kept is kept too, while there is room."""
        if frames and frames[-1][0] + 1 == self._first() and len(self._kept) + len(frames) <= BEHIND_MAX:
            self._kept.extendleft(reversed(frames))

    def beat(self, at: datetime, place: int) -> bytes:
        """Market time, and the last `seq` told."""
        return beat_frame(at, place)

    def skipped(self, first: int, last: int) -> bytes:
        """Which events are left out: they are on record."""
        return frame_of("skipped", SkippedOut(first_seq=first, last_seq=last), last)

    def passed(self, frames: Iterable[Frame]) -> None:
        """Keep them for those who come back, but for texts: one may be redacted at any time, and is read from the record."""
        for kept in frames:
            if kept[0] in self._texts:
                self._texts.discard(kept[0])
                self._kept.clear()
            else:
                self._kept.append(kept)

    async def read_on(self) -> None:
        """Read the record whenever there may be news in it that was not handed over."""
        listening = self._hub.listening(topic(self._auction_id), self._hear)
        async with self._glances.use():
            with listening as bell:
                await self._follow(bell)

    async def _follow(self, bell: asyncio.Event) -> None:
        while True:
            bell.clear()
            try:
                if await self._read():
                    continue
            except (SQLAlchemyError, OSError) as error:
                # The database is away: watchers keep their place and hear on when it is back.
                log.warning("tail_not_read", auction_id=str(self._auction_id), error=type(error).__name__)
                await asyncio.sleep(1)
                continue
            except Exception as error:  # whatever it is, those who watch must not wait in silence for ever
                log.error("tail_failed", auction_id=str(self._auction_id), exc_info=error)
                await asyncio.sleep(1)
                continue
            self._begin()
            await self._hub.ring(bell)

    async def _read(self) -> bool:
        """Read on from where the tail is; whether there may be more."""
        before = self._state
        if before is None:
            async with self._database.session() as session:
                self._state = await queries.state_of(session, self._auction_id)
            return False
        facts = await self._glances.facts(self._auction_id, before.seq)
        if facts is not None:
            state, told = queries.fold(before, facts)
        else:
            async with self._database.session() as session:
                state, told = await queries.fold_on(session, self._auction_id, before, limit=PAGE)
        if self._state is not before:
            return True  # more was handed over meanwhile
        self._tell(state, told)
        return len(told) == PAGE

    def _hear(self, news: Sequence[tuple[Fact, bytes]]) -> bool:
        """Take committed facts and their hashes, where they follow what the tail has; whether they did."""
        state = self._state
        if state is None or not self.ready.is_set():
            return False
        fresh = [one for one in news if one[0].seq > state.seq]
        if fresh and fresh[0][0].seq != state.seq + 1:
            return False
        self._tell(*queries.fold(state, fresh))
        return True

    def _tell(self, state: Snapshot, told: Sequence[EventOut]) -> None:
        self._state = state
        for event in told:
            if event.note is not None:
                self._texts.add(event.seq)
            self.tell(event.seq, event_frame(event))

    def _begin(self) -> None:
        """Once it is known how the sale stands, the watchers join there."""
        if not self.ready.is_set() and self._state is not None:
            self.place = self._state.seq
            self.ready.set()


class Lives:
    """The watched sales of this process."""

    def __init__(self, broadcaster: Broadcaster, database: Database, hub: Hub) -> None:
        self._broadcaster, self._database, self._hub = broadcaster, database, hub
        self._glances = Glances(database)
        self._tails: dict[UUID, Tail] = {}

    def tail(self, auction_id: UUID) -> Tail:
        """The tail of a sale; a new one where the last watcher has left."""
        found = self._tails.get(auction_id)
        if found is None or found.closed:
            self._tails = {key: tail for key, tail in self._tails.items() if not tail.closed}
            found = self._tails[auction_id] = Tail(
                self._broadcaster, self._database, self._hub, auction_id, glances=self._glances
            )
        return found
