"""An organisation's stream: its own events, in order, resumable, without a connection to the database held."""

import asyncio
from typing import ClassVar

import httpx
import pytest
from sqlalchemy import update

from app.db.clock import Clock
from app.db.session import Database
from app.events.model import Event
from app.events.outbox import record
from app.identity.permissions import Role
from app.identity.tables import ApiKeyRow
from app.kit.ids import new_id
from app.worker import Worker
from tests.factories.identity import Member, make_member
from tests.streams import listen


class Knocked(Event):
    """Somebody knocked."""

    kind: ClassVar[str] = "tests.knocked"
    subject: ClassVar[str] = "door"
    times: int


async def _member(database: Database) -> Member:
    async with database.transaction() as session:
        return await make_member(session, Role.ENTERPRISE_USER)


async def _knock(database: Database, worker: Worker, member: Member, times: int) -> None:
    async with database.transaction() as session:
        at = await Clock().read(session)
        event = Knocked(subject_id=new_id(), at=at, times=times, parties=(member.party_id,))
        await record(session, event)
    assert await worker.relay_all() == 1


async def test_what_concerns_an_organisation_arrives_as_it_happens(
    running: str, database: Database, worker: Worker
) -> None:
    member = await _member(database)
    async with listen(f"{running}/v1/stream", headers=member.headers) as ear:
        beat = await ear.next(heartbeats=True)
        assert beat.name == "heartbeat"
        await _knock(database, worker, member, 3)
        heard = await ear.next()
    assert (heard.name, heard.data["data"]["times"]) == ("tests.knocked", 3)
    assert heard.id == str(heard.data["position"])
    assert "parties" not in heard.data["data"]


async def test_another_organisations_events_are_never_heard(
    running: str, database: Database, worker: Worker
) -> None:
    mine, theirs = await _member(database), await _member(database)
    async with listen(f"{running}/v1/stream", headers=mine.headers) as ear:
        await ear.next(heartbeats=True)
        await _knock(database, worker, theirs, 1)
        await _knock(database, worker, mine, 2)
        assert (await ear.next()).data["data"]["times"] == 2


async def test_a_lost_connection_loses_nothing(running: str, database: Database, worker: Worker) -> None:
    member = await _member(database)
    async with listen(f"{running}/v1/stream", headers=member.headers) as ear:
        await ear.next(heartbeats=True)
        await _knock(database, worker, member, 1)
        first = await ear.next()
    for times in (2, 3):
        await _knock(database, worker, member, times)
    resumed = member.headers | {"Last-Event-ID": str(first.id)}
    async with listen(f"{running}/v1/stream", headers=resumed) as ear:
        assert [(await ear.next()).data["data"]["times"] for _ in range(2)] == [2, 3]


async def test_open_streams_hold_no_connection_to_the_database(running: str, database: Database) -> None:
    member = await _member(database)
    async with asyncio.TaskGroup() as group:
        opened = [group.create_task(_open_and_wait(running, member)) for _ in range(50)]
    assert [task.result() for task in opened] == [200] * 50
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # the queue pool has it


async def _open_and_wait(running: str, member: Member) -> int:
    async with listen(f"{running}/v1/stream", headers=member.headers) as ear:
        await ear.next(heartbeats=True)
        await asyncio.sleep(0.3)
        return ear.response.status_code


async def test_a_revoked_key_ends_its_stream_at_the_next_heartbeat(running: str, database: Database) -> None:
    member = await _member(database)
    async with listen(f"{running}/v1/stream", headers=member.headers) as ear:
        await ear.next(heartbeats=True)
        async with database.transaction() as session:
            at = await Clock().read(session)
            await session.execute(
                update(ApiKeyRow).where(ApiKeyRow.user_id == member.user_id).values(revoked_at=at)
            )
        with pytest.raises(StopAsyncIteration):
            await ear.next()


@pytest.mark.parametrize("given", ["x", "-1", "1e3", "9" * 30, "１"])
async def test_a_last_event_id_of_another_form_is_refused(
    client: httpx.AsyncClient, database: Database, given: str
) -> None:
    member = await _member(database)
    answer = await client.get(
        "/v1/stream", headers=[*member.headers.items(), (b"Last-Event-ID", given.encode())]
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "last_event_id_malformed")


async def test_a_visitor_has_no_stream_of_an_organisation(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/stream")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
