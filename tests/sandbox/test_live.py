"""A live database: no clock to set, and no credential of a sandbox."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from app.config import Settings
from app.db.migrate import upgrade
from app.db.session import Database
from app.identity.permissions import Role
from app.kit.ids import new_id
from app.main import create_app
from tests import servers
from tests.factories.identity import Member, make_member


@pytest.fixture
async def live() -> AsyncIterator[tuple[httpx.AsyncClient, Member]]:
    """The service over a live database, and somebody with a test key in it."""
    name = f"live_{new_id().hex}"
    url = await servers.create_database_async(name, "template1")
    await asyncio.to_thread(upgrade, url)
    settings = Settings(database_url=url, log_level="error")
    database = Database(settings.asyncpg_url)
    app = create_app(settings, database=database)
    async with database.transaction() as session:
        member = await make_member(session, Role.OPERATOR)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://testserver") as client,
    ):
        yield client, member
    await database.dispose()
    await servers.drop_database_async(name)


def _told(answer: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in answer.json().items() if name != "request_id"}


async def test_a_live_database_has_no_route_to_its_clock(live: tuple[httpx.AsyncClient, Member]) -> None:
    client, member = live
    nowhere = await client.post("/v1/sandbox/nothing", json={"advance_seconds": 60})
    for headers in ({}, member.headers):
        answer = await client.post("/v1/sandbox/clock", json={"advance_seconds": 60}, headers=headers)
        assert (answer.status_code, _told(answer)) == (404, _told(nowhere))
    assert (await client.get("/v1/time")).json()["kind"] == "live"


async def test_a_test_key_opens_nothing_in_a_live_database(live: tuple[httpx.AsyncClient, Member]) -> None:
    client, member = live
    answer = await client.get("/v1/parties/me", headers=member.headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "credential_invalid")


async def test_a_live_database_never_becomes_a_sandbox(live: tuple[httpx.AsyncClient, Member]) -> None:
    client, _member = live
    database: Database = client._transport.app.state.database  # type: ignore[attr-defined]  # the transport's own
    with pytest.raises(Exception, match="cannot be set"):
        async with database.transaction() as session:
            await session.execute(text("UPDATE market_clock SET kind = 'sandbox'"))
