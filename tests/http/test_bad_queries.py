"""Bad queries, generated from the published document: what is malformed is named, what is odd finds nothing."""

import base64
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from tests.factories.identity import Member, make_member, make_party
from tests.factories.listings import make_published
from tests.http.shapes import ID, Operation, Shapes, is_money

NUMBERS = ("一", "1.5", "1e3", "１", "")
BAD: dict[str, Sequence[str]] = {
    "cursor": (
        "x",
        "!!!!",
        "\x00",
        "￿" * 100,
        "A" * 400,
        base64.urlsafe_b64encode(b'["000000000000",[["t","2026-01-01"],["u","x"]]]').decode(),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(b'["000000000000",[["v",1e400]]]').decode(),
    ),
    "limit": ("0", "-1", "201", str(10**30), str(-(10**30)), "NaN", *NUMBERS),
    "integer": (str(10**30), *NUMBERS),
    "boolean": ("2", "maybe", "\x00"),
    "enum": ("no_such_word", "\x00", "%", ""),
    "uuid": ("x", "\x00", ID[:-1], "０" + ID[1:], ""),
    "date": ("2026-02-30", "0000-01-01", "10000-01-01", "明天", "86400"),
    "amount": ("-1.00", "1e400", "NaN", "１２.００", "1.5", "1" + "0" * 14 + ".00"),
    "text": ("\x00", "长" * 1_001, ""),
}
ODD_TEXTS = (
    "%",
    "_",
    "\\",
    "%_\\%",
    "'; --",
    "a" + "\u0301" * 90,
    "\u202e",
    "𠀀",
    "(",
    "[",
    "*",
    ":*",
    "&",
    "0",
    "<->",
)


@pytest.fixture(scope="module")
async def member(database: Database) -> Member:
    """Somebody who may see everything, and something to see."""
    async with database.transaction() as session:
        await make_published(session)
        return await make_member(session, *Role, kind=PartyKind.UNIVERSITY)


@pytest.fixture(scope="module")
def shapes(app: FastAPI) -> Shapes:
    """The published document."""
    return Shapes(app.openapi())


def _kind(name: str, schema: dict[str, Any]) -> str | None:
    if name in ("cursor", "limit"):
        return name
    if "enum" in schema or "const" in schema:
        return "enum"
    if is_money(schema):
        return "amount"
    if schema.get("type") in ("integer", "boolean"):
        return str(schema["type"])
    if schema.get("format") in ("uuid", "date"):
        return str(schema["format"])
    return "text" if schema.get("type") == "string" and "pattern" not in schema else None


async def _ask(
    client: httpx.AsyncClient, member: Member, operation: Operation, asked: dict[str, str]
) -> httpx.Response:
    path = operation.path.replace("{id}", str(member.party_id) if "/members" in operation.path else ID)
    if operation.name == "read_calendar":
        asked = {"from_on": "2026-01-01", "to_on": "2026-02-01"} | asked
    return await client.get(path, params=asked, headers=member.headers)


async def test_every_bad_value_in_every_query_is_named(
    client: httpx.AsyncClient, member: Member, shapes: Shapes
) -> None:
    missed, sent = [], 0
    for operation in shapes.operations():
        for name, schema in operation.query if operation.method == "get" else ():
            for value in BAD[kind] if (kind := _kind(name, schema)) else ():
                answer = await _ask(client, member, operation, {name: value})
                sent += 1
                pointers = [error["pointer"] for error in answer.json().get("errors", [])]
                # Where the list's owner does not exist, that may be said before its cursor is read.
                absent = kind == "cursor" and "{id}" in operation.path and answer.status_code == 404
                if not absent and (answer.status_code != 422 or f"/query/{name}" not in pointers):
                    missed.append((operation.name, name, value[:20], answer.status_code, pointers))
    print(f"{sent} queries")
    assert missed == []
    assert sent > 500


async def test_odd_words_find_nothing_and_are_no_patterns(
    client: httpx.AsyncClient, member: Member, shapes: Shapes
) -> None:
    faults, searched = [], 0
    for operation in shapes.operations():
        names = [name for name, _ in operation.query if name == "q"]
        for word in ODD_TEXTS if names else ():
            answer = await _ask(client, member, operation, {"q": word})
            searched += 1
            if answer.status_code != 200 or answer.json()["data"]:
                # Digits do stand in names and numbers.
                faults += [(operation.name, word, answer.text[:100])] if word != "0" else []
    assert faults == []
    assert searched >= 3 * len(ODD_TEXTS)


async def test_a_percent_sign_is_found_as_itself(
    client: httpx.AsyncClient, database: Database, member: Member
) -> None:
    async with database.transaction() as session:
        await make_published(session, title="纯度 99.9% 的_粉体")
        await make_party(session, name="百分之百%公司")
    for word, count in (("99.9%", 1), ("%", 1), ("9_粉", 0), ("的_粉", 1), ("99%粉", 0)):
        answer = await client.get("/v1/achievements", params={"q": word})
        assert (word, len(answer.json()["data"])) == (word, count)
    found = await client.get("/v1/parties", params={"q": "百%"}, headers=member.headers)
    assert [party["name"] for party in found.json()["data"]] == ["百分之百%公司"]
    nothing = await client.get("/v1/parties", params={"q": "百_公司"}, headers=member.headers)
    assert nothing.json()["data"] == []
