"""Bad input, generated from the published document: every field of every operation names what is wrong with it.

Fields that are bad in the same way are sent together; the answer must name each of them. Nothing is stored, nothing
is a fault of ours.
"""

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from tests.factories.identity import Member, make_member
from tests.http.shapes import ID, Leaf, Operation, Shapes, is_money, is_text, put

TOGETHER = 20
RAW = "\x01raw:"
"""What follows is written into the JSON as it is: numbers that Python itself would not write."""

TEXTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "NUL": lambda schema: "文\x00字",
    "lone surrogate": lambda schema: "文\ud800字",
    "too long": lambda schema: "长" * (schema.get("maxLength", 1_000_000) + 1),
    "empty": lambda schema: "",
    "number": lambda schema: 7,
    "object": lambda schema: {"$ne": "x"},
}
AMOUNTS: dict[str, Any] = {
    "negative": "-1.00",
    "signed": "+1.00",
    "exponent": "1e400",
    "raw exponent": RAW + "1e400",
    "raw NaN": RAW + "NaN",
    "raw Infinity": RAW + "-Infinity",
    "NaN": "NaN",
    "number": 1.5,
    "integer": 100,
    "true": True,
    "full width": "１２.００",
    "Arabic digits": "١٢.٠٠",
    "thousands": "1,000.00",
    "one decimal": "1.5",
    "three decimals": "1.005",
    "too many digits": "1" + "0" * 14 + ".00",
    "leading zero": "01.00",
    "new line": "1.00\n2.00",
}
DATES: dict[str, Any] = {
    "year 0": "0000-01-01",
    "year 10000": "10000-01-01",
    "no such day": "2026-02-30",
    "no such month": "2026-13-01",
    "number": 86_400,
    "words": "明天",
    "full width": "２０２６-01-01",
    "list": ["2026-01-01"],
}
TIMES: dict[str, Any] = {
    "no zone": "2026-01-01T00:00:00",
    "offset of a day": "2026-01-01T00:00:00+24:00",
    "year 0": "0000-01-01T00:00:00Z",
    "year 10000": "10000-01-01T00:00:00Z",
    "hour 25": "2026-01-01T25:00:00Z",
    "number": 1_800_000_000,
    "number in a string": "1800000000",
    "raw exponent": RAW + "1e400",
}
INTEGERS: dict[str, Any] = {
    "words": "一",
    "digits in a string": "7",
    "true": True,
    "fraction": 1.5,
    "raw exponent": RAW + "1e400",
    "raw NaN": RAW + "NaN",
    "10^30": 10**30,
    "-10^30": -(10**30),
}
BOOLEANS: dict[str, Any] = {"0": 0, "1.0": 1.0, "yes": "yes", "a string": "true", "NUL": "\x00"}
ENUMS: dict[str, Any] = {"unknown": "no such word", "upper case": "DRAFT ", "number": 1, "NUL": "\x00"}
IDS: dict[str, Any] = {"words": "no id", "number": 7, "NUL": ID + "\x00", "full width": "０" + ID[1:]}

# Odd, and yet what somebody may mean: taken or refused, but never a fault.
ODD_TEXTS = {
    "combining marks": "a" + "\u0301" * 9_999,
    "right to left": "\u202e技术\u202c",
    "zero width": "技\u200b术",
    "beyond the BMP": "𠀀𠮷🏭",
    "formula": "=cmd|' /C calc'!A0",
    "markup": "<script>alert(1)</script>{{7*7}}${7*7}",
    "quotes": "'; DROP TABLE parties; --",
    "control": "a\x1b[31m\r\nb",
}
EDGES: dict[str, Sequence[Any]] = {
    "date": ("9999-12-31", "0001-01-01", "1582-10-10"),
    "date-time": (
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "2026-06-30T23:59:60Z",
        "9999-12-31T15:59:59Z",
        # Beyond the last instant, and before the first, in UTC.
        "9999-12-31T23:59:59-08:00",
        "0001-01-01T00:00:00+08:00",
    ),
}


@pytest.fixture(scope="module")
async def member(database: Database) -> Member:
    """Somebody who may do everything."""
    async with database.transaction() as session:
        return await make_member(session, *Role, kind=PartyKind.UNIVERSITY)


@pytest.fixture(scope="module")
def shapes(app: FastAPI) -> Shapes:
    """The published document."""
    return Shapes(app.openapi())


