"""An event exists exactly when its change does, and the relay loses none, whatever the writers do."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from typing import ClassVar
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.db.clock import Clock
from app.db.migrate import upgrade
from app.db.session import Database
from app.embedded.servers import EmbeddedServers
from app.events import dispatch, relay
from app.events.dispatch import ATTEMPTS_MAX, Handler
from app.events.model import Event
from app.events.outbox import gathering, record
from app.hub import Hub
from app.kit.ids import new_id


class Rang(Event):
    """A bell rang."""

    kind: ClassVar[str] = "tests.rang"
    subject: ClassVar[str] = "bell"
    times: int


CATALOGUE = {Rang.kind: Rang}


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[str]:
    """A cluster of the relay's own: its watermark is the whole cluster's, so other tests would hold it back."""
    servers = EmbeddedServers.scratch()
    servers.start_postgres()
    url = servers.database_url("postgres")
    upgrade(url, sandbox=True)
    yield url
    servers.stop()


@pytest.fixture
async def relayed(own_cluster: str) -> AsyncIterator[Database]:
    """The cluster's database with empty events."""
    made = Database(Settings(database_url=own_cluster).asyncpg_url, pool_size=30)
    async with made.transaction() as session:
        await session.execute(text("TRUNCATE events, event_cursors, event_parked"))
        await session.execute(text("UPDATE event_relay SET last_position = 0"))
    yield made
    await made.dispose()


async def _ring(database: Database, times: int, *, pause: float = 0.0, party: UUID | None = None) -> None:
    async with database.transaction() as session:
        at = await Clock().read(session)
        await record(
            session, Rang(subject_id=new_id(), at=at, times=times, parties=(party,) if party else ())
        )
        await asyncio.sleep(pause)


async def _place(database: Database) -> int:
    async with database.transaction() as session:
        return await relay.place(session)


async def _rows(database: Database, statement: str) -> list[tuple[object, ...]]:
    async with database.transaction() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def test_an_event_of_a_rolled_back_change_does_not_exist(relayed: Database) -> None:
    with pytest.raises(RuntimeError):
        async with relayed.transaction() as session:
            await record(session, Rang(subject_id=new_id(), at=await Clock().read(session), times=1))
            raise RuntimeError("the change fails")
    assert await _place(relayed) == 0


async def test_what_is_gathered_is_written_by_who_gathers_it_in_the_order_of_its_recording(
    relayed: Database,
) -> None:
    async with relayed.transaction() as session:
        at = await Clock().read(session)
        with gathering(session) as gathered:
            for times in (1, 2, 3):
                await record(session, Rang(subject_id=new_id(), at=at, times=times))
            assert (await session.execute(text("SELECT count(*) FROM events"))).scalar_one() == 0
        await record(session, *gathered)
    assert await _place(relayed) == 3
    assert await _rows(relayed, "SELECT payload->>'times' FROM events ORDER BY position") == [
        ("1",),
        ("2",),
        ("3",),
    ]


async def test_nothing_is_placed_while_an_older_writer_is_still_open(relayed: Database) -> None:
    """The reader by id would see the second row, pass it, and lose the first for ever."""
    async with relayed.transaction() as slow:
        await record(slow, Rang(subject_id=new_id(), at=await Clock().read(slow), times=1))
        await _ring(relayed, 2)
        assert await _place(relayed) == 0
    assert await _place(relayed) == 2
    assert await _rows(relayed, "SELECT position, payload->>'times' FROM events ORDER BY position") == [
        (1, "1"),
        (2, "2"),
    ]


async def test_with_many_writers_at_once_no_event_is_lost_and_positions_are_dense(relayed: Database) -> None:
    choice = random.Random(7)
    writing = [asyncio.create_task(_ring(relayed, n, pause=choice.random() / 50)) for n in range(400)]
    seen: list[str] = []
    done = False
    while not done:
        done = all(task.done() for task in writing)
        await _place(relayed)
        told = await _rows(
            relayed,
            f"SELECT payload->>'times' FROM events WHERE position > {len(seen)} ORDER BY position",
        )
        seen += [str(row[0]) for row in told]
    await asyncio.gather(*writing)
    assert sorted(seen, key=int) == [str(n) for n in range(400)]
    assert await _rows(relayed, "SELECT min(position), max(position), count(*) FROM events") == [
        (1, 400, 400)
    ]


async def test_two_relays_at_once_give_each_position_once(relayed: Database) -> None:
    await asyncio.gather(*(_ring(relayed, n) for n in range(50)))
    placed = await asyncio.gather(*(_place(relayed) for _ in range(8)))
    assert sum(placed) == 50
    assert await _rows(relayed, "SELECT count(DISTINCT position), max(position) FROM events") == [(50, 50)]


async def test_a_handler_takes_each_event_once_and_in_order(relayed: Database) -> None:
    taken: list[int] = []

    async def handle(_session: AsyncSession, _clock: Clock, event: Event) -> None:
        assert isinstance(event, Rang)
        taken.append(event.times)

    for times in (1, 2, 3):
        await _ring(relayed, times)
        await _place(relayed)
    handler = Handler("tests", (Rang.kind,), handle)
    while await dispatch.step(relayed, Hub(None), CATALOGUE, handler):
        pass
    assert taken == [1, 2, 3]


async def test_the_effect_of_a_handler_and_its_place_are_one_commit(relayed: Database) -> None:
    async def handle(session: AsyncSession, _clock: Clock, _event: Event) -> None:
        await session.execute(text("INSERT INTO numbers VALUES ('ZZ', 2026, 1)"))
        raise RuntimeError("after the effect")

    await _ring(relayed, 1)
    await _place(relayed)
    assert not await dispatch.step(relayed, Hub(None), CATALOGUE, Handler("fails", (Rang.kind,), handle))
    assert await _rows(relayed, "SELECT count(*) FROM numbers WHERE prefix = 'ZZ'") == [(0,)]
    assert await _rows(relayed, "SELECT position, attempts FROM event_cursors WHERE handler = 'fails'") == [
        (0, 1)
    ]


async def test_what_a_handler_cannot_digest_is_parked_and_the_next_goes_on(relayed: Database) -> None:
    taken: list[int] = []

    async def handle(_session: AsyncSession, _clock: Clock, event: Event) -> None:
        assert isinstance(event, Rang)
        if event.times == 1:
            raise ValueError("poison")
        taken.append(event.times)

    for times in (1, 2):
        await _ring(relayed, times)
        await _place(relayed)
    handler = Handler("parks", (Rang.kind,), handle)
    for _ in range(ATTEMPTS_MAX + 1):
        await dispatch.step(relayed, Hub(None), CATALOGUE, handler)
        await _rows(relayed, "UPDATE event_cursors SET retry_at = NULL RETURNING 1")
    assert taken == [2]
    assert await _rows(relayed, "SELECT handler, position, error FROM event_parked") == [
        ("parks", 1, "ValueError: poison")
    ]


async def test_positions_survive_a_dump_of_the_rows(relayed: Database, own_cluster: str) -> None:
    """They are stored, so a restored copy goes on where the original stood."""
    await _ring(relayed, 1)
    await _place(relayed)
    connection = await asyncpg.connect(own_cluster)
    try:
        copied = await connection.fetch("SELECT position FROM events")
    finally:
        await connection.close()
    assert [row["position"] for row in copied] == [1]
