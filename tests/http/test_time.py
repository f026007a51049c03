"""Market time over HTTP, and the sandbox's clock."""

import asyncio
from datetime import datetime, timedelta

import httpx

from app.db.clock import Clock, move_sandbox_clock, use_real_time
from app.db.session import Database
from app.identity.permissions import Role
from tests.factories.identity import make_member


async def test_anybody_may_read_the_markets_clock(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/time")
    assert answer.status_code == 200
    assert answer.json()["kind"] == "sandbox"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_clock_moves_forward_by_what_was_asked(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
    before = datetime.fromisoformat((await client.get("/v1/time")).json()["at"])
    moved = await client.post("/v1/sandbox/clock", json={"advance_seconds": 3600}, headers=member.headers)
    assert moved.status_code == 200
    after = datetime.fromisoformat(moved.json()["at"])
    assert 3600 <= (after - before).total_seconds() < 3630


async def test_a_visitor_may_not_move_the_clock(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/sandbox/clock", json={"advance_seconds": 3600})
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


async def test_moving_the_clock_back_names_the_field(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
    answer = await client.post("/v1/sandbox/clock", json={"advance_seconds": -1}, headers=member.headers)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/body/advance_seconds"]


async def test_a_repeat_under_the_same_key_moves_the_clock_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
    headers = member.headers | {"Idempotency-Key": "move-the-clock-once"}
    first = await client.post("/v1/sandbox/clock", json={"advance_seconds": 60}, headers=headers)
    again = await client.post("/v1/sandbox/clock", json={"advance_seconds": 60}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = await client.post("/v1/sandbox/clock", json={"advance_seconds": 61}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_clock_that_is_slowed_never_goes_back(fresh_database: Database) -> None:
    seen: list[datetime] = []
    done = asyncio.Event()

    async def watch() -> None:
        while not done.is_set():
            async with fresh_database.session() as session:
                seen.append(await Clock().read(session))

    watching = asyncio.create_task(watch())
    for _ in range(10):
        for rate in (1_440, 1_440, 720, 1):
            async with fresh_database.transaction() as session:
                await move_sandbox_clock(session, advance=timedelta(0), rate=rate)
        async with fresh_database.transaction() as session:
            await move_sandbox_clock(session, advance=timedelta(0), rate=1_440)
            await use_real_time(session)
    done.set()
    await watching
    assert len(seen) > 20
    assert seen == sorted(seen)
