"""Each role, and a visitor, at each operation: what the table says, and nothing else."""

import httpx
import pytest
from fastapi import FastAPI

from app.db.session import Database
from app.identity.permissions import ROLE_PERMISSIONS, Role
from tests.factories.identity import make_member
from tests.security.authz import OPEN, RULES, SIGNED
from tests.security.operations import Operation, call, operations
from tests.security.people import make_key

ENDLESS = {"organisation_stream"}
"""Answers that do not end; their own tests listen to them over a socket."""


def allowed(operation: Operation, role: Role) -> bool:
    """Whether a role may call an operation, by the table."""
    who = operation.rule.who
    return isinstance(who, str) or not who.isdisjoint(ROLE_PERMISSIONS[role])


def test_every_operation_has_its_rule_and_every_rule_its_operation(app: FastAPI) -> None:
    assert {operation.name for operation in operations(app)} == set(RULES)


def test_the_document_says_of_each_operation_whether_visitors_may_call_it(app: FastAPI) -> None:
    told = {operation.name: operation.open for operation in operations(app)}
    assert told == {name: rule.who == OPEN for name, rule in RULES.items()}


async def test_a_visitor_gets_nothing_that_is_not_open(client: httpx.AsyncClient, app: FastAPI) -> None:
    wrong = {}
    for operation in operations(app):
        for headers in ({}, {"Authorization": "Bearer ttm_test_" + "0" * 49}, {"Cookie": "jishi=x"}):
            answer = await call(client, operation, headers)
            code = answer.json().get("code", "") if answer.status_code >= 400 else ""
            if operation.rule.who == OPEN:
                right = answer.status_code < 500 and code not in ("unauthenticated", "permission_missing")
                # A credential that is shown must be good, or the call is refused rather than served as a visitor's.
                right = right or ("Authorization" in headers and code == "credential_invalid")
            else:
                right = answer.status_code == 401
            if not right:
                wrong[operation.name, *headers] = (answer.status_code, code)
    assert wrong == {}


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_gets_what_its_permissions_give_and_is_refused_the_rest(
    client: httpx.AsyncClient, app: FastAPI, database: Database, role: Role
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, role)
    wrong = {}
    for operation in operations(app):
        if operation.name in ENDLESS:
            continue
        answer = await call(client, operation, member.headers)
        code = answer.json().get("code", "") if answer.status_code >= 400 else ""
        refused = (answer.status_code, code) == (403, "permission_missing")
        if refused == allowed(operation, role) or answer.status_code >= 500 or code == "unauthenticated":
            wrong[operation.name] = (answer.status_code, code)
    assert wrong == {}


async def test_a_key_without_scopes_may_do_nothing_that_needs_a_permission(
    client: httpx.AsyncClient, app: FastAPI, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, *(role for role in Role if role is not Role.AUDITOR))
        key = await make_key(session, user_id=member.user_id, party_id=member.party_id, scopes=())
    for operation in operations(app):
        if operation.rule.who not in (OPEN, SIGNED):
            answer = await call(client, operation, key)
            assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing"), operation.name
