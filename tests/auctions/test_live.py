"""A sale's tail: what is handed over is what the record says, byte for byte, and never more than it says."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions, queries
from app.auctions.live import Tail, event_frame
from app.auctions.rules.commands import SuspendReason
from app.auctions.schemas import SuspendIn
from app.auctions.writer import Writer
from app.db.clock import Clock
from app.db.session import Database
from app.http.broadcast import Broadcaster
from app.http.lines import Line, Piece
from app.hub import Hub, tell
from tests.concurrency.test_auctions import started
from tests.concurrency.test_writer import rising
from tests.factories.auctions import Sale

LONG = 30 * 86_400


class Ear(Line):
    """A line that remembers what it was written."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.heard = b""

    def write(self, piece: Piece) -> bool:
        self.heard += piece.plain
        return True

    async def carry(self, send: Any) -> None:
        """Nothing."""


class Deaf(Tail):
    """A tail that reads the record once, and then only hears what is handed over."""

    async def _read(self) -> bool:
        return False if self.ready.is_set() else await super()._read()


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    made = Hub(None)
    yield made
    await made.stop()


async def written(database: Database, hub: Hub, sale: Sale, count: int, *, first: int = 0) -> None:
    """So many bids, each higher than the one before, written by a writer whose news this hub tells."""
    writer = Writer(database, hub)
    writer.start()
    answers = await asyncio.gather(*(writer.place(bid) for bid in rising(sale, count, first=first)))
    assert {one.status for one in answers} == {201}
    await writer.stop()


async def _record(database: Database, sale: Sale, after: int) -> bytes:
    async with database.session() as session:
        events = await queries.events_between(session, sale.auction_id, after=after, limit=1_000)
    return b"".join(event_frame(event) for event in events)


async def _watching(tail: Tail) -> Ear:
    tail.open()
    await tail.ready.wait()
    ear = Ear(tail.place)
    tail.join(ear)
    return ear


async def _until_told(tail: Tail, place: int) -> None:
    async with asyncio.timeout(10):
        while tail.place < place:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)


async def test_what_the_writer_hands_over_is_what_the_record_says_byte_for_byte(
    fresh_database: Database, hub: Hub
) -> None:
    sale = await started(fresh_database, bidders=3, free_seconds=LONG)
    tail = Deaf(Broadcaster(fresh_database), fresh_database, hub, sale.auction_id)
    ear = await _watching(tail)
    await written(fresh_database, hub, sale, 30)
    await _until_told(tail, ear.place + 30)
    assert ear.heard == await _record(fresh_database, sale, ear.place)
    assert ear.heard.count(b"event: bid_placed\n") == 30
    tail.close()


async def test_what_does_not_follow_is_read_from_the_record_instead(
    fresh_database: Database, hub: Hub
) -> None:
    sale = await started(fresh_database, bidders=3, free_seconds=LONG)
    tail = Tail(Broadcaster(fresh_database), fresh_database, hub, sale.auction_id)
    ear = await _watching(tail)
    # Another process, whose word does not come through, writes; then this one.
    await written(fresh_database, Hub(None), sale, 5)
    await written(fresh_database, hub, sale, 5, first=5)
    await _until_told(tail, ear.place + 10)
    assert ear.heard == await _record(fresh_database, sale, ear.place)
    tail.close()


async def test_a_text_is_told_once_as_the_record_says_it_and_never_kept(
    fresh_database: Database, hub: Hub
) -> None:
    sale = await started(fresh_database, bidders=3, free_seconds=LONG)
    tail = Tail(Broadcaster(fresh_database), fresh_database, hub, sale.auction_id)
    ear = await _watching(tail)
    await written(fresh_database, hub, sale, 2)
    async with fresh_database.transaction() as session:
        asked = SuspendIn(reason=SuspendReason.OBJECTION, note="异议待核实")
        await actions.suspend(
            session, Clock(), actor=sale.operator.actor, auction_id=sale.auction_id, asked=asked
        )
    hub.announce_session(session)
    await _until_told(tail, ear.place + 3)
    assert ear.heard == await _record(fresh_database, sale, ear.place)
    assert "异议待核实".encode() in ear.heard
    assert list(tail._kept) == []
    # Who comes back reads it in the record, where it may have been redacted.
    assert b"".join(told for _, told in await tail.behind(ear.place)) == ear.heard
    tail.close()


async def test_a_tail_whose_connection_breaks_takes_another_one_and_misses_nothing(
    fresh_database: Database, hub: Hub
) -> None:
    sale = await started(fresh_database, bidders=3, free_seconds=LONG)
    tail = Tail(Broadcaster(fresh_database), fresh_database, hub, sale.auction_id)
    ear = await _watching(tail)
    await written(fresh_database, Hub(None), sale, 2)
    await _until_told(tail, ear.place + 2)
    async with fresh_database.transaction() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await written(fresh_database, Hub(None), sale, 2, first=2)
    await _until_told(tail, ear.place + 4)
    assert ear.heard == await _record(fresh_database, sale, ear.place)
    tail.close()


async def test_a_tail_that_is_handed_the_same_twice_tells_it_once(fresh_database: Database, hub: Hub) -> None:
    sale = await started(fresh_database, bidders=3, free_seconds=LONG)
    tail = Tail(Broadcaster(fresh_database), fresh_database, hub, sale.auction_id)
    ear = await _watching(tail)
    told: list[Any] = []
    with hub.listening(f"auction:{sale.auction_id}", lambda news: bool(told.extend(news)) or True):
        await written(fresh_database, hub, sale, 3)
    assert tail._hear(told)
    await _until_told(tail, ear.place + 3)
    assert ear.heard == await _record(fresh_database, sale, ear.place)
    tail.close()


async def test_news_are_handed_over_only_where_they_were_asked_for_and_rest_is_woken(hub: Hub) -> None:
    session = AsyncSession()
    tell(session, "a", [1, 2])
    tell(session, "a", [3])
    taken: list[Any] = []
    with (
        hub.listening("a", lambda news: bool(taken.extend(news)) or True) as fed,
        hub.listening("a", lambda news: False) as doubtful,
        hub.listening("a") as plain,
        hub.listening("b", lambda news: True) as other,
    ):
        hub.announce_session(session)
        assert taken == [1, 2, 3]
        assert [bell.is_set() for bell in (fed, doubtful, plain, other)] == [False, True, True, False]
        hub.announce(["a"])
        assert (taken, fed.is_set()) == ([1, 2, 3], True)
    await session.close()
