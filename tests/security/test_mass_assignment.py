"""No body takes more than what it documents: nothing that we answer, and no column, can be sent back."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.db.base import Base
from app.db.session import Database
from app.identity.permissions import ROLE_PERMISSIONS, Role
from tests.factories.identity import make_member
from tests.security.operations import UNSAFE, Operation, call, operations

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


def reached(app: FastAPI, name: str, seen: set[str]) -> Iterator[str]:
    """The components that a component is made of."""
    if name in seen:
        return
    seen.add(name)
    yield name
    for part in str(schemas(app)[name]).split("#/components/schemas/")[1:]:
        yield from reached(app, part.split("'")[0], seen)


def test_every_object_that_is_sent_is_closed(app: FastAPI) -> None:
    seen: set[str] = set()
    names = [part for one in with_bodies(app) for part in reached(app, one.schema or "", seen)]
    loose = [
        name
        for name in names
        if schemas(app)[name].get("type") == "object"
        and "properties" in schemas(app)[name]
        and schemas(app)[name].get("additionalProperties") is not False
    ]
    assert loose == []
    assert len(names) > 45


@pytest.mark.parametrize("role", [Role.ENTERPRISE_USER, Role.ORG_LEADER, Role.TTO_OFFICER, Role.OPERATOR, Role.FINANCE])  # fmt: skip
async def test_nothing_that_we_answer_can_be_sent_back(
    client: httpx.AsyncClient, app: FastAPI, database: Database, role: Role
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, role)
    every, wrong = answered_names(app), {}
    for operation in with_bodies(app):
        who = operation.rule.who
        if not (isinstance(who, str) or who & ROLE_PERMISSIONS[role]):
            continue
        known = set(schemas(app)[operation.schema or ""].get("properties", ()))
        foreign = sorted(every - known)
        for start in range(0, len(foreign), CHUNK):
            chunk = foreign[start : start + CHUNK]
            body = {**operation.rule.body, **dict.fromkeys(chunk, "approved")}
            own = (member.party_id,) if operation.path.startswith("/v1/parties/") else ()
            answer = await call(client, operation, member.headers, *own, body=body)
            named = {one["pointer"] for one in answer.json().get("errors", ())}
            if answer.status_code != 422 or named != {f"/body/{name}" for name in chunk}:
                wrong[operation.name] = (answer.status_code, answer.text[:300])
                break
    assert wrong == {}


def test_every_operation_with_a_body_is_tried_by_some_role(app: FastAPI) -> None:
    tried = {Role.ENTERPRISE_USER, Role.ORG_LEADER, Role.TTO_OFFICER, Role.OPERATOR, Role.FINANCE}
    granted = frozenset().union(*(ROLE_PERMISSIONS[role] for role in tried))
    untried = [
        one.name
        for one in with_bodies(app)
        if not isinstance(one.rule.who, str) and not one.rule.who & granted
    ]
    assert untried == []
