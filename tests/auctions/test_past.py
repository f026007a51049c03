"""A sale with a long record: who comes now waits for none of it, and who comes back reads no more than he missed."""

from typing import Any

import pytest

from app.auctions import queries
from app.auctions.live import Tail, event_frame
from app.auctions.past import PAGE, Past
from app.auctions.rules import engine
from app.db.session import Database
from app.http.broadcast import Broadcaster
from app.hub import Hub
from tests.auctions.test_live import LONG, written
from tests.concurrency.test_auctions import started
from tests.factories.auctions import Sale

BIDS = 2 * PAGE + 60


class Folded:
    """How many facts were folded since it was asked last."""

    def __init__(self) -> None:
        self.count = 0

    def since(self) -> int:
        """The number, which begins anew."""
        count, self.count = self.count, 0
        return count


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> Folded:
    counted, apply = Folded(), engine.apply

    def counting(state: Any, fact: Any) -> Any:
        counted.count += 1
        return apply(state, fact)

    monkeypatch.setattr(engine, "apply", counting)
    return counted


async def _long(database: Database) -> tuple[Sale, list[tuple[int, bytes]]]:
    """A sale with `BIDS` bids, and all that was ever told of it."""
    sale = await started(database, bidders=3, free_seconds=LONG)
    hub = Hub(None)
    await written(database, hub, sale, BIDS)
    await hub.stop()
    async with database.session() as session:
        events = await queries.events_between(session, sale.auction_id, after=0, limit=10_000)
    return sale, [(event.seq, event_frame(event)) for event in events]


async def test_a_tail_begins_at_the_sale_as_it_stands_however_long_its_record_is(
    fresh_database: Database, folded: Folded
) -> None:
    sale, told = await _long(fresh_database)
    hub = Hub(None)
    tail = Tail(Broadcaster(fresh_database), fresh_database, hub, sale.auction_id)
    folded.since()
    tail.open()
    await tail.ready.wait()
    assert tail.place == told[-1][0]
    assert folded.since() == 0
    # What is told from there on is what the record says, so the state at which it began was the right one.
    async with fresh_database.session() as session:
        now = await queries.state_of(session, sale.auction_id)
        folded_now, _ = await queries.fold_on(session, sale.auction_id, None, limit=10_000)
    assert now == folded_now
    tail.close()
    await hub.stop()


async def test_who_comes_back_reads_what_he_missed_and_the_next_one_finds_it_kept(
    fresh_database: Database, folded: Folded
) -> None:
    sale, told = await _long(fresh_database)
    hub = Hub(None)
    tail = Tail(Broadcaster(fresh_database), fresh_database, hub, sale.auction_id)
    tail.open()
    await tail.ready.wait()
    assert await tail.behind(tail.place - 20) == told[-20:]
    folded.since()
    assert await tail.behind(tail.place - 20) == told[-20:]
    assert await tail.behind(tail.place - 5) == told[-5:]
    assert folded.since() == 0
    tail.close()
    await hub.stop()


async def test_a_record_is_read_page_by_page_and_no_page_begins_at_its_start_again(
    fresh_database: Database, folded: Folded
) -> None:
    sale, told = await _long(fresh_database)
    past, last = Past(fresh_database, sale.auction_id), told[-1][0]
    folded.since()
    read: list[tuple[int, bytes]] = []
    while page := await past.page(read[-1][0] if read else 0, until=last):
        read += [(event.seq, event_frame(event)) for event in page]
    assert read == told
    assert folded.since() < len(told) + PAGE
    # From anywhere: no more than a page before it, and the page itself.
    for after in (last - 1, PAGE + 7, 2 * PAGE, 3):
        page = await past.page(after, until=last)
        assert [event.seq for event in page] == list(range(after + 1, page[-1].seq + 1))
        assert folded.since() <= 2 * PAGE
    assert await past.page(last, until=last) == []
    assert [event.seq for event in await past.page(10, until=12)] == [11, 12]