class Sender:
    """Sends bodies to operations as the member, and says what came back."""

    def __init__(self, client: httpx.AsyncClient, member: Member, shapes: Shapes) -> None:
        self.client, self.member, self.shapes = client, member, shapes
        self.sent = 0

    def address(self, operation: Operation) -> str:
        own = str(self.member.party_id) if operation.path.endswith(("/members", "/invitation")) else ID
        on = operation.path.replace("{on}", "2026-11-02").replace("{membership_id}", ID)
        if "/members" in on:
            own = str(self.member.party_id)
        return on.replace("{id}", own)

    async def send(self, operation: Operation, body: Any) -> httpx.Response:
        self.sent += 1
        content = json.dumps(body)
        while (start := content.find(json.dumps(RAW)[:-1])) >= 0:
            end = content.index('"', start + 1)
            content = content[:start] + content[start + len(json.dumps(RAW)) - 1 : end] + content[end + 1 :]
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
            "If-Match": '"v1"',
        }
        return await self.client.request(
            operation.method,
            self.address(operation),
            content=content,
            headers=headers | self.member.headers,
        )

    async def unnamed(self, operation: Operation, bad: Sequence[tuple[Leaf, Any]]) -> list[str]:
        """Send what is bad, some at a time. Gives what the answers did not name."""
        missed: list[str] = []
        for start in range(0, len(bad), TOGETHER):
            some = bad[start : start + TOGETHER]
            body = copy.deepcopy(self.shapes.sample(operation.body or {}))
            for leaf, value in some:
                put(body, leaf.path, value)
            answer = await self.send(operation, body)
            told = answer.json()
            named = [error["pointer"] for error in told.get("errors", [])]
            if (answer.status_code, told.get("code")) != (422, "input_invalid"):
                missed.append(f"{operation.name}: {answer.status_code} {told.get('code')}")
            missed += [
                f"{operation.name} {leaf.pointer} {value!r:.40}"
                for leaf, value in some
                if not any(
                    pointer == leaf.pointer or pointer.startswith(f"{leaf.pointer}/") for pointer in named
                )
            ]
        return missed


@pytest.fixture
def sender(client: httpx.AsyncClient, member: Member, shapes: Shapes) -> Sender:
    return Sender(client, member, shapes)


async def _rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    async with database.session() as session:
        names = await session.scalars(
            text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        )
        return {
            name: (
                await session.execute(text(f'SELECT count(*) FROM "{name}"'))
            ).scalar_one()  # names of the catalogue
            for name in sorted(names)
        }


def _kind(schema: dict[str, Any]) -> str:
    if is_money(schema):
        return "amount"
    if is_text(schema):
        return "text"
    if "enum" in schema or "const" in schema:
        return "enum"
    if schema.get("type") in ("integer", "boolean"):
        return str(schema["type"])
    return {"uuid": "id", "date": "date", "date-time": "time"}.get(str(schema.get("format")), "other")


BAD: dict[str, dict[str, Any]] = {
    "text": TEXTS,
    "amount": AMOUNTS,
    "date": DATES,
    "time": TIMES,
    "integer": INTEGERS,
    "enum": ENUMS,
    "boolean": BOOLEANS,
    "id": IDS,
}


@pytest.mark.parametrize("kind", BAD)
async def test_every_bad_field_of_every_body_is_named_and_nothing_is_stored(
    kind: str, sender: Sender, shapes: Shapes, database: Database
) -> None:
    before, missed = await _rows(database), []
    for operation in shapes.operations():
        if operation.body is None:
            continue
        leaves = [leaf for leaf in shapes.leaves(operation.body) if _kind(leaf.schema) == kind]
        for value in BAD[kind].values():
            bad = [(leaf, value(leaf.schema) if callable(value) else value) for leaf in leaves]
            missed += await sender.unnamed(operation, bad)
    print(f"{kind}: {sender.sent} requests")
    assert missed == []
    assert sender.sent > 10
    assert await _rows(database) == before


async def test_odd_text_is_taken_or_refused_but_never_a_fault(sender: Sender, shapes: Shapes) -> None:
    faults = []
    for operation in shapes.operations():
        leaves = [leaf for leaf in shapes.leaves(operation.body or {}) if leaf.schema.get("type") == "string"]
        for name, value in ODD_TEXTS.items():
            body = shapes.sample(operation.body or {})
            for leaf in leaves:
                if is_text(leaf.schema) and len(value) <= leaf.schema.get("maxLength", len(value)):
                    put(body, leaf.path, value)
            if not leaves:
                continue
            answer = await sender.send(operation, body)
            if answer.status_code >= 500:
                faults.append(f"{operation.name} {name}: {answer.status_code}")
    assert faults == []


async def test_the_ends_of_the_calendar_are_taken_or_refused_but_never_a_fault(
    sender: Sender, shapes: Shapes
) -> None:
    faults = []
    for operation in shapes.operations():
        leaves = [leaf for leaf in shapes.leaves(operation.body or {}) if leaf.schema.get("format") in EDGES]
        for number in range(6):
            body = shapes.sample(operation.body or {})
            for leaf in leaves:
                values = EDGES[leaf.schema["format"]]
                put(body, leaf.path, values[number % len(values)])
            answer = await sender.send(operation, body) if leaves else None
            if answer is not None and answer.status_code >= 500:
                faults.append(f"{operation.name} {number}: {answer.status_code}")
    assert faults == []
