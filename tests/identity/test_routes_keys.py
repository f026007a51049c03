"""API keys over HTTP."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.config import Settings
from app.db.migrate import upgrade
from app.db.session import Database
from app.identity.permissions import Permission, Role
from app.kit.ids import new_id
from app.main import create_app
from tests import servers
from tests.factories.identity import SignedIn, make_member, make_signed_in

ROLES = (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_USER)


def wanted(**changes: Any) -> dict[str, Any]:
    return {
        "name": "同步程序",
        "kind": "test",
        "scopes": ["bid", "negotiate"],
        "expires_in_days": 30,
    } | changes


async def maker(database: Database) -> SignedIn:
    async with database.transaction() as session:
        return await make_signed_in(session, *ROLES)


async def test_a_key_is_shown_once_works_within_its_scopes_and_is_stored_hashed(
    client: httpx.AsyncClient, database: Database
) -> None:
    person = await maker(database)
    answer = await client.post("/v1/api-keys", json=wanted(), headers=person.headers)
    assert answer.status_code == 201
    key, told = answer.json()["key"], answer.json()["api_key"]
    assert key.startswith("ttm_test_")
    assert told == told | {
        "name": "同步程序",
        "kind": "test",
        "prefix": key[:13],
        "scopes": ["bid", "negotiate"],
        "revoked_at": None,
        "last_used_at": None,
    }
    bearer = {"Authorization": f"Bearer {key}"}
    session_told = (await client.get("/v1/session", headers=bearer)).json()
    assert session_told["permissions"] == ["bid", "negotiate"]
    assert (await client.get("/v1/api-keys", headers=bearer)).json()["code"] == "permission_missing"
    listed = await client.get("/v1/api-keys", headers=person.headers)
    assert [one["id"] for one in listed.json()["data"]] == [told["id"]]
    assert listed.json()["data"][0]["last_used_at"] is not None
    assert key not in listed.text
    async with database.transaction() as opened:
        row = await opened.execute(text("SELECT k::text FROM api_keys k WHERE id = :id"), {"id": told["id"]})
        assert key not in row.scalar_one()


async def test_a_repeat_under_the_same_key_makes_one_key_and_does_not_show_it_again(
    client: httpx.AsyncClient, database: Database
) -> None:
    person = await maker(database)
    headers = person.headers | {"Idempotency-Key": f"make-{new_id()}"}
    first = await client.post("/v1/api-keys", json=wanted(), headers=headers)
    again = await client.post("/v1/api-keys", json=wanted(), headers=headers)
    assert (again.status_code, again.json()) == (201, first.json() | {"key": None})
    assert len((await client.get("/v1/api-keys", headers=person.headers)).json()["data"]) == 1
    async with database.transaction() as session:
        kept = await session.execute(
            text("SELECT count(*) FROM idempotency_keys WHERE body LIKE :key"),
            {"key": f"%{first.json()['key']}%"},
        )
        assert kept.scalar_one() == 0


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"scopes": ["arrival_confirm"]}, 403, "scope_too_wide"),
        ({"scopes": ["member_manage"]}, 403, "scope_too_wide"),
        ({"scopes": ["api_key_manage"]}, 403, "scope_too_wide"),
        ({"kind": "live"}, 409, "api_key_kind_unfit"),
        ({"kind": "root"}, 422, "input_invalid"),
        ({"scopes": []}, 422, "input_invalid"),
        ({"scopes": ["everything"]}, 422, "input_invalid"),
        ({"expires_in_days": 0}, 422, "input_invalid"),
        ({"expires_in_days": 366}, 422, "input_invalid"),
        ({"name": ""}, 422, "input_invalid"),
        ({"key": "ttm_test_x"}, 422, "input_invalid"),
    ],
)
async def test_a_key_that_would_be_too_wide_too_long_or_of_the_wrong_kind_is_not_made(
    client: httpx.AsyncClient, database: Database, change: dict[str, Any], status: int, code: str
) -> None:
    person = await maker(database)
    answer = await client.post("/v1/api-keys", json=wanted(**change), headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get("/v1/api-keys", headers=person.headers)).json()["data"] == []


async def test_a_key_makes_no_keys(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        member = await make_member(session, *ROLES)
    answer = await client.post("/v1/api-keys", json=wanted(), headers=member.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "session_needed")


async def test_a_revoked_key_is_dead_at_once_and_others_keys_are_out_of_reach(
    client: httpx.AsyncClient, database: Database
) -> None:
    person, other = await maker(database), await maker(database)
    made = (await client.post("/v1/api-keys", json=wanted(), headers=person.headers)).json()
    bearer, path = {"Authorization": f"Bearer {made['key']}"}, f"/v1/api-keys/{made['api_key']['id']}"
    foreign = await client.delete(path, headers=other.headers)
    missing = await client.delete(f"/v1/api-keys/{new_id()}", headers=other.headers)
    assert foreign.status_code == missing.status_code == 404
    assert {**foreign.json(), "request_id": ""} == {**missing.json(), "request_id": ""}
    assert (await client.get("/v1/session", headers=bearer)).status_code == 200
    assert (await client.delete(path, headers=person.headers)).status_code == 204
    assert (await client.delete(path, headers=person.headers)).status_code == 204
    dead = await client.get("/v1/session", headers=bearer)
    assert (dead.status_code, dead.json()["code"]) == (401, "credential_invalid")
    assert (await client.get("/v1/api-keys", headers=other.headers)).json()["data"] == []


async def test_an_expired_key_is_dead(client: httpx.AsyncClient, database: Database) -> None:
    person = await maker(database)
    made = (await client.post("/v1/api-keys", json=wanted(), headers=person.headers)).json()
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE api_keys SET expires_at = now() WHERE id = :id"), {"id": made["api_key"]["id"]}
        )
    answer = await client.get("/v1/session", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.status_code == 401


async def test_a_key_loses_what_its_maker_loses(client: httpx.AsyncClient, database: Database) -> None:
    person = await maker(database)
    made = (await client.post("/v1/api-keys", json=wanted(), headers=person.headers)).json()
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE memberships SET roles = '{enterprise_admin}' WHERE id = :id"),
            {"id": person.membership_id},
        )
    answer = await client.get("/v1/session", headers={"Authorization": f"Bearer {made['key']}"})
    assert answer.json()["permissions"] == []


async def test_beyond_fifty_keys_no_more_are_made(client: httpx.AsyncClient, database: Database) -> None:
    person = await maker(database)
    for _ in range(50):
        made = await client.post("/v1/api-keys", json=wanted(), headers=person.headers)
        assert made.status_code == 201
    answer = await client.post("/v1/api-keys", json=wanted(), headers=person.headers)
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (409, "too_many", 50)
    first = await client.get("/v1/api-keys", params={"limit": 30}, headers=person.headers)
    second = await client.get(
        "/v1/api-keys", params={"limit": 30, "cursor": first.json()["next_cursor"]}, headers=person.headers
    )
    ids = [one["id"] for page in (first, second) for one in page.json()["data"]]
    assert (len(ids), len(set(ids)), second.json()["has_more"]) == (50, 50, False)


async def test_in_a_live_market_live_keys_are_made_and_test_keys_count_for_nothing(
    settings: Settings,
) -> None:
    name = f"live_{new_id().hex}"
    url = await servers.create_database_async(name, "template1")
    import asyncio

    await asyncio.to_thread(upgrade, url, sandbox=False)
    live = settings.model_copy(update={"database_url": url})
    database = Database(live.asyncpg_url, pool_size=4)
    made = create_app(live, database=database)
    async with made.router.lifespan_context(made):
        transport = httpx.ASGITransport(app=made)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            async with database.transaction() as session:
                person = await make_signed_in(session, *ROLES)
                tester = await make_member(session, Role.ENTERPRISE_USER)
            refused = await client.post("/v1/api-keys", json=wanted(), headers=person.headers)
            assert refused.json()["code"] == "api_key_kind_unfit"
            answer = await client.post("/v1/api-keys", json=wanted(kind="live"), headers=person.headers)
            assert answer.json()["key"].startswith("ttm_live_")
            bearer = {"Authorization": f"Bearer {answer.json()['key']}"}
            assert (await client.get("/v1/session", headers=bearer)).status_code == 200
            dead = await client.get("/v1/session", headers=tester.headers)
            assert (dead.status_code, dead.json()["code"]) == (401, "credential_invalid")
            clock = await client.post(
                "/v1/sandbox/clock", json={"advance_seconds": 1}, headers=person.headers
            )
            assert clock.status_code == 404
    await database.dispose()
    await servers.drop_database_async(name)


def test_the_permissions_that_no_key_has_are_named() -> None:
    from app.identity.rules.secrets import UNKEYED

    assert {Permission.MEMBER_MANAGE, Permission.API_KEY_MANAGE} == UNKEYED
