"""Achievements over HTTP: the way to the public list, who sees what, filters and pages."""

import httpx
import pytest

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.ids import new_id
from tests.factories.identity import Member, make_member, make_party
from tests.factories.listings import (
    CONTACT,
    description,
    make_draft,
    make_officer,
    make_operator,
    make_published,
)


async def _people(database: Database) -> tuple[Member, Member, Member]:
    async with database.transaction() as session:
        return (
            await make_officer(session),
            await make_operator(session),
            await make_member(session, Role.ENTERPRISE_USER),
        )


async def _step(
    client: httpx.AsyncClient, member: Member, told: httpx.Response, verb: str, **body: str
) -> httpx.Response:
    """The next verb on the achievement of an answer, with its ETag."""
    return await client.post(
        f"/v1/achievements/{told.json()['id']}/{verb}",
        json=body or None,
        headers=member.headers | {"If-Match": told.headers["etag"]},
    )


async def test_an_achievement_goes_from_draft_to_the_public_list(
    client: httpx.AsyncClient, database: Database
) -> None:
    officer, operator, stranger = await _people(database)
    told = await client.post("/v1/achievements", json=description(), headers=officer.headers)
    assert (told.status_code, told.json()["status"], told.headers["etag"]) == (201, "draft", '"v1"')
    path = told.headers["location"]
    assert (await client.get(path)).status_code == 404
    assert (await client.get(path, headers=stranger.headers)).status_code == 404
    assert (await client.get(path, headers=operator.headers)).status_code == 404

    told = await _step(client, officer, told, "submission")
    assert told.json()["status"] == "submitted"
    told = await _step(client, operator, told, "return", reason="请写明应用单位。")
    assert told.json()["private"]["return_reason"] == "请写明应用单位。"
    told = await client.patch(
        path,
        json={"application_scope": "光模块"},
        headers=officer.headers | {"If-Match": told.headers["etag"]},
    )
    assert (told.status_code, told.json()["application_scope"]) == (200, "光模块")
    for member, verb in ((officer, "submission"), (operator, "registration"), (operator, "publication")):
        told = await _step(client, member, told, verb)
        assert told.status_code == 200
    assert told.json()["status"] == "published"

    public = (await client.get(path)).json()
    assert public["private"] is None
    assert public["contact"] == {"name": "何*", "phone": "057*-******10", "email": "h***@zdlg.example.cn"}
    assert CONTACT["phone"] not in str(public)
    own = (await client.get(path, headers=officer.headers)).json()
    assert own["private"]["contact"] == CONTACT
    assert [share["share_bp"] for share in own["private"]["ownership_shares"]] == [10_000]
    assert own["price_min"] == {"amount": "800000.00", "currency": "CNY"}

    told = await _step(client, officer, told, "withdrawal", reason="专利转让他人")
    assert told.json()["status"] == "withdrawn"
    assert (await client.get(path)).status_code == 404


async def test_a_secret_achievement_is_never_published(client: httpx.AsyncClient, database: Database) -> None:
    officer, operator, _ = await _people(database)
    sent = description(secrecy_level="internal", title="内部成果" + new_id().hex)
    told = await client.post("/v1/achievements", json=sent, headers=officer.headers)
    told = await _step(client, officer, told, "submission")
    told = await _step(client, operator, told, "registration")
    refused = await _step(client, operator, told, "publication")
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["source"]) == (
        "secret_not_published",
        "促进科技成果转化法 art. 11",
    )
    listed = await client.get("/v1/achievements", params={"q": sent["title"]})
    assert listed.json()["data"] == []


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        (
            {"ip_rights": [{"type": "invention", "name": "x", "application_no": "202110123456.9"}]},
            "/body/ip_rights/0/application_no",
            "patent_number_invalid",
        ),
        ({"price_form": "negotiable"}, "/body/price_min", "price_form_inconsistent"),
        ({"price_min": "１００.00"}, "/body/price_min", "string_pattern_mismatch"),
        ({"title": "甲\x00乙"}, "/body/title", "value_error"),
        ({"status": "published"}, "/body/status", "extra_forbidden"),
        (
            {"research_begins_on": "2024-02-01", "research_ends_on": "2024-01-01"},
            "/body/research_ends_on",
            "dates_out_of_order",
        ),
        (
            {"ownership_shares": [{"holder_name": "甲", "share_bp": 9_999}]},
            "/body/ownership_shares",
            "shares_inconsistent",
        ),
        ({"on_behalf_of": str(new_id())}, "/body/on_behalf_of", "behalf_not_allowed"),
    ],
)
async def test_what_does_not_fit_is_refused_with_its_field_and_stored_nowhere(
    client: httpx.AsyncClient, database: Database, changed: dict[str, object], pointer: str, code: str
) -> None:
    officer, _, _ = await _people(database)
    told = await client.post("/v1/achievements", json=description(**changed), headers=officer.headers)
    assert told.status_code in (403, 422)
    assert [(error["pointer"], error["code"]) for error in told.json()["errors"]] == [(pointer, code)]
    mine = await client.get("/v1/my/achievements", headers=officer.headers)
    assert mine.json()["data"] == []


