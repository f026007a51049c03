"""The operations of the published document, and calls to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from app.kit.ids import new_id
from tests.security.authz import RULES, Rule

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
DAY = "2027-01-01"
QUERIES = {
    "read_calendar": {"from_on": DAY, "to_on": DAY},
    "read_receipt": {"seq": 1},
    "start_import": {"format": "csv", "source": "tests"},
    "keep_file": {"file_class": "internal", "name": "报告.pdf"},
}

UPLOADED = {"start_import": b"title\n", "keep_file": b"%PDF-1.7 kept"}
"""Operations whose body is a file."""


@dataclass(frozen=True)
class Operation:
    """One operation: what it is called, where it is, what the document says of it, who may call it."""

    name: str
    method: str
    path: str
    told: dict[str, Any]

    @property
    def rule(self) -> Rule:
        """Who may call it, and with what."""
        return RULES[self.name]

    @property
    def open(self) -> bool:
        """Whether the document lets visitors in."""
        return {} in self.told.get("security", [{}])

    @property
    def schema(self) -> str | None:
        """The component that describes its JSON body."""
        content = self.told.get("requestBody", {}).get("content", {}).get("application/json", {})
        found: str | None = content.get("schema", {}).get("$ref")
        return found.rsplit("/", 1)[-1] if found else None

    def url(self, *ids: object) -> str:
        """The path with these ids in the places of its parameters; fresh ones where none are left."""
        given = iter(ids)
        named = self.path.replace("{on}", DAY)
        return re.sub(r"\{\w+\}", lambda _: str(next(given, new_id())), named)


def operations(app: FastAPI) -> Iterator[Operation]:
    """All of them."""
    for path, methods in app.openapi()["paths"].items():
        for method, told in methods.items():
            if method.upper() in {"GET", *UNSAFE}:
                yield Operation(told["operationId"], method.upper(), path, told)


async def call(
    client: httpx.AsyncClient,
    operation: Operation,
    headers: dict[str, str],
    *ids: UUID | str,
    body: Any = None,
) -> httpx.Response:
    """Call an operation as it wants to be called: a body of its form, a key, a version."""
    named = {"If-Match": '"v1"', "Idempotency-Key": str(new_id())} if operation.method in UNSAFE else {}
    url, params = operation.url(*ids), QUERIES.get(operation.name)
    if operation.name in UPLOADED:
        named |= {"Content-Type": "application/octet-stream"}
        return await client.post(
            url, params=params, content=UPLOADED[operation.name], headers=named | headers
        )
    if operation.name == "put_envelope":
        named |= {"Envelope-Pass": "0" * 112}
    sent = operation.rule.body if body is None else body
    return await client.request(operation.method, url, params=params, json=sent, headers=named | headers)
