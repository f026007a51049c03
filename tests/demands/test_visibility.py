"""Who sees what of demands and answers, and who may do what with them."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.db.session import Database
from app.demands.states import Confidentiality, DemandStatus
from app.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from app.identity.states import PartyKind
from app.kit.ids import new_id
from tests.demands.calls import ABSENT, call, member, same_as_missing
from tests.factories.demands import make_demand, make_solution, written_solution
from tests.factories.identity import make_member, make_party


async def test_an_unnamed_poster_is_nowhere_to_be_found(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        party = await make_party(session, name="不愿具名的轴承厂", region_code="330784")
        owner = await make_member(session, Role.ENTERPRISE_USER, party=party)
        row = await make_demand(
            session,
            owner,
            confidentiality=Confidentiality.ANONYMOUS_ORG,
            title="匿名套圈磨削烧伤",
            source_system="demo",
            external_id="SECRET-1",
        )
    rival = await member(database, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    answered = await call(client, f"/demands/{row.id}/solutions", rival, **written_solution())
    assert answered.status_code == 201
    views = [
        await client.get(f"/v1/demands/{row.id}"),
        await client.get(f"/v1/demands/{row.id}", headers=rival.headers),
        await client.get("/v1/demands", params={"q": "匿名套圈"}),
        await client.get("/v1/my/solutions", headers=rival.headers),
        answered,
    ]
    for view in views:
        for secret in (
            party.name,
            str(party.id),
            "330784",
            "胡晓东",
            "0579-8",
            "SECRET-1",
            str(owner.user_id),
        ):
            assert secret not in view.text
    told = views[0].json()
    assert (told["region_code"], told["poster"], told["contact"], told["own"]) == ("330700", None, None, None)
    assert told["title"] == "匿名套圈磨削烧伤"
    by_city = await client.get("/v1/demands", params={"q": "匿名套圈", "region": "330700"})
    by_county = await client.get("/v1/demands", params={"q": "匿名套圈", "region": "330784"})
    by_name = await client.get("/v1/demands", params={"q": "不愿具名"})
    assert [len(page.json()["data"]) for page in (by_city, by_county, by_name)] == [1, 0, 0]
    own = (await client.get(f"/v1/demands/{row.id}", headers=owner.headers)).json()
    assert (own["own"]["region_code"], own["poster"]["name"]) == ("330784", party.name)


async def test_a_named_poster_is_shown_to_all_and_his_contact_to_who_has_signed_in(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner = await make_member(
            session, Role.ENTERPRISE_USER, party=await make_party(session, name="具名的厂")
        )
        row = await make_demand(session, owner)
        other = await make_member(session, Role.RESEARCHER)
    visitors = await client.get(f"/v1/demands/{row.id}")
    assert visitors.json()["poster"]["name"] == "具名的厂"
    assert (visitors.json()["region_code"], visitors.json()["contact"]) == ("330784", None)
    assert "胡晓东" not in visitors.text
    signed_in = (await client.get(f"/v1/demands/{row.id}", headers=other.headers)).json()
    assert (signed_in["contact"]["name"], signed_in["own"]) == ("胡晓东", None)


async def test_rivals_see_neither_each_others_answers_nor_how_many_there_are(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(session, owner)
    before = await client.get(f"/v1/demands/{row.id}")
    rivals = [await member(database, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY) for _ in range(2)]
    answers = [
        await call(client, f"/demands/{row.id}/solutions", rival, **written_solution()) for rival in rivals
    ]
    after = await client.get(f"/v1/demands/{row.id}")
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])
    seen = await client.get(f"/v1/demands/{row.id}/solutions", headers=rivals[0].headers)
    assert [found["id"] for found in seen.json()["data"]] == [answers[0].json()["id"]]
    missing = await client.get(f"/v1/solutions/{ABSENT}", headers=rivals[0].headers)
    foreign = f"/v1/solutions/{answers[1].json()['id']}"
    same_as_missing(await client.get(foreign, headers=rivals[0].headers), missing)
    for role in (Role.OPERATOR, Role.SUPERVISOR, Role.AUDITOR, Role.CLERK, Role.ENTERPRISE_USER):
        stranger = await member(database, role)
        same_as_missing(await client.get(foreign, headers=stranger.headers), missing)
        listed = await client.get(f"/v1/demands/{row.id}/solutions", headers=stranger.headers)
        assert listed.json() == {"data": [], "next_cursor": None, "has_more": False}
    colleague = None
    async with database.transaction() as session:
        party = await session.get_one(type(await make_party(session)), owner.party_id)
        colleague = await make_member(session, Role.RESEARCHER, party=party)
    same_as_missing(await client.get(foreign, headers=colleague.headers), missing)


@pytest.mark.parametrize(
    ("step", "needed"),
    [
        ("submission", Permission.DEMAND_WRITE),
        ("confirmation", Permission.DEMAND_WRITE),
        ("return", Permission.DEMAND_REVIEW),
        ("publication", Permission.DEMAND_REVIEW),
        ("choice", Permission.DEMAND_WRITE),
        ("closure", Permission.DEMAND_WRITE),
    ],
)
async def test_other_roles_are_forbidden_and_other_parties_find_nothing(
    client: httpx.AsyncClient, database: Database, step: str, needed: Permission
) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "return": {"reason": "不全"},
        "choice": {"solution_id": ABSENT, "reason": "好"},
        "closure": {"outcome": "withdrawn", "reason": "不做了"},
    }
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(session, owner, status=DemandStatus.DRAFT)
    path = f"/demands/{row.id}/{step}"
    for role in [role for role in Role if needed not in ROLE_PERMISSIONS[role]]:
        other = await member(database, role)
        answer = await call(client, path, other, '"v1"', **bodies.get(step, {}))
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing"), role
    for role in [role for role in Role if needed in ROLE_PERMISSIONS[role]]:
        other = await member(database, role)
        missing = await call(client, f"/demands/{ABSENT}/{step}", other, '"v1"', **bodies.get(step, {}))
        same_as_missing(await call(client, path, other, '"v1"', **bodies.get(step, {})), missing)
    visitor = await client.post(f"/v1{path}", json=bodies.get(step, {}), headers={"If-Match": '"v1"'})
    assert visitor.status_code == 401
    async with database.transaction() as session:
        found = await session.execute(
            text("SELECT status, version FROM demands WHERE id = :id"), {"id": row.id}
        )
        assert tuple(found.one()) == ("draft", 1)


async def test_a_draft_is_its_own_partys_only(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        owner, clerk = (
            await make_member(session, Role.ENTERPRISE_USER),
            await make_member(session, Role.CLERK),
        )
        row = await make_demand(session, owner, clerk=clerk, status=DemandStatus.DRAFT)
    missing = await client.get(f"/v1/demands/{ABSENT}")
    same_as_missing(await client.get(f"/v1/demands/{row.id}"), missing)
    for role in Role:
        other = await member(database, role)
        same_as_missing(await client.get(f"/v1/demands/{row.id}", headers=other.headers), missing)
    for writer in (owner, clerk):
        assert (await client.get(f"/v1/demands/{row.id}", headers=writer.headers)).status_code == 200
        mine = await client.get("/v1/my/demands", headers=writer.headers)
        assert [found["id"] for found in mine.json()["data"]] == [str(row.id)]


async def test_reviewers_see_what_waits_in_their_region_and_nobody_else_does(
    client: httpx.AsyncClient, database: Database
) -> None:
    mark = new_id().hex
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(
            session, owner, status=DemandStatus.SUBMITTED, region_code="331125", title=f"{mark} 待审"
        )
    near = await member(database, Role.OPERATOR, region_scope="331100")
    far = await member(database, Role.OPERATOR, region_scope="330100")
    asked = {"status": "submitted", "region": "331125", "q": mark}
    waiting = await client.get("/v1/demands", params=asked, headers=near.headers)
    assert [found["id"] for found in waiting.json()["data"]] == [str(row.id)]
    for headers in (far.headers, owner.headers, {}):
        assert (await client.get("/v1/demands", params=asked, headers=headers)).json()["data"] == []
    refused = await call(client, f"/demands/{row.id}/publication", far, '"v1"')
    assert (refused.status_code, refused.json()["code"]) == (404, "demand_not_found")
    assert (await client.get(f"/v1/demands/{row.id}", headers=near.headers)).json()["own"] is not None


async def test_nobody_reviews_his_own_partys_demand(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR, Role.ENTERPRISE_USER)
        row = await make_demand(session, operator, status=DemandStatus.SUBMITTED)
    refused = await call(client, f"/demands/{row.id}/publication", operator, '"v1"')
    assert (refused.status_code, refused.json()["code"]) == (403, "own_demand_reviewed")


async def test_only_the_poster_shortlists_and_only_the_answerer_takes_back(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner, rival = [await make_member(session, Role.ENTERPRISE_USER) for _ in range(2)]
        provider = await make_member(session, Role.TTO_OFFICER)
        answer = await make_solution(session, await make_demand(session, owner), provider)
    missing = await call(client, f"/solutions/{ABSENT}/shortlist", rival, '"v1"')
    for path, who in (("shortlist", rival), ("withdrawal", rival), ("withdrawal", owner)):
        same_as_missing(await call(client, f"/solutions/{answer.id}/{path}", who, '"v1"'), missing)
    refused = await call(client, f"/solutions/{answer.id}/shortlist", provider, '"v1"')
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    back = await call(client, f"/solutions/{answer.id}/withdrawal", provider, '"v1"')
    assert (back.status_code, back.json()["status"]) == (200, "withdrawn")
