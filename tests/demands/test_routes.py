"""Demands over HTTP: the whole way, lists, repeats and bad input."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.db.session import Database
from app.demands.states import DemandStatus
from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus
from app.kit.dates import market_date
from app.kit.ids import new_id
from tests.demands.calls import ABSENT, call, member, same_as_missing
from tests.demo.test_data import DEMANDS
from tests.factories.demands import make_demand, make_solution, written_demand, written_solution
from tests.factories.identity import make_member, make_party


async def test_a_demand_goes_from_draft_to_award_and_end(
    client: httpx.AsyncClient, database: Database
) -> None:
    owner, operator = (
        await member(database, Role.ENTERPRISE_USER),
        await member(database, Role.OPERATOR, kind=PartyKind.EXCHANGE),
    )
    winner, loser = [await member(database, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY) for _ in range(2)]
    posted = await call(client, "/demands", owner, **written_demand())
    assert posted.status_code == 201, posted.text
    demand_id, path = posted.json()["id"], f"/demands/{posted.json()['id']}"
    assert posted.json()["number"].startswith("XQ-")
    assert posted.json()["budget"] == {
        "min": {"amount": "600000.00", "currency": "CNY"},
        "max": {"amount": "800000.00", "currency": "CNY"},
    }
    submitted = await call(client, f"{path}/submission", owner, posted.headers["ETag"])
    assert submitted.json()["status"] == "submitted"
    returned = await call(
        client, f"{path}/return", operator, submitted.headers["ETag"], reason="请写明节拍的测法"
    )
    assert returned.json()["own"]["review_reason"] == "请写明节拍的测法"
    changed = await client.patch(
        f"/v1{path}",
        json={"title": "节拍降到 12 s"},
        headers=owner.headers | {"If-Match": returned.headers["ETag"]},
    )
    assert (changed.json()["title"], changed.json()["current_state"]) == (
        "节拍降到 12 s",
        written_demand()["current_state"],
    )
    again = await call(client, f"{path}/submission", owner, changed.headers["ETag"])
    published = await call(client, f"{path}/publication", operator, again.headers["ETag"])
    assert published.json()["status"] == "published"

    first = await call(client, f"{path}/solutions", winner, **written_solution())
    second = await call(
        client, f"{path}/solutions", loser, **written_solution(kind="service", price_amount="680000.00")
    )
    assert (first.status_code, second.status_code) == (201, 201)
    seen = await client.get(f"/v1{path}/solutions", headers=owner.headers)
    assert [row["price"]["amount"] for row in seen.json()["data"]] == ["680000.00", "760000.00"]
    listed = await call(client, f"/solutions/{first.json()['id']}/shortlist", owner, first.headers["ETag"])
    assert listed.json()["status"] == "shortlisted"

    chosen = await call(
        client,
        f"{path}/choice",
        owner,
        published.headers["ETag"],
        solution_id=first.json()["id"],
        reason="两站一起改",
    )
    assert (chosen.json()["status"], chosen.json()["own"]["chosen_count"]) == ("deciding", 1)
    closed = await call(
        client, f"{path}/closure", owner, chosen.headers["ETag"], outcome="awarded", reason="定了"
    )
    assert (closed.json()["status"], closed.json()["outcome"]) == ("closed", "awarded")
    mine = await client.get("/v1/my/solutions", headers=winner.headers)
    assert [(row["demand_id"], row["status"], row["choice_reason"]) for row in mine.json()["data"]] == [
        (demand_id, "chosen", "两站一起改")
    ]
    theirs = await client.get("/v1/my/solutions", headers=loser.headers)
    assert [(row["status"], row["choice_reason"]) for row in theirs.json()["data"]] == [("not_chosen", None)]
    public = (await client.get(f"/v1{path}")).json()
    assert (public["outcome"], public["own"], public["contact"]) == ("awarded", None, None)


@pytest.mark.parametrize("row", DEMANDS, ids=lambda row: row["external_id"])
async def test_the_demonstrations_demands_are_taken(
    client: httpx.AsyncClient, database: Database, row: dict[str, Any]
) -> None:
    owner = await member(database, Role.ENTERPRISE_USER)
    taken = [
        "title",
        "type",
        "current_state",
        "what_was_tried",
        "indicators",
        "tech_field",
        "industry_code",
        "duration_months",
        "cooperation_modes",
        "confidentiality",
        "contact",
        "region_code",
    ]
    body = {name: row[name] for name in taken} | {
        "budget_min_amount": f"{row['budget_min_wan']}0000.00",
        "budget_max_amount": f"{row['budget_max_wan']}0000.00",
        "deadline_on": (market_date(datetime.now(UTC)) + timedelta(days=row["deadline_days"])).isoformat(),
        "source": {"system": "demo", "external_id": row["external_id"]},
    }
    posted = await call(client, "/demands", owner, **body)
    assert posted.status_code == 201, posted.text
    assert posted.json()["indicators"] == row["indicators"]
    submitted = await call(
        client, f"/demands/{posted.json()['id']}/submission", owner, posted.headers["ETag"]
    )
    assert submitted.status_code == 200, submitted.text
    repeated = await call(client, "/demands", owner, **body)
    assert (repeated.status_code, repeated.json()["code"]) == (409, "demand_source_known")
    assert repeated.json()["demand_id"] == posted.json()["id"]


async def test_a_party_that_is_not_reviewed_drafts_but_neither_answers_nor_chooses(
    client: httpx.AsyncClient, database: Database
) -> None:
    new = await member(database, Role.ENTERPRISE_USER, status=ReviewStatus.PENDING)
    assert (await call(client, "/demands", new, **written_demand())).status_code == 201
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(session, owner)
    answer = await call(client, f"/demands/{row.id}/solutions", new, **written_solution())
    choice = await call(client, f"/demands/{row.id}/choice", new, '"v1"', solution_id=ABSENT, reason="好")
    assert [(a.status_code, a.json()["code"]) for a in (answer, choice)] == [(403, "party_not_reviewed")] * 2


async def test_a_poster_does_not_answer_itself(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(session, owner)
    answer = await call(client, f"/demands/{row.id}/solutions", owner, **written_solution())
    assert (answer.status_code, answer.json()["code"]) == (403, "own_demand_answered")


async def test_a_choice_needs_a_key_and_a_version_and_a_repeat_has_one_effect(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(session, owner)
        answer = await make_solution(session, row, await make_member(session, Role.TTO_OFFICER))
    path, body = f"/v1/demands/{row.id}/choice", {"solution_id": str(answer.id), "reason": "好"}
    keyless = await client.post(path, json=body, headers=owner.headers | {"If-Match": '"v1"'})
    assert (keyless.status_code, keyless.json()["code"]) == (422, "idempotency_key_missing")
    unversioned = await call(client, f"/demands/{row.id}/choice", owner, **body)
    assert (unversioned.status_code, unversioned.json()["code"]) == (428, "if_match_missing")
    stale = await call(client, f"/demands/{row.id}/choice", owner, '"v7"', **body)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    headers = owner.headers | {"If-Match": '"v1"', "Idempotency-Key": str(new_id())}
    answers = [await client.post(path, json=body, headers=headers) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    async with database.transaction() as session:
        events = await session.scalar(
            text("SELECT count(*) FROM events WHERE kind = 'demands.solution_chosen' AND subject_id = :id"),
            {"id": answer.id},
        )
    assert events == 1


async def test_lists_filter_and_turn_pages_without_loss(
    client: httpx.AsyncClient, database: Database
) -> None:
    mark = new_id().hex
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        rows = [await make_demand(session, owner, title=f"{mark} {n}") for n in range(5)]
        await make_demand(session, owner, title=f"{mark} 面议", budget_min_minor=None, budget_max_minor=None)
        await make_demand(
            session, owner, title=f"{mark} 农业", tech_field="agriculture", region_code="331125"
        )
    asked: dict[str, Any] = {"q": mark, "tech_field": "advanced_manufacturing", "limit": 2}
    found, cursor = [], None
    while True:
        page = (await client.get("/v1/demands", params=asked | ({"cursor": cursor} if cursor else {}))).json()
        found += [row["title"] for row in page["data"]]
        cursor = page["next_cursor"]
        assert page["has_more"] is (cursor is not None)
        if cursor is None:
            break
    assert sorted(found) == sorted([row.title for row in rows] + [f"{mark} 面议"])

    async def count(**filters: str) -> int:
        answer = await client.get("/v1/demands", params={"q": mark, **filters})
        assert answer.status_code == 200, answer.text
        return len(answer.json()["data"])

    assert await count() == 7
    assert await count(region="331100") == 1
    assert await count(region="330000") == 7
    assert await count(type="challenge") == 0
    assert await count(status="published") == 7
    assert await count(status="closed") == 0
    assert await count(budget_from_amount="800000.00") == 6
    assert await count(budget_from_amount="800000.01") == 0
    assert await count(budget_to_amount="600000.00") == 6
    assert await count(budget_to_amount="599999.99") == 0
    assert await count(q=f"{mark}%") == 0
    foreign = await client.get("/v1/demands", params={"q": mark, "limit": 1})
    mixed = await client.get("/v1/demands", params={"q": "别的", "cursor": foreign.json()["next_cursor"]})
    assert (mixed.status_code, mixed.json()["code"]) == (422, "cursor_invalid")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/body/title"),
        ({"title": None}, "/body/title"),
        ({"title": "a\u0000b"}, "/body/title"),
        ({"type": "wish"}, "/body/type"),
        ({"region_code": "3307"}, "/body/region_code"),
        ({"indicators": [{"name": "节拍"}]}, "/body/indicators/0/target"),
        ({"indicators": [{"name": "节拍", "target": "12", "colour": "x"}]}, "/body/indicators/0/colour"),
        ({"indicators": [{"name": "n", "target": "t"}] * 31}, "/body/indicators"),
        ({"budget_max_amount": "80"}, "/body/budget_max_amount"),
        ({"budget_max_amount": None}, "/body/budget_max_amount"),
        ({"budget_max_amount": "599999.99"}, "/body/budget_max_amount"),
        ({"cooperation_modes": ["development", "development"]}, "/body/cooperation_modes"),
        ({"deadline_on": "2026-02-30"}, "/body/deadline_on"),
        ({"duration_months": 0}, "/body/duration_months"),
        ({"contact": {"phone": "1"}}, "/body/contact/name"),
        ({"industry_code": "XX"}, "/body/industry_code"),
        ({"source": {"system": "x"}}, "/body/source/external_id"),
        ({"status": "published"}, "/body/status"),
        ({"number": "XQ-2026-000001"}, "/body/number"),
    ],
)
async def test_a_wrong_demand_names_the_field(
    client: httpx.AsyncClient, database: Database, change: dict[str, Any], pointer: str
) -> None:
    owner = await member(database, Role.ENTERPRISE_USER)
    answer = await call(client, "/demands", owner, **written_demand(**change))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await client.get("/v1/my/demands", headers=owner.headers)).json()["data"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"price_amount": "0.00"}, "/body/price_amount"),
        ({"price_amount": "-1.00"}, "/body/price_amount"),
        ({"price_amount": 760000}, "/body/price_amount"),
        ({"kind": "transfer"}, "/body/kind"),
        ({"schedule_months": 121}, "/body/schedule_months"),
        ({"summary": " "}, "/body/summary"),
        ({"provider_party_id": ABSENT}, "/body/provider_party_id"),
    ],
)
async def test_a_wrong_answer_names_the_field(
    client: httpx.AsyncClient, database: Database, change: dict[str, Any], pointer: str
) -> None:
    async with database.transaction() as session:
        row = await make_demand(session, await make_member(session, Role.ENTERPRISE_USER))
    provider = await member(database, Role.TTO_OFFICER)
    answer = await call(client, f"/demands/{row.id}/solutions", provider, **written_solution(**change))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await client.get("/v1/my/solutions", headers=provider.headers)).json()["data"] == []


async def test_null_empties_what_may_be_empty_and_an_empty_change_changes_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        owner = await make_member(session, Role.ENTERPRISE_USER)
        row = await make_demand(session, owner, status=DemandStatus.DRAFT)
    headers = owner.headers | {"If-Match": '"v1"'}
    same = await client.patch(f"/v1/demands/{row.id}", json={}, headers=headers)
    assert (same.status_code, same.headers["ETag"]) == (200, '"v1"')
    emptied = await client.patch(
        f"/v1/demands/{row.id}",
        json={"budget_min_amount": None, "budget_max_amount": None, "contact": None, "indicators": []},
        headers=headers,
    )
    told = emptied.json()
    assert (told["budget"], told["contact"], told["indicators"], told["title"]) == (None, None, [], row.title)
    incomplete = await call(client, f"/demands/{row.id}/submission", owner, emptied.headers["ETag"])
    assert (incomplete.status_code, incomplete.json()["missing"]) == (409, ["indicators", "contact"])
    half = await client.patch(
        f"/v1/demands/{row.id}",
        json={"budget_min_amount": "1.00"},
        headers=owner.headers | {"If-Match": emptied.headers["ETag"]},
    )
    assert (half.status_code, half.json()["code"]) == (422, "budget_invalid")


async def test_only_clerks_post_for_others_and_only_in_their_region(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        party = await make_party(session, region_code="330784")
    near = await member(database, Role.CLERK, region_scope="330700")
    far = await member(database, Role.CLERK, region_scope="330100")
    enterprise = await member(database, Role.ENTERPRISE_USER)
    body = written_demand(on_behalf_of_party_id=str(party.id))
    answers = [await call(client, "/demands", who, **body) for who in (near, far, enterprise)]
    assert [(a.status_code, a.json().get("code")) for a in answers] == [
        (201, None),
        (404, "demand_owner_not_found"),
        (403, "demand_on_behalf_not_allowed"),
    ]
    assert answers[0].json()["own"]["entered_on_behalf"] is True
    nobody = await call(client, "/demands", far, **written_demand(on_behalf_of_party_id=ABSENT))
    same_as_missing(answers[1], nobody)