async def test_a_change_needs_the_version_that_was_read(
    client: httpx.AsyncClient, database: Database
) -> None:
    officer, _, _ = await _people(database)
    told = await client.post("/v1/achievements", json=description(), headers=officer.headers)
    path = told.headers["location"]
    assert (await client.patch(path, json={"title": "新"}, headers=officer.headers)).status_code == 428
    first = officer.headers | {"If-Match": told.headers["etag"]}
    changed = await client.patch(path, json={"title": "新"}, headers=first)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"v2"')
    stale = await client.patch(path, json={"title": "旧"}, headers=first)
    assert (stale.status_code, stale.json()["version_now"]) == (412, 2)
    emptied = await client.patch(path, json={"title": None}, headers=officer.headers | {"If-Match": '"v2"'})
    assert (emptied.status_code, emptied.json()["errors"][0]["pointer"]) == (422, "/body/title")


async def test_a_change_of_rights_alone_is_a_new_version(
    client: httpx.AsyncClient, database: Database
) -> None:
    officer, _, _ = await _people(database)
    told = await client.post("/v1/achievements", json=description(), headers=officer.headers)
    changed = await client.patch(
        told.headers["location"],
        json={"ip_rights": [{"type": "know_how", "name": "造粒工艺"}]},
        headers=officer.headers | {"If-Match": told.headers["etag"]},
    )
    assert [right["name"] for right in changed.json()["ip_rights"]] == ["造粒工艺"]
    assert changed.headers["etag"] == '"v2"'


async def test_the_public_list_filters_and_pages(client: httpx.AsyncClient, database: Database) -> None:
    mark = new_id().hex
    async with database.transaction() as session:
        officer, operator = await make_officer(session), await make_operator(session)
        ids = [
            str((await make_published(session, officer, operator, title=f"{mark} 第{n}号", **changed)).id)
            for n, changed in enumerate(
                (
                    {"price_min": "100000.00", "price_max": "200000.00", "trl": {"level": 3}},
                    {"price_min": "300000.00", "price_max": "400000.00", "tech_field": "nuclear"},
                    {
                        "price_form": "negotiable",
                        "price_min": None,
                        "price_max": None,
                        "region_code": "330212",
                    },
                )
            )
        ]
        await make_draft(session, officer, title=f"{mark} 草稿")

    async def found(**params: object) -> list[str]:
        told = await client.get("/v1/achievements", params={"holder": str(officer.party_id), **params})
        assert told.status_code == 200, told.text
        return [row["id"] for row in told.json()["data"]]

    assert await found() == ids[::-1]
    assert await found(q=mark) == ids[::-1]
    assert await found(q=f"{mark} 第1号") == [ids[1]]
    assert await found(q="100%_没有的词") == []
    assert await found(tech_field="nuclear") == [ids[1]]
    assert await found(trl_lte=3) == [ids[0]]
    assert await found(trl_gte=4) == [ids[2], ids[1]]
    assert await found(region="330200") == [ids[2]]
    assert await found(price_lte="250000.00") == [ids[0]]
    assert await found(price_gte="200000.00") == [ids[1], ids[0]]
    assert await found(price_gte="200000.01", price_lte="299999.99") == []
    assert await found(cooperation_mode="transfer") == ids[::-1]
    assert await found(cooperation_mode="equity") == []

    first = (await client.get("/v1/achievements", params={"q": mark, "limit": 2})).json()
    assert (first["has_more"], [row["id"] for row in first["data"]]) == (True, [ids[2], ids[1]])
    rest = (
        await client.get("/v1/achievements", params={"q": mark, "limit": 2, "cursor": first["next_cursor"]})
    ).json()
    assert (rest["has_more"], rest["next_cursor"], [row["id"] for row in rest["data"]]) == (
        False,
        None,
        [ids[0]],
    )
    other = await client.get(
        "/v1/achievements", params={"q": "x", "limit": 2, "cursor": first["next_cursor"]}
    )
    assert (other.status_code, other.json()["code"]) == (422, "cursor_invalid")


