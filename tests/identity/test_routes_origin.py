"""What a page of another origin cannot do with somebody's session."""

from typing import Any

import httpx
import pytest

from app.db.session import Database
from app.identity.permissions import Role
from app.kit.ids import new_id
from tests.identity.test_routes_session import PASSWORD, somebody


async def test_a_page_of_another_origin_cannot_sign_somebody_in(
    client: httpx.AsyncClient, database: Database, hashed: str
) -> None:
    person = await somebody(database, hashed)
    body = {"login": person.login, "password": PASSWORD}
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        answer = await client.post("/v1/session", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_foreign")
        assert "set-cookie" not in answer.headers
    silent = await client.post("/v1/session", json=body, headers={"Cookie": "jishi=whatever"})
    assert silent.json()["code"] == "origin_foreign"
    form = await client.post(
        "/v1/session",
        content=f'{{"login": "{person.login}", "password": "{PASSWORD}"}}',
        headers={"Content-Type": "text/plain"},
    )
    assert form.status_code == 422
    assert "set-cookie" not in form.headers


UNSAFE = [
    ("DELETE", "/v1/session", None),
    ("POST", "/v1/session/party", {"party_id": str(new_id())}),
    ("PUT", "/v1/session/password", {"current_password": PASSWORD, "new_password": "another horse battery"}),
    ("POST", "/v1/api-keys", {"name": "x", "kind": "test", "scopes": ["bid"], "expires_in_days": 1}),
    ("PATCH", "/v1/parties/me", {"name_en": "Stolen"}),
    ("POST", "/v1/sandbox/clock", {"advance_seconds": 1}),
    ("PUT", "/v1/calendar/2029-05-01", {"is_working": False, "source": "x"}),
    (
        "POST",
        "/v1/parties",
        {
            "kind": "foreign",
            "name": "X",
            "registration_no": "1",
            "country_code": "DEU",
            "region_code": "330000",
        },
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), UNSAFE)
async def test_an_unsafe_call_by_cookie_needs_our_own_page_and_its_token(
    client: httpx.AsyncClient, database: Database, method: str, path: str, body: Any
) -> None:
    person = await somebody(database, None, Role.ENTERPRISE_ADMIN, Role.OPERATOR)
    other = await somebody(database, None)
    good = person.headers
    bad = [
        ({k: v for k, v in good.items() if k != "X-CSRF-Token"}, "csrf_token_invalid"),
        (good | {"X-CSRF-Token": "0" * 64}, "csrf_token_invalid"),
        (good | {"X-CSRF-Token": other.headers["X-CSRF-Token"]}, "csrf_token_invalid"),
        ({k: v for k, v in good.items() if k != "Origin"}, "origin_foreign"),
        (good | {"Origin": "https://evil.example"}, "origin_foreign"),
        (good | {"Origin": "null"}, "origin_foreign"),
        (good | {"Origin": "http://testserver:8080"}, "origin_foreign"),
    ]
    for headers, code in bad:
        answer = await client.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, code), headers
    assert (await client.get("/v1/session", headers=good)).status_code == 200, "nothing has happened"


async def test_a_safe_call_by_cookie_needs_no_token(client: httpx.AsyncClient, database: Database) -> None:
    person = await somebody(database, None)
    answer = await client.get("/v1/parties/me", headers={"Cookie": f"jishi={person.token}"})
    assert answer.status_code == 200
