"""Whatever is somebody else's is answered exactly as what does not exist."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.db.session import Database
from app.identity.permissions import ROLE_PERMISSIONS, Role
from app.kit.ids import new_id
from tests.factories.identity import Member, make_member
from tests.security.authz import OPEN
from tests.security.operations import Operation, call, operations
from tests.security.world import World, make_far_staff, make_stranger

STAFF = (Role.OPERATOR, Role.FINANCE, Role.AUCTIONEER, Role.SUPERVISOR)


def kind_of(operation: Operation) -> str:
    """What the path's id names: the first word of the path."""
    return operation.path.split("/")[2]


def with_ids(app: FastAPI) -> list[Operation]:
    """The operations whose path holds an id."""
    found = [operation for operation in operations(app) if "{id}" in operation.path]
    return [operation for operation in found if operation.name not in EVERYBODYS]


def told(answer: httpx.Response) -> dict[str, Any]:
    """The whole answer but for what differs from request to request."""
    headers = {k: v for k, v in answer.headers.items() if k not in ("x-request-id", "content-length")}
    return {"status": answer.status_code, "headers": headers, **answer.json(), "request_id": ""}


async def _callers(database: Database) -> tuple[Member, dict[Role, Member]]:
    async with database.transaction() as session:
        return await make_stranger(session), {role: await make_far_staff(session, role) for role in STAFF}


def _who_asks(operation: Operation, stranger: Member, staff: dict[Role, Member]) -> dict[str, str]:
    who = operation.rule.who
    if isinstance(who, str) or not who.isdisjoint(stranger.actor.permissions):
        return stranger.headers
    return next(staff[role].headers for role in STAFF if not who.isdisjoint(ROLE_PERMISSIONS[role]))


# A key does not accept for its holder (`session_needed`); the ledger is read whole or not at all (`ledger_needs_…`).
# Who may read registrants finds none, of an offering that is not his and of one that is not.
# An envelope is taken by its pass alone, which says of itself that it is none.
BEFORE_THE_OBJECT = {
    "accept_membership": 403,
    "read_ledger_statement": 403,
    "list_registrants": 200,
    "put_envelope": 403,
}


# A notice is public from its first moment on: anybody reads it, watches it and objects to it.
EVERYBODYS = {
    "read_notice",
    "list_notice_revisions",
    "read_notice_record",
    "watch_notice",
    "unwatch_notice",
    "file_objection",
}


async def test_a_foreign_object_and_a_missing_one_give_the_same_answer(
    client: httpx.AsyncClient, app: FastAPI, database: Database, world: World
) -> None:
    stranger, staff = await _callers(database)
    wrong = {}
    for operation in with_ids(app):
        headers = _who_asks(operation, stranger, staff)
        theirs = await call(client, operation, headers, *world.ids[kind_of(operation)])
        missing = await call(client, operation, headers)
        wanted = BEFORE_THE_OBJECT.get(operation.name, 404)
        if told(theirs) != told(missing) or theirs.status_code != wanted:
            wrong[operation.name] = (theirs.status_code, theirs.text[:300], missing.text[:300])
    assert wrong == {}


async def test_a_visitor_finds_nothing_that_is_not_public(
    client: httpx.AsyncClient, app: FastAPI, world: World
) -> None:
    for operation in with_ids(app):
        if operation.rule.who == OPEN:
            theirs = await call(client, operation, {}, *world.ids[kind_of(operation)])
            assert told(theirs) == told(await call(client, operation, {})), operation.name
            assert theirs.status_code == BEFORE_THE_OBJECT.get(operation.name, 404), operation.name


async def test_ids_in_bodies_and_queries_of_foreign_and_missing_objects_give_the_same_answer(
    client: httpx.AsyncClient, app: FastAPI, database: Database, world: World
) -> None:
    stranger, _ = await _callers(database)
    named = {operation.name: operation for operation in operations(app)}
    draft, offering = world.ids["achievements"][0], world.ids["offerings"][0]
    bodies: list[tuple[str, str, Any, object]] = [
        ("create_offering", "achievement_ids", [str(draft)], [str(new_id())]),
        ("create_auction", "offering_id", str(offering), str(new_id())),
        ("act_for", "party_id", str(world.ids["parties"][0]), str(new_id())),
        ("post_achievement", "on_behalf_of", str(world.ids["parties"][0]), str(new_id())),
        ("post_demand", "on_behalf_of_party_id", str(world.ids["parties"][0]), str(new_id())),
    ]
    for name, field, theirs, missing in bodies:
        operation = named[name]
        answers = [
            told(await call(client, operation, stranger.headers, body={**operation.rule.body, field: value}))
            for value in (theirs, missing)
        ]
        assert answers[0] == answers[1], name
        assert answers[0]["status"] >= 400, name
    filters = {
        "/v1/registrations": "offering_id",
        "/v1/negotiations": "offering_id",
        "/v1/deposits": "reference_id",
        "/v1/my/offerings": "achievement_id",
        "/v1/offerings": "achievement_id",
        "/v1/auctions": "offering_id",
        "/v1/achievements": "holder",
    }
    for path, field in filters.items():
        for one in (draft, offering, *world.ids["registrations"]):
            answer = await client.get(path, params={field: str(one)}, headers=stranger.headers)
            assert answer.json()["data"] == [], (path, one)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CLERK,)])
async def test_staff_of_another_region_read_nothing_of_this_one(
    client: httpx.AsyncClient, app: FastAPI, database: Database, world: World, role: Role
) -> None:
    async with database.transaction() as session:
        far = await make_far_staff(session, role)
    for operation in with_ids(app):
        who = operation.rule.who
        if operation.method != "GET" or not (isinstance(who, str) or who & far.actor.permissions):
            continue
        if operation.name in BEFORE_THE_OBJECT or kind_of(operation) == "parties":
            continue
        answer = await call(client, operation, far.headers, *world.ids[kind_of(operation)])
        assert answer.status_code == 404, (operation.name, answer.text[:200])


async def test_nobody_but_its_people_and_staff_finds_a_party(
    client: httpx.AsyncClient, database: Database, world: World
) -> None:
    async with database.transaction() as session:
        far = await make_far_staff(session, Role.SUPERVISOR)
        stranger = await make_member(session, Role.ENTERPRISE_ADMIN)
    for member in (far, stranger):
        found = await client.get(f"/v1/parties/{world.ids['parties'][0]}", headers=member.headers)
        assert found.status_code == 404
