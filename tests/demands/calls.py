"""What tests of the demands' routes share."""

from typing import Any

import httpx

from app.db.session import Database
from app.identity.permissions import Role
from app.kit.ids import new_id
from tests.factories.identity import Member, make_member

ABSENT = "01890000-0000-7000-8000-000000000000"


async def member(database: Database, *roles: Role, **given: Any) -> Member:
    async with database.transaction() as session:
        return await make_member(session, *roles, **given)


async def call(
    client: httpx.AsyncClient, path: str, who: Member, etag: str | None = None, **body: Any
) -> httpx.Response:
    headers = {**who.headers, "Idempotency-Key": str(new_id())} | ({"If-Match": etag} if etag else {})
    return await client.post(f"/v1{path}", json=body, headers=headers)


def same_as_missing(answer: httpx.Response, missing: httpx.Response) -> None:
    told, expected = answer.json(), missing.json()
    told.pop("request_id"), expected.pop("request_id")
    assert (answer.status_code, told) == (404, expected) == (missing.status_code, expected)
