"""No body takes more than what it documents: nothing that we answer, and no column, can be sent back."""

from collections.abc import Iterator
from typing import Any

import httpx
from fastapi import FastAPI

from app.db.base import Base
from app.db.session import Database
from app.identity.permissions import Role
from tests.factories.identity import make_member
from tests.security.operations import UNSAFE, Operation, call, operations

ROLES = (
    Role.ENTERPRISE_USER,
    Role.ORG_LEADER,
    Role.TTO_OFFICER,
    Role.OPERATOR,
    Role.FINANCE,
    Role.AUCTIONEER,
    Role.SUPERVISOR,
)
CHUNK = 50
"""As many fields as a problem document names at most."""
POISON = ("__proto__", "constructor", "role", "is_admin", "is_verified", "tenant_id", "price", "owner")


def schemas(app: FastAPI) -> dict[str, Any]:
    """The document's components."""
    found: dict[str, Any] = app.openapi()["components"]["schemas"]
    return found


def answered_names(app: FastAPI) -> set[str]:
    """The name of every field of every component, and of every column."""
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    fields = {name for schema in schemas(app).values() for name in schema.get("properties", ())}
    return columns | fields | set(POISON)


def with_bodies(app: FastAPI) -> list[Operation]:
    """The operations that take a JSON body."""
    return [one for one in operations(app) if one.method in UNSAFE and one.schema is not None]


def reached(told: dict[str, Any], name: str, seen: set[str]) -> Iterator[str]:
    """The components that a component is made of."""
    if name in seen:
        return
    seen.add(name)
    yield name
    for part in str(told[name]).split("#/components/schemas/")[1:]:
        yield from reached(told, part.split("'")[0], seen)


def test_every_object_that_is_sent_is_closed(app: FastAPI) -> None:
    seen: set[str] = set()
    names = [part for one in with_bodies(app) for part in reached(schemas(app), one.schema or "", seen)]
    loose = [
        name
        for name in names
        if schemas(app)[name].get("type") == "object"
        and "properties" in schemas(app)[name]
        and schemas(app)[name].get("additionalProperties") is not False
    ]
    assert loose == []
    assert len(names) > 45


async def test_nothing_that_we_answer_can_be_sent_back(
    client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    async with database.transaction() as session:
        members = [await make_member(session, role) for role in ROLES]
    every, wrong = answered_names(app), {}
    for operation in with_bodies(app):
        who = operation.rule.who
        member = next(one for one in members if isinstance(who, str) or who & one.actor.permissions)
        own = (member.party_id,) if operation.path.startswith("/v1/parties/") else ()
        foreign = sorted(every - set(schemas(app)[operation.schema or ""].get("properties", ())))
        for start in range(0, len(foreign), CHUNK):
            chunk = foreign[start : start + CHUNK]
            body = {**operation.rule.body, **dict.fromkeys(chunk, "approved")}
            answer = await call(client, operation, member.headers, *own, body=body)
            named = {one["pointer"] for one in answer.json().get("errors", ())}
            if answer.status_code != 422 or named != {f"/body/{name}" for name in chunk}:
                wrong[operation.name] = (answer.status_code, answer.text[:300])
                break
    assert wrong == {}
