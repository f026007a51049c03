"""Which role may call which of identity's routes."""

from typing import Any

import httpx
import pytest

from app.db.session import Database
from app.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from app.kit.ids import new_id
from tests.factories.identity import (
    make_member,
)

MATRIX = [
    ("GET", "/v1/parties", None, Permission.PARTY_READ),
    ("PATCH", "/v1/parties/me", {"name_en": "X"}, Permission.PARTY_EDIT),
    ("POST", "/v1/parties/me/resubmission", {}, Permission.PARTY_EDIT),
    ("POST", f"/v1/parties/{new_id()}/review", {"approved": True}, Permission.PARTY_REVIEW),
    ("GET", f"/v1/parties/{new_id()}/members", None, Permission.MEMBER_MANAGE),
    ("POST", f"/v1/parties/{new_id()}/members", {"login": "abc", "name": "x", "roles": ["researcher"]}, Permission.MEMBER_MANAGE),
    ("PATCH", f"/v1/parties/{new_id()}/members/{new_id()}", {"job": "x"}, Permission.MEMBER_MANAGE),
    ("POST", f"/v1/parties/{new_id()}/members/{new_id()}/invitation", None, Permission.MEMBER_MANAGE),
    ("GET", "/v1/api-keys", None, Permission.API_KEY_MANAGE),
    ("POST", "/v1/api-keys", {"name": "x", "kind": "test", "scopes": ["bid"], "expires_in_days": 1}, Permission.API_KEY_MANAGE),
    ("DELETE", f"/v1/api-keys/{new_id()}", None, Permission.API_KEY_MANAGE),
]  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
async def test_each_route_is_open_to_exactly_the_roles_that_have_its_permission(
    client: httpx.AsyncClient, database: Database, role: Role
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, role)
    for method, path, body, permission in MATRIX:
        answer = await client.request(method, path, json=body, headers=member.headers | {"If-Match": '"v99"'})
        refused = answer.status_code == 403 and answer.json()["code"] == "permission_missing"
        assert refused == (permission not in ROLE_PERMISSIONS[role]), (role, method, path, answer.text)
        assert answer.status_code < 500


@pytest.mark.parametrize(("method", "path", "body", "_permission"), MATRIX)
async def test_a_visitor_and_a_wrong_key_get_nowhere(
    client: httpx.AsyncClient, method: str, path: str, body: Any, _permission: Permission
) -> None:
    visitor = await client.request(method, path, json=body)
    assert (visitor.status_code, visitor.json()["code"]) == (401, "unauthenticated")
    for key in ("x", "ttm_test_" + "0" * 49, "é", ""):
        headers = {"Authorization": f"Bearer {key}".encode()}
        answer = await client.request(method, path, json=body, headers=headers)
        assert answer.status_code == 401
