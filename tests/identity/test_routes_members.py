"""A party's people over HTTP."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.ids import new_id
from tests.factories.identity import Member, SignedIn, make_member, make_party, make_signed_in

PASSWORD = "correct horse battery"


def newcomer(*roles: str, **more: Any) -> dict[str, Any]:
    return {
        "login": f"{new_id()}@example.cn",
        "name": "钱某",
        "roles": list(roles or ("enterprise_user",)),
    } | more


def members_of(manager: Member | SignedIn) -> str:
    return f"/v1/parties/{manager.party_id}/members"


async def admin(database: Database, kind: PartyKind = PartyKind.PRIVATE_ENTERPRISE) -> Member:
    role = Role.ENTERPRISE_ADMIN if kind is PartyKind.PRIVATE_ENTERPRISE else Role.ORG_LEADER
    async with database.transaction() as session:
        return await make_member(session, role, kind=kind)


async def test_a_colleague_without_an_account_comes_in_by_an_invitation(
    client: httpx.AsyncClient, database: Database
) -> None:
    manager, body = await admin(database), newcomer(job="采购部")
    key = {"Idempotency-Key": f"add-{new_id()}"}
    answer = await client.post(members_of(manager), json=body, headers=manager.headers | key)
    assert answer.status_code == 201
    member, invitation = answer.json()["member"], answer.json()["invitation"]
    assert member == member | {
        "login": body["login"],
        "name": "钱某",
        "roles": ["enterprise_user"],
        "job": "采购部",
        "accepted": True,
        "has_password": False,
    }
    assert answer.headers["location"] == f"{members_of(manager)}/{member['id']}"
    replayed = await client.post(members_of(manager), json=body, headers=manager.headers | key)
    assert replayed.json() == {"member": member, "invitation": None}
    sign_in = {"login": body["login"], "password": PASSWORD}
    assert (await client.post("/v1/session", json=sign_in)).status_code == 401
    weak = await client.post(
        "/v1/invitations/acceptance", json={"invitation": invitation, "password": "short"}
    )
    assert weak.json()["code"] == "password_weak"
    taken = await client.post(
        "/v1/invitations/acceptance", json={"invitation": invitation, "password": PASSWORD}
    )
    assert taken.status_code == 204
    signed_in = await client.post("/v1/session", json=sign_in)
    client.cookies.clear()
    assert signed_in.json()["party"]["id"] == str(manager.party_id)
    listed = await client.get(members_of(manager), headers=manager.headers)
    assert [(one["login"], one["has_password"]) for one in listed.json()["data"]][1:] == [
        (body["login"], True)
    ]


@pytest.mark.parametrize("invitation", ["x" * 43, "x" * 19, "", "ü" * 43])
async def test_an_unknown_invitation_sets_no_password(client: httpx.AsyncClient, invitation: str) -> None:
    answer = await client.post(
        "/v1/invitations/acceptance", json={"invitation": invitation, "password": PASSWORD}
    )
    assert answer.status_code == (401 if invitation == "x" * 43 else 422)


async def test_an_expired_and_a_replaced_invitation_no_longer_count(
    client: httpx.AsyncClient, database: Database
) -> None:
    manager = await admin(database)
    added = (await client.post(members_of(manager), json=newcomer(), headers=manager.headers)).json()
    path = f"{members_of(manager)}/{added['member']['id']}/invitation"
    renewed = await client.post(path, headers=manager.headers)
    assert renewed.status_code == 201
    first = {"invitation": added["invitation"], "password": PASSWORD}
    assert (await client.post("/v1/invitations/acceptance", json=first)).status_code == 401
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE users SET invitation_expires_at = now() WHERE id = :id"),
            {"id": added["member"]["user_id"]},
        )
    second = {"invitation": renewed.json()["invitation"], "password": PASSWORD}
    assert (await client.post("/v1/invitations/acceptance", json=second)).json()[
        "code"
    ] == "invitation_invalid"
    third = (await client.post(path, headers=manager.headers)).json()["invitation"]
    good = {"invitation": third, "password": PASSWORD}
    assert (await client.post("/v1/invitations/acceptance", json=good)).status_code == 204
    late = await client.post(path, headers=manager.headers)
    assert (late.status_code, late.json()["code"]) == (409, "invitation_used")


async def test_somebody_who_has_an_account_decides_himself_whether_he_belongs(
    client: httpx.AsyncClient, database: Database
) -> None:
    manager = await admin(database)
    async with database.transaction() as session:
        person = await make_signed_in(session, Role.RESEARCHER, kind=PartyKind.UNIVERSITY, name="孙教授")
        other = await make_signed_in(session, Role.RESEARCHER)
    body = newcomer() | {"login": person.login}
    answer = await client.post(members_of(manager), json=body, headers=manager.headers)
    assert answer.status_code == 201
    assert answer.json()["invitation"] is None
    member = answer.json()["member"]
    assert (member["accepted"], member["name"]) == (False, person.login), "his name is not told before"
    twice = await client.post(members_of(manager), json=body, headers=manager.headers)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_member")
    acting = await client.post(
        "/v1/session/party", json={"party_id": str(manager.party_id)}, headers=person.headers
    )
    assert acting.status_code == 404
    stranger = await client.post(f"/v1/memberships/{member['id']}/acceptance", headers=other.headers)
    assert stranger.status_code == 404
    accepted = await client.post(f"/v1/memberships/{member['id']}/acceptance", headers=person.headers)
    assert (accepted.status_code, accepted.json()["accepted"]) == (200, True)
    again = await client.post(f"/v1/memberships/{member['id']}/acceptance", headers=person.headers)
    assert again.status_code == 404
    acting = await client.post(
        "/v1/session/party", json={"party_id": str(manager.party_id)}, headers=person.headers
    )
    assert (acting.status_code, acting.json()["roles"]) == (200, ["enterprise_user"])


@pytest.mark.parametrize(
    ("kind", "roles", "outcome"),
    [
        (PartyKind.PRIVATE_ENTERPRISE, ["operator"], (422, "role_unfit")),
        (PartyKind.GOVERNMENT, ["supervisor"], (403, "staff_role_reserved")),
        (PartyKind.AUCTION_HOUSE, ["auctioneer"], (403, "staff_role_reserved")),
        (PartyKind.EXCHANGE, ["enterprise_user"], (422, "role_unfit")),
        (PartyKind.EXCHANGE, ["operator", "finance"], (422, "roles_incompatible")),
        (PartyKind.PRIVATE_ENTERPRISE, [], (422, "input_invalid")),
        (PartyKind.PRIVATE_ENTERPRISE, ["owner"], (422, "input_invalid")),
    ],
)
async def test_a_manager_brings_nobody_into_a_role_that_is_not_his_to_give(
    client: httpx.AsyncClient, database: Database, kind: PartyKind, roles: list[str], outcome: tuple[int, str]
) -> None:
    manager = await admin(database, kind)
    body = newcomer() | {"roles": roles}
    answer = await client.post(members_of(manager), json=body, headers=manager.headers)
    assert (answer.status_code, answer.json()["code"]) == outcome
    async with database.transaction() as session:
        found = await session.execute(text("SELECT 1 FROM users WHERE login = :l"), {"l": body["login"]})
        assert found.first() is None


async def test_the_exchanges_manager_appoints_its_staff_and_offices_clerks(
    client: httpx.AsyncClient, database: Database
) -> None:
    leader = await admin(database, PartyKind.EXCHANGE)
    operator = newcomer("operator", region_scope="330200")
    answer = await client.post(members_of(leader), json=operator, headers=leader.headers)
    assert (answer.status_code, answer.json()["member"]["region_scope"]) == (201, "330200")
    async with database.transaction() as session:
        office = await make_party(session, kind=PartyKind.GOVERNMENT)
    path = f"/v1/parties/{office.id}/members"
    clerk = await client.post(path, json=newcomer("clerk"), headers=leader.headers)
    assert clerk.status_code == 201
    other = await client.post(path, json=newcomer("enterprise_admin"), headers=leader.headers)
    assert (other.status_code, other.json()["code"]) == (403, "staff_role_reserved")


async def test_another_partys_people_and_missing_ones_look_the_same(
    client: httpx.AsyncClient, database: Database
) -> None:
    manager, other = await admin(database), await admin(database)
    async with database.transaction() as session:
        theirs = (
            await session.execute(
                text("SELECT id FROM memberships WHERE party_id = :p"), {"p": other.party_id}
            )
        ).scalar_one()
    paths = [
        f"/v1/parties/{other.party_id}/members",
        f"/v1/parties/{new_id()}/members",
        f"/v1/parties/{other.party_id}/members/{theirs}",
        f"/v1/parties/{manager.party_id}/members/{theirs}",
        f"/v1/parties/{manager.party_id}/members/{new_id()}",
    ]
    answers = [await client.get(path, headers=manager.headers) for path in paths]
    for path in paths[2:]:
        match = {"If-Match": '"v1"'}
        answers.append(await client.patch(path, json={"job": "x"}, headers=manager.headers | match))
        answers.append(await client.delete(path, headers=manager.headers))
    answers.append(await client.post(paths[0], json=newcomer(), headers=manager.headers))
    assert {answer.status_code for answer in answers} == {404}
    assert len({str({**answer.json(), "request_id": ""}) for answer in answers}) == 1


async def member_of(database: Database, manager: Member, *roles: Role) -> SignedIn:
    async with database.transaction() as session:
        from app.identity.tables import PartyRow

        party = await session.get_one(PartyRow, manager.party_id)
        return await make_signed_in(
            session, *(roles or (Role.ENTERPRISE_USER,)), party=party, password_hash="x"
        )


async def test_changed_roles_count_from_the_next_request_on(
    client: httpx.AsyncClient, database: Database
) -> None:
    manager = await admin(database)
    colleague = await member_of(database, manager)
    path = f"{members_of(manager)}/{colleague.membership_id}"
    assert "bid" in (await client.get("/v1/session", headers=colleague.headers)).json()["permissions"]
    answer = await client.patch(
        path, json={"roles": ["researcher"], "job": "研发"}, headers=manager.headers | {"If-Match": '"v1"'}
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v2"')
    assert (answer.json()["roles"], answer.json()["job"]) == (["researcher"], "研发")
    told = (await client.get("/v1/session", headers=colleague.headers)).json()
    assert "bid" not in told["permissions"]
    stale = await client.patch(path, json={"job": None}, headers=manager.headers | {"If-Match": '"v1"'})
    assert stale.status_code == 412
    cleared = await client.patch(path, json={"job": None}, headers=manager.headers | {"If-Match": '"v2"'})
    assert (cleared.json()["job"], cleared.json()["roles"]) == (None, ["researcher"])
    assert (await client.patch(path, json={"job": "x"}, headers=manager.headers)).status_code == 428


async def test_nobody_changes_his_own_roles(client: httpx.AsyncClient, database: Database) -> None:
    manager = await admin(database)
    listed = (await client.get(members_of(manager), headers=manager.headers)).json()["data"]
    answer = await client.patch(
        f"{members_of(manager)}/{listed[0]['id']}",
        json={"roles": ["enterprise_admin", "enterprise_user"]},
        headers=manager.headers | {"If-Match": '"v1"'},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "own_roles_fixed")


async def test_whoever_is_removed_is_out_at_once_with_his_sessions_and_keys(
    client: httpx.AsyncClient, database: Database
) -> None:
    manager = await admin(database)
    async with database.transaction() as session:
        from app.identity.tables import PartyRow

        party = await session.get_one(PartyRow, manager.party_id)
        keyed = await make_member(session, Role.ENTERPRISE_USER, party=party)
    colleague = await member_of(database, manager)
    listed = (await client.get(members_of(manager), headers=manager.headers)).json()["data"]
    for one in listed:
        if one["user_id"] in (str(keyed.user_id), str(colleague.user_id)):
            gone = await client.delete(f"{members_of(manager)}/{one['id']}", headers=manager.headers)
            assert gone.status_code == 204
    for headers in (keyed.headers, colleague.headers):
        assert (await client.get("/v1/session", headers=headers)).status_code == 401
    async with database.transaction() as session:
        left = await session.execute(
            text(
                "SELECT (SELECT count(*) FROM sessions WHERE user_id = ANY(:u) AND ended_at IS NULL)"
                " + (SELECT count(*) FROM api_keys WHERE user_id = ANY(:u) AND revoked_at IS NULL)"
            ),
            {"u": [keyed.user_id, colleague.user_id]},
        )
        assert left.scalar_one() == 0
        events = await session.execute(
            text(
                "SELECT payload ->> 'user_id' FROM events"
                " WHERE kind = 'identity.membership_ended' AND parties = :p ORDER BY id"
            ),
            {"p": [manager.party_id]},
        )
        assert {UUID(row[0]) for row in events} == {keyed.user_id, colleague.user_id}
    assert len((await client.get(members_of(manager), headers=manager.headers)).json()["data"]) == 1


async def test_whoever_was_removed_can_be_invited_again_and_must_accept(
    client: httpx.AsyncClient, database: Database
) -> None:
    manager = await admin(database)
    colleague = await member_of(database, manager)
    path = f"{members_of(manager)}/{colleague.membership_id}"
    assert (await client.delete(path, headers=manager.headers)).status_code == 204
    assert (await client.delete(path, headers=manager.headers)).status_code == 404
    body = newcomer() | {"login": colleague.login}
    again = await client.post(members_of(manager), json=body, headers=manager.headers)
    assert (again.status_code, again.json()["member"]["accepted"]) == (201, False)
    assert (await client.get("/v1/session", headers=colleague.headers)).status_code == 401


async def test_everybody_may_leave_but_the_last_manager(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        manager = await make_signed_in(session, Role.ENTERPRISE_ADMIN, password_hash="x")
        from app.identity.tables import PartyRow

        party = await session.get_one(PartyRow, manager.party_id)
        user = await make_signed_in(session, Role.ENTERPRISE_USER, party=party, password_hash="x")
    last = await client.delete(f"{members_of(manager)}/{manager.membership_id}", headers=manager.headers)
    assert (last.status_code, last.json()["code"]) == (409, "last_manager")
    other = await client.delete(f"{members_of(manager)}/{manager.membership_id}", headers=user.headers)
    assert (other.status_code, other.json()["code"]) == (403, "permission_missing")
    left = await client.delete(f"{members_of(manager)}/{user.membership_id}", headers=user.headers)
    assert left.status_code == 204
    assert (await client.get("/v1/session", headers=user.headers)).status_code == 401


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"roles": None}, "/body/roles"),
        ({"roles": []}, "/body/roles"),
        ({"user_id": str(new_id())}, "/body/user_id"),
        ({"region_scope": "33"}, "/body/region_scope"),
        ({"job": "\u0000"}, "/body/job"),
    ],
)
async def test_a_malformed_change_names_the_field(
    client: httpx.AsyncClient, database: Database, change: dict[str, Any], pointer: str
) -> None:
    manager = await admin(database)
    answer = await client.patch(
        f"{members_of(manager)}/{new_id()}", json=change, headers=manager.headers | {"If-Match": '"v1"'}
    )
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
