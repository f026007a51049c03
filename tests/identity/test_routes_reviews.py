"""Parties over HTTP: being read, changed and reviewed."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus
from app.kit.ids import new_id
from tests.factories.identity import (
    make_member,
    make_party,
)
from tests.identity.test_routes_parties import registration, sign_in


async def test_another_partys_object_and_a_missing_one_look_the_same(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_ADMIN)
        other = await make_party(session)
    answers = [
        await client.get(f"/v1/parties/{party_id}", headers=member.headers)
        for party_id in (other.id, new_id())
    ]
    told = [{**answer.json(), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told[0] == told[1]
    own = await client.get(f"/v1/parties/{member.party_id}", headers=member.headers)
    assert own.status_code == 200
    assert own.headers["etag"] == '"v1"'
    assert own.json() == (await client.get("/v1/parties/me", headers=member.headers)).json()


async def test_operators_find_parties_by_state_kind_name_and_code_in_their_region(
    client: httpx.AsyncClient, database: Database
) -> None:
    mark = f"甲{new_id().hex[-8:]}"
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
        city = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE, region_scope="330200")
        here = await make_party(session, name=f"{mark}一", status=ReviewStatus.PENDING)
        there = await make_party(session, name=f"{mark}二", region_code="330206")
        approved = await make_party(session, name=f"{mark}三_%", kind=PartyKind.UNIVERSITY)

    async def found(headers: dict[str, str], **params: Any) -> list[str]:
        answer = await client.get("/v1/parties", params={"q": mark, **params}, headers=headers)
        assert answer.status_code == 200
        return [party["id"] for party in answer.json()["data"]]

    assert await found(operator.headers) == [str(approved.id), str(there.id), str(here.id)]
    assert await found(operator.headers, status="pending") == [str(here.id)]
    assert await found(operator.headers, kind="university") == [str(approved.id)]
    assert await found(operator.headers, q=here.uscc) == [str(here.id)]
    assert await found(operator.headers, q=f"{mark}三_%") == [str(approved.id)]
    assert await found(operator.headers, q=f"{mark}%") == [], "wild cards are plain characters"
    assert await found(city.headers) == [str(there.id)]
    assert (await client.get(f"/v1/parties/{there.id}", headers=city.headers)).status_code == 200
    assert (await client.get(f"/v1/parties/{here.id}", headers=city.headers)).status_code == 404


async def test_parties_are_paged_without_gap_or_repeat_and_a_cursor_belongs_to_its_filters(
    client: httpx.AsyncClient, database: Database
) -> None:
    mark = f"乙{new_id().hex[-8:]}"
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
        made = [str((await make_party(session, name=f"{mark}{n}")).id) for n in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        params = {"q": mark, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/parties", params=params, headers=operator.headers)).json()
        seen += [party["id"] for party in page["data"]]
        cursor, last = page["next_cursor"] or cursor, page["has_more"]
    assert (seen, last) == (made[::-1], False)
    for params in (
        {"q": "其他", "cursor": cursor},
        {"q": mark, "cursor": "bm90IG91cnM"},
        {"limit": 201},
        {"limit": 0},
    ):
        answer = await client.get("/v1/parties", params=params, headers=operator.headers)
        assert answer.status_code == 422


async def test_a_party_changes_what_it_says_of_itself_once_for_each_version(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    path, headers = "/v1/parties/me", member.headers
    assert (await client.patch(path, json={"name_en": "A"}, headers=headers)).status_code == 428
    first = await client.patch(path, json={"name_en": "A"}, headers=headers | {"If-Match": '"v1"'})
    assert (first.status_code, first.headers["etag"], first.json()["name_en"]) == (200, '"v2"', "A")
    stale = await client.patch(path, json={"name_en": "B"}, headers=headers | {"If-Match": '"v1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    second = await client.patch(
        path, json={"objection_procedure": "实名书面提出。"}, headers=headers | {"If-Match": '"v2"'}
    )
    assert (second.json()["name_en"], second.json()["objection_procedure"]) == ("A", "实名书面提出。")
    for field in ("name", "uscc", "status", "region_code", "kind"):
        answer = await client.patch(path, json={field: "x"}, headers=headers | {"If-Match": '"v3"'})
        assert answer.status_code == 422


async def test_an_operator_refuses_with_a_reason_and_approves_what_was_put_right(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        operator = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
    body = registration()
    party = (await client.post("/v1/parties", json=body)).json()["party"]
    applicant = await sign_in(client, body["person"]["login"])
    path = f"/v1/parties/{party['id']}/review"
    refused = await client.post(
        path,
        json={"approved": False, "reason": "名称与证书不符"},
        headers=operator.headers | {"If-Match": '"v1"'},
    )
    assert (refused.status_code, refused.json()["status"]) == (200, "refused")
    assert refused.json()["review_reason"] == "名称与证书不符"
    again = await client.post(path, json={"approved": True}, headers=operator.headers | {"If-Match": '"v2"'})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    fixed = await client.post(
        "/v1/parties/me/resubmission",
        json={"name": "杭州更名科技有限公司"},
        headers=applicant | {"If-Match": '"v2"'},
    )
    assert (fixed.status_code, fixed.json()["status"], fixed.json()["name"]) == (
        200,
        "pending",
        "杭州更名科技有限公司",
    )
    assert fixed.json()["uscc"] == body["uscc"]
    approved = await client.post(
        path, json={"approved": True}, headers=operator.headers | {"If-Match": '"v3"'}
    )
    assert (approved.status_code, approved.json()["status"], approved.json()["review_reason"]) == (
        200,
        "approved",
        None,
    )
    late = await client.post(
        "/v1/parties/me/resubmission", json={"name": "又改名"}, headers=applicant | {"If-Match": '"v4"'}
    )
    assert (late.status_code, late.json()["code"]) == (409, "illegal_transition")
    async with database.transaction() as session:
        rows = await session.execute(
            text("SELECT kind, payload ->> 'status', parties FROM events WHERE subject_id = :id ORDER BY id"),
            {"id": party["id"]},
        )
        told = [tuple(row) for row in rows]
    assert [row[:2] for row in told] == [
        ("identity.party_registered", None),
        ("identity.party_reviewed", "refused"),
        ("identity.party_resubmitted", None),
        ("identity.party_reviewed", "approved"),
    ]
    assert all(row[2] == [UUID(party["id"])] for row in told)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"uscc": "123"}, 422, "uscc_invalid"),
        ({"registration_no": "1"}, 422, "identification_unfit"),
        ({"region_code": "990000"}, 422, "region_unknown"),
        ({"name": None}, 422, "input_invalid"),
        ({"kind": "university"}, 422, "input_invalid"),
        ({"uscc": "taken"}, 409, "party_already_registered"),
    ],
)
async def test_a_correction_that_does_not_hold_changes_nothing(
    client: httpx.AsyncClient, database: Database, changes: dict[str, Any], status: int, code: str
) -> None:
    async with database.transaction() as session:
        party = await make_party(session, status=ReviewStatus.REFUSED)
        taken = await make_party(session)
        member = await make_member(session, Role.ENTERPRISE_ADMIN, party=party)
    body = {name: taken.uscc if value == "taken" else value for name, value in changes.items()}
    answer = await client.post(
        "/v1/parties/me/resubmission", json=body, headers=member.headers | {"If-Match": '"v1"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    own = (await client.get("/v1/parties/me", headers=member.headers)).json()
    assert (own["status"], own["version"], own["uscc"]) == ("refused", 1, party.uscc)


async def test_nobody_reviews_his_own_party_nor_without_reason_nor_an_old_version(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        own = await make_party(session, kind=PartyKind.EXCHANGE, status=ReviewStatus.PENDING)
        operator = await make_member(session, Role.OPERATOR, party=own)
        other = await make_party(session, status=ReviewStatus.PENDING)
        side = await make_party(session, status=ReviewStatus.PENDING)
        await session.execute(
            text(
                "INSERT INTO memberships (id, user_id, party_id, roles, ended_at)"
                " VALUES (:id, :user, :party, '{enterprise_user}', now())"
            ),
            {"id": new_id(), "user": operator.user_id, "party": side.id},
        )

    async def review(party_id: Any, version: int = 1, **body: Any) -> tuple[int, str]:
        answer = await client.post(
            f"/v1/parties/{party_id}/review",
            json=body,
            headers=operator.headers | {"If-Match": f'"v{version}"'},
        )
        return answer.status_code, answer.json().get("code", answer.json().get("status"))

    assert await review(own.id, approved=True) == (403, "review_of_own_party")
    assert await review(side.id, approved=True) == (403, "review_of_own_party")
    assert await review(other.id, approved=False) == (422, "review_reason_missing")
    assert await review(other.id, approved=False, reason="  ") == (422, "input_invalid")
    assert await review(other.id, version=2, approved=True) == (412, "stale_version")
    assert await review(new_id(), approved=True) == (404, "not_found")
    assert await review(other.id, approved=True) == (200, "approved")


async def test_an_operator_of_one_city_does_not_review_another_citys_parties(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        city = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE, region_scope="330200")
        party = await make_party(session, status=ReviewStatus.PENDING, region_code="330106")
    answer = await client.post(
        f"/v1/parties/{party.id}/review", json={"approved": True}, headers=city.headers | {"If-Match": '"v1"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
