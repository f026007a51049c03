"""A key or a session gives what it was given for, to whom it was given, for as long as it lasts."""

from dataclasses import replace

import httpx
import pytest

from app.db.session import Database
from app.identity.errors import RegionScopeTooWide
from app.identity.permissions import Permission, Role
from app.identity.rules.members import Granter, Seat, check_may_end, check_roles
from app.identity.states import PartyKind
from app.kit.errors import Refusal
from app.kit.ids import new_id
from tests.factories.demands import written_demand
from tests.factories.identity import make_member, make_party, make_signed_in, valid_uscc
from tests.security.people import join, make_key


async def test_a_kept_answer_is_for_the_party_that_asked(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
        elsewhere = await join(session, member, (await make_party(session)).id, Role.ENTERPRISE_USER)
    key, body = {"Idempotency-Key": str(new_id())}, written_demand()
    mine = await client.post("/v1/demands", json=body, headers=member.headers | key)
    again = await client.post("/v1/demands", json=body, headers=member.headers | key)
    theirs = await client.post("/v1/demands", json=body, headers=elsewhere | key)
    assert mine.status_code == again.status_code == theirs.status_code == 201
    assert again.json() == mine.json()
    assert theirs.headers.get("idempotency-replayed") is None
    assert theirs.json()["id"] != mine.json()["id"]
    assert theirs.json()["own"]["poster"]["party_id"] != mine.json()["own"]["poster"]["party_id"]


async def test_a_kept_answer_is_not_for_a_key_that_may_not_ask(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
        narrow = await make_key(
            session, user_id=member.user_id, party_id=member.party_id, scopes=[Permission.NEGOTIATE]
        )
    key, body = {"Idempotency-Key": str(new_id())}, written_demand()
    assert (await client.post("/v1/demands", json=body, headers=member.headers | key)).status_code == 201
    answer = await client.post("/v1/demands", json=body, headers=narrow | key)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")
    # And a refusal for want of a permission is not kept: with it, the same key works.
    other = {"Idempotency-Key": str(new_id())}
    assert (await client.post("/v1/demands", json=body, headers=narrow | other)).status_code == 403
    assert (await client.post("/v1/demands", json=body, headers=member.headers | other)).status_code == 201


async def test_a_key_does_not_commit_its_holder_to_a_party_nor_take_him_out_of_one(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_signed_in(session, Role.ENTERPRISE_USER)
        manager = await make_member(session, Role.ENTERPRISE_ADMIN)
        key = await make_key(
            session, user_id=member.user_id, party_id=member.party_id, scopes=[Permission.NEGOTIATE]
        )
    invited = await client.post(
        f"/v1/parties/{manager.party_id}/members",
        json={"login": member.login, "name": "王某", "roles": ["enterprise_user"]},
        headers=manager.headers,
    )
    path = f"/v1/memberships/{invited.json()['member']['id']}/acceptance"
    refused = await client.post(path, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (403, "session_needed")
    assert (await client.post(path, headers=member.headers)).status_code == 200
    own = f"/v1/parties/{member.party_id}/members/{member.membership_id}"
    left = await client.delete(own, headers=key)
    assert (left.status_code, left.json()["code"]) == (403, "session_needed")
    assert (await client.delete(own, headers=member.headers)).status_code == 204
    assert (await client.get("/v1/session", headers=key)).status_code == 401
    assert (await client.get("/v1/session", headers=member.headers)).status_code == 401


async def test_a_key_founds_no_party_in_its_holders_name(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_signed_in(session, Role.ENTERPRISE_USER)
        key = await make_key(session, user_id=member.user_id, party_id=member.party_id)
    body = {"kind": "private_enterprise", "name": "新设公司", "uscc": valid_uscc(), "region_code": "330106"}
    refused = await client.post("/v1/parties", json=body, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (403, "session_needed")
    assert (await client.post("/v1/parties", json=body, headers=member.headers)).status_code == 201


@pytest.mark.parametrize(
    ("roles", "scope", "had", "had_scope", "code"),
    [
        # A city's manager neither makes a manager of the province nor staff without a region,
        (["org_leader"], None, [], None, "region_scope_too_wide"),
        (["operator"], None, [], None, "region_scope_too_wide"),
        (["operator"], "330100", [], None, None),
        # nor takes hold of those who serve beyond his city.
        (["operator"], "330100", ["finance"], None, "region_scope_too_wide"),
        (["operator"], "330100", ["auctioneer"], "330106", None),
    ],
)
def test_a_citys_manager_of_the_exchange_stays_within_it(
    roles: list[str], scope: str | None, had: list[str], had_scope: str | None, code: str | None
) -> None:
    exchange = new_id()
    granter = Granter(
        user_id=new_id(), party_id=exchange, party_kind=PartyKind.EXCHANGE, region_prefix="3301"
    )
    held = frozenset(Role(role) for role in had)
    seat = Seat(
        party_id=exchange, party_kind=PartyKind.EXCHANGE, user_id=new_id(), roles=held, region_scope=had_scope
    )
    wanted = frozenset(Role(role) for role in roles)
    try:
        check_roles(granter, seat, wanted, region_scope=scope)
    except Refusal as refusal:
        assert refusal.code == code
    else:
        assert code is None


def test_a_citys_manager_removes_nobody_who_serves_the_province() -> None:
    exchange = new_id()
    granter = Granter(
        user_id=new_id(), party_id=exchange, party_kind=PartyKind.EXCHANGE, region_prefix="3301"
    )
    seat = Seat(
        party_id=exchange,
        party_kind=PartyKind.EXCHANGE,
        user_id=new_id(),
        roles=frozenset({Role.OPERATOR}),
        region_scope=None,
    )
    with pytest.raises(RegionScopeTooWide):
        check_may_end(granter, seat, frozenset({Permission.MEMBER_MANAGE}))
    check_may_end(granter, replace(seat, region_scope="330106"), frozenset({Permission.MEMBER_MANAGE}))


@pytest.mark.parametrize("origin", ["null", "http://[", "http://testserver.evil.cn", "ftp://testserver", "//testserver", "http://testserver@evil.cn", "http://evil.cn#testserver", "http://testserver/", ""])  # fmt: skip
async def test_a_page_of_another_origin_changes_nothing_with_a_cookie(
    client: httpx.AsyncClient, database: Database, origin: str
) -> None:
    async with database.transaction() as session:
        member = await make_signed_in(session, Role.ENTERPRISE_USER)
    answer = await client.post(
        "/v1/demands", json=written_demand(), headers=member.headers | {"Origin": origin}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_foreign")