async def test_reviewers_see_their_region_and_only_what_was_submitted(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        officer = await make_officer(session)
        near, far = await make_operator(session, "330100"), await make_operator(session, "330200")
    told = await client.post("/v1/achievements", json=description(), headers=officer.headers)
    told = await _step(client, officer, told, "submission")

    async def listed(member: Member) -> list[str]:
        answer = await client.get("/v1/review/achievements", params={"limit": 200}, headers=member.headers)
        return [row["id"] for row in answer.json()["data"]]

    assert told.json()["id"] in await listed(near)
    assert told.json()["id"] not in await listed(far)
    assert (await _step(client, far, told, "registration")).status_code == 404
    assert (await client.get("/v1/review/achievements", headers=officer.headers)).status_code == 403
    assert (await _step(client, near, told, "registration")).status_code == 200


async def test_what_a_clerk_types_in_waits_for_its_owner(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        factory = await make_party(session, region_code="330106")
        owner = await make_member(session, Role.ENTERPRISE_USER, party=factory)
        clerk = await make_member(session, Role.CLERK, kind=PartyKind.GOVERNMENT, region_scope="330100")
        elsewhere = await make_member(session, Role.CLERK, kind=PartyKind.GOVERNMENT, region_scope="330200")
    sent = description(on_behalf_of=str(factory.id))
    assert (await client.post("/v1/achievements", json=sent, headers=elsewhere.headers)).status_code == 403
    told = await client.post("/v1/achievements", json=sent, headers=clerk.headers)
    assert told.status_code == 201
    assert told.json()["holder"] == {"party_id": str(factory.id), "name": factory.name}
    assert told.json()["private"]["entered_on_behalf_of"] == str(factory.id)
    early = await _step(client, clerk, told, "submission")
    assert (early.status_code, early.json()["code"]) == (409, "owner_confirmation_missing")
    assert (await _step(client, clerk, told, "owner-confirmation")).status_code == 403
    told = await _step(client, owner, told, "owner-confirmation")
    assert told.json()["private"]["owner_confirmed_at"] is not None
    again = await _step(client, owner, told, "owner-confirmation")
    assert (again.status_code, again.json()["code"]) == (409, "owner_confirmation_not_needed")
    changed = await client.patch(
        f"/v1/achievements/{told.json()['id']}",
        json={"title": "改过的题目"},
        headers=clerk.headers | {"If-Match": told.headers["etag"]},
    )
    assert changed.json()["private"]["owner_confirmed_at"] is None
    told = await _step(client, owner, changed, "owner-confirmation")
    assert (await _step(client, clerk, told, "submission")).json()["status"] == "submitted"


async def test_a_repeated_key_posts_once(client: httpx.AsyncClient, database: Database) -> None:
    officer, _, _ = await _people(database)
    headers = officer.headers | {"Idempotency-Key": str(new_id())}
    first = await client.post("/v1/achievements", json=description(), headers=headers)
    second = await client.post("/v1/achievements", json=description(), headers=headers)
    assert first.json() == second.json()
    mine = await client.get("/v1/my/achievements", headers=officer.headers)
    assert len(mine.json()["data"]) == 1
