"""A page of another origin does nothing in the name of whoever looks at it, whatever it sends."""

import httpx
import pytest
from fastapi import FastAPI

from app.db.session import Database
from app.identity.permissions import Role
from tests.factories.identity import SignedIn, make_signed_in
from tests.security.operations import UNSAFE, Operation, call, operations

WITHOUT_SESSION = {"sign_in", "accept_invitation", "put_envelope"}
"""Calls that make no use of a session: the origin alone is looked at."""


def unsafe(app: FastAPI) -> list[Operation]:
    """What changes something."""
    return [one for one in operations(app) if one.method in UNSAFE]


@pytest.fixture
async def member(database: Database) -> SignedIn:
    """Somebody who may run imports, too: an upload is looked at before its body is read."""
    async with database.transaction() as session:
        return await make_signed_in(session, Role.ENTERPRISE_USER, Role.TTO_OFFICER)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"X-CSRF-Token": None}, "csrf_token_invalid"),
        ({"X-CSRF-Token": "0" * 64}, "csrf_token_invalid"),
        ({"X-CSRF-Token": "é".encode()}, "csrf_token_invalid"),
        ({"Origin": None}, "origin_foreign"),
        ({"Origin": "http://evil.example.cn"}, "origin_foreign"),
        ({"Origin": "null"}, "origin_foreign"),
    ],
)
async def test_a_cookie_alone_changes_nothing(
    client: httpx.AsyncClient,
    app: FastAPI,
    member: SignedIn,
    changed: dict[str, str | bytes | None],
    code: str,
) -> None:
    headers = {name: value for name, value in {**member.headers, **changed}.items() if value is not None}
    wrong = {}
    for operation in unsafe(app):
        answer = await call(client, operation, headers)  # type: ignore[arg-type]  # one value is bytes on purpose
        found = (answer.status_code, answer.json()["code"] if answer.content else "")
        wanted = (403, code)
        if operation.name in WITHOUT_SESSION:
            if "Origin" in changed and found != (403, "origin_foreign"):
                wrong[operation.name] = found
        elif found != wanted:
            wrong[operation.name] = found
    assert wrong == {}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])  # fmt: skip
async def test_what_a_form_can_send_changes_nothing(
    client: httpx.AsyncClient, app: FastAPI, member: SignedIn, kind: str
) -> None:
    form = {"Cookie": member.headers["Cookie"], "Content-Type": kind, "Origin": "http://evil.example.cn"}
    for operation in unsafe(app):
        method = {"X-HTTP-Method-Override": operation.method, "If-Match": '"v1"'}
        answer = await client.post(operation.url(), content=b'{"a":1}', headers=form | method)
        assert answer.status_code in (403, 405, 422), (operation.name, answer.status_code)


async def test_reading_needs_no_token_and_answers_no_other_origin(
    client: httpx.AsyncClient, member: SignedIn
) -> None:
    answer = await client.get(
        "/v1/session", headers={"Cookie": member.headers["Cookie"], "Origin": "http://evil.example.cn"}
    )
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    preflight = await client.options(
        "/v1/demands",
        headers={"Origin": "http://evil.example.cn", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.parametrize(
    "host", ["evil.example.cn", "127.0.0.1.evil.example.cn", "testserver@evil.example.cn"]
)
async def test_another_host_is_not_answered(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/v1/time", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.headers.get("location", "")


@pytest.mark.parametrize(
    "given", ["a" * 65, "a\tb" * 4, "<script>alert(1)</script>", "..%0d%0aX: 1", "short"]
)
async def test_a_request_id_that_is_none_is_not_repeated(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/v1/time", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] != given
    kept = await client.get("/v1/time", headers={"X-Request-ID": "abc-123.DEF_4"})
    assert kept.headers["x-request-id"] == "abc-123.DEF_4"
