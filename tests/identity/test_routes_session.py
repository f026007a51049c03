"""Signing in and out over HTTP, and what protects a session."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.session import Database
from app.identity.actions.sessions import PER_LOGIN_HERE, SESSIONS_MAX
from app.identity.passwords import Passwords
from app.identity.permissions import Role, permissions_of
from app.identity.states import PartyKind
from app.identity.tables import MembershipRow
from app.kit.ids import new_id
from app.main import create_app
from tests.factories.identity import SignedIn, make_member, make_party, make_signed_in

PASSWORD = "correct horse battery"
ORIGIN = {"Origin": "http://testserver"}


async def somebody(database: Database, hashed: str | None, *roles: Role, **given: Any) -> SignedIn:
    async with database.transaction() as session:
        return await make_signed_in(
            session, *(roles or (Role.ENTERPRISE_USER,)), password_hash=hashed, **given
        )


async def sign_in(client: httpx.AsyncClient, login: str, password: str = PASSWORD) -> httpx.Response:
    answer = await client.post("/v1/session", json={"login": login, "password": password})
    client.cookies.clear()
    return answer


async def test_signing_in_sets_a_cookie_that_scripts_cannot_read_and_tells_who_one_is(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed, Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)
    answer = await sign_in(client, person.login.upper())
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("jishi=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert told["user"] == {"id": str(person.user_id), "login": person.login, "name": "王某"}
    assert told["party"]["id"] == str(person.party_id)
    assert told["roles"] == ["enterprise_admin", "enterprise_user"]
    assert told["permissions"] == sorted(
        permissions_of(frozenset({Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN}))
    )
    assert [place["accepted"] for place in told["memberships"]] == [True]
    assert len(told["csrf_token"]) == 64
    assert PASSWORD not in answer.text
    assert "hash" not in answer.text


async def test_over_https_the_cookie_is_bound_to_this_very_host(
    settings: Any, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed)
    made = create_app(
        settings.model_copy(update={"public_url": "https://market.example.cn"}), database=database
    )
    async with made.router.lifespan_context(made):
        transport = httpx.ASGITransport(app=made)
        async with httpx.AsyncClient(transport=transport, base_url="https://testserver") as client:
            answer = await client.post("/v1/session", json={"login": person.login, "password": PASSWORD})
            cookie = answer.headers["set-cookie"]
            assert cookie.startswith("__Host-jishi=")
            assert "Secure" in cookie
            assert "Domain" not in cookie
            assert (await client.get("/v1/session")).status_code == 200
            client.cookies.clear()
            plain = await client.get("/v1/session", headers={"Cookie": f"jishi={person.token}"})
            assert plain.status_code == 401


async def test_an_unknown_login_a_wrong_password_a_closed_and_an_unset_account_answer_the_same(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    known = await somebody(database, hashed)
    closed = await somebody(database, hashed)
    unset = await somebody(database, None)
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE users SET disabled_at = now() WHERE id = :id"), {"id": closed.user_id}
        )
    answers = [
        await sign_in(client, f"{new_id()}@example.cn"),
        await sign_in(client, known.login, "not the password"),
        await sign_in(client, closed.login),
        await sign_in(client, unset.login),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4
    told = [{**answer.json(), "request_id": ""} for answer in answers]
    assert told[0]["code"] == "sign_in_refused"
    assert told[1:] == told[:1] * 3
    assert all("set-cookie" not in answer.headers for answer in answers)


async def test_somebody_who_belongs_nowhere_is_told_so_only_with_the_right_password(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed)
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE memberships SET ended_at = now() WHERE user_id = :id"), {"id": person.user_id}
        )
    assert (await sign_in(client, person.login, "not the password")).json()["code"] == "sign_in_refused"
    assert (await sign_in(client, person.login)).json()["code"] == "no_membership"
    answer = await client.get("/v1/session", headers=person.headers)
    assert answer.status_code == 401


async def test_guessing_is_paused_for_the_login_and_the_address(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed)
    for _ in range(PER_LOGIN_HERE.count):
        assert (await sign_in(client, person.login, "a wrong guess")).status_code == 401
    paused = await sign_in(client, person.login)
    assert (paused.status_code, paused.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(paused.headers["retry-after"]) <= PER_LOGIN_HERE.seconds
    other = await somebody(database, hashed)
    assert (await sign_in(client, other.login)).status_code == 200


async def test_success_forgets_earlier_mistakes(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed)
    for _ in range(3):
        for _ in range(PER_LOGIN_HERE.count - 1):
            assert (await sign_in(client, person.login, "a wrong guess")).status_code == 401
        assert (await sign_in(client, person.login)).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"login": "a", "password": "b", "admin": True}, "/body/admin"),
        ({"login": "a"}, "/body/password"),
        ({"login": "", "password": "b"}, "/body/login"),
        ({"login": "a\u0000", "password": "b"}, "/body/login"),
        ({"login": "a", "password": "b\u0000"}, "/body/password"),
        ({"login": "a", "password": "x" * 129}, "/body/password"),
        ({"login": ["a"], "password": "b"}, "/body/login"),
        ([], "/body"),
    ],
)
async def test_a_malformed_sign_in_names_the_field_and_repeats_nothing(
    client: httpx.AsyncClient, body: Any, pointer: str
) -> None:
    answer = await client.post("/v1/session", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_lone_surrogate_in_the_login_is_refused_without_a_fault(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/session",
        content=b'{"login": "\\ud800", "password": "\\udfff"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422


async def test_a_password_keeps_its_spaces(client: httpx.AsyncClient, database: Database) -> None:
    spaced = "  spaced horse battery "
    person = await somebody(database, await Passwords(memory_kib=64, passes=1).hash(spaced))
    assert (await sign_in(client, person.login, spaced)).status_code == 200
    assert (await sign_in(client, person.login, spaced.strip())).status_code == 401


async def test_a_visitor_has_no_session_and_a_wrong_cookie_makes_a_visitor(client: httpx.AsyncClient) -> None:
    for headers in ({}, {"Cookie": "jishi=unknown"}, {"Cookie": "jishi=" + "x" * 4000}, {"Cookie": "jishi="}):
        answer = await client.get("/v1/session", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_signing_out_ends_the_session_for_good(client: httpx.AsyncClient, database: Database) -> None:
    person = await somebody(database, None)
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 200
    answer = await client.request("DELETE", "/v1/session", headers=person.headers)
    assert answer.status_code == 204
    assert 'jishi=""' in answer.headers["set-cookie"]
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 401


async def test_an_expired_session_is_none(client: httpx.AsyncClient, database: Database) -> None:
    person = await somebody(database, None)
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE sessions SET expires_at = now() WHERE user_id = :id"), {"id": person.user_id}
        )
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 401


async def test_moving_the_sandboxs_clock_ends_no_session(
    client: httpx.AsyncClient, database: Database
) -> None:
    person = await somebody(database, None)
    moved = await client.post(
        "/v1/sandbox/clock", json={"advance_seconds": 3 * 86_400}, headers=person.headers
    )
    assert moved.status_code == 200
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 200


async def test_a_key_reads_who_it_is_and_has_no_pages_token(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
    answer = await client.get("/v1/session", headers=member.headers)
    assert answer.status_code == 200
    assert answer.json()["csrf_token"] is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/v1/session", None),
        ("POST", "/v1/session/party", {"party_id": str(new_id())}),
        ("PUT", "/v1/session/password", {"current_password": PASSWORD, "new_password": "another horse"}),
    ],
)
async def test_a_key_can_do_nothing_with_sessions_and_passwords(
    client: httpx.AsyncClient, database: Database, method: str, path: str, body: Any
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
    answer = await client.request(method, path, json=body, headers=member.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "session_needed")


async def test_acting_for_another_of_ones_parties_takes_a_new_session(
    client: httpx.AsyncClient, database: Database
) -> None:
    person = await somebody(database, None, Role.ENTERPRISE_USER)
    async with database.transaction() as session:
        second = await make_party(session, kind=PartyKind.UNIVERSITY)
        session.add(MembershipRow(user_id=person.user_id, party_id=second.id, roles=[str(Role.TTO_OFFICER)]))
    answer = await client.post("/v1/session/party", json={"party_id": str(second.id)}, headers=person.headers)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["party"]["id"], told["roles"]) == (str(second.id), ["tto_officer"])
    assert "bid" not in told["permissions"]
    assert {place["party_id"] for place in told["memberships"]} == {str(person.party_id), str(second.id)}
    client.cookies.clear()
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 401
    token = answer.headers["set-cookie"].split(";")[0]
    assert (await client.get("/v1/session", headers={"Cookie": token})).json()["party"]["id"] == str(
        second.id
    )


@pytest.mark.parametrize("place", ["foreign", "missing", "ended", "invited"])
async def test_one_acts_only_for_parties_to_which_one_belongs(
    client: httpx.AsyncClient, database: Database, place: str
) -> None:
    person = await somebody(database, None)
    async with database.transaction() as session:
        party = await make_party(session)
        if place in ("ended", "invited"):
            row = MembershipRow(user_id=person.user_id, party_id=party.id, roles=["enterprise_user"])
            session.add(row)
            await session.flush()
            column = {"ended": "ended_at = now()", "invited": "accepted_at = NULL"}[place]
            await session.execute(text(f"UPDATE memberships SET {column} WHERE id = :id"), {"id": row.id})
    wanted = new_id() if place == "missing" else party.id
    answer = await client.post("/v1/session/party", json={"party_id": str(wanted)}, headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 200


async def test_a_new_password_ends_the_other_sessions_and_counts_from_then_on(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed)
    elsewhere = (await sign_in(client, person.login)).headers["set-cookie"].split(";")[0]
    body = {"current_password": PASSWORD, "new_password": "another horse battery"}
    answer = await client.put("/v1/session/password", json=body, headers=person.headers)
    assert answer.status_code == 204
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 200
    assert (await client.get("/v1/session", headers={"Cookie": elsewhere})).status_code == 401
    assert (await sign_in(client, person.login)).status_code == 401
    assert (await sign_in(client, person.login, "another horse battery")).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "outcome"),
    [
        ("not the password", "another horse battery", (403, "password_wrong", "/body/current_password")),
        (PASSWORD, "short", (422, "password_weak", "/body/new_password")),
    ],
)
async def test_a_password_is_not_changed_by_a_wrong_one_nor_to_a_weak_one(
    client: httpx.AsyncClient,
    database: Database,
    hashed: str,
    *,
    current: str,
    new: str,
    outcome: tuple[int, str, str],
) -> None:
    person = await somebody(database, hashed)
    answer = await client.put(
        "/v1/session/password",
        json={"current_password": current, "new_password": new},
        headers=person.headers,
    )
    told = answer.json()
    assert (answer.status_code, told["code"], told["errors"][0]["pointer"]) == outcome
    assert (await sign_in(client, person.login)).status_code == 200


async def test_beyond_twenty_sessions_the_oldest_ends(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed)
    for _ in range(SESSIONS_MAX):
        assert (await client.get("/v1/session", headers=person.headers)).status_code == 200
        await sign_in(client, person.login)
    assert (await client.get("/v1/session", headers=person.headers)).status_code == 401


async def test_only_the_hash_of_a_session_is_stored(database: Database) -> None:
    person = await somebody(database, None)
    async with database.transaction() as session:
        rows = await session.execute(
            text("SELECT s::text FROM sessions s WHERE user_id = :id"), {"id": person.user_id}
        )
        assert all(person.token not in row[0] for row in rows)


async def test_a_session_and_a_key_of_somebody_whose_account_is_closed_are_none(
    client: httpx.AsyncClient, database: Database, app: FastAPI
) -> None:
    person = await somebody(database, None)
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
        await session.execute(
            text("UPDATE users SET disabled_at = now() WHERE id = ANY(:ids)"),
            {"ids": [person.user_id, member.user_id]},
        )
    for headers in (person.headers, member.headers):
        assert (await client.get("/v1/session", headers=headers)).status_code == 401
