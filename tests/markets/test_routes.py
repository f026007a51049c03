"""Offerings over HTTP: from the draft to the market, who sees what, and what is refused."""

from typing import Any

import httpx
import pytest

from app.db.clock import Clock
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus
from app.kit.ids import new_id
from app.markets import actions
from app.markets.award import AwardRule
from tests.factories.identity import Member, make_member
from tests.factories.markets import (
    Market,
    make_buyer,
    make_listed,
    make_market,
    make_offering,
    make_qualified,
    negotiated,
    terms,
)


async def post(
    client: httpx.AsyncClient,
    who: Member | None,
    place: str,
    seen: httpx.Response | None = None,
    /,
    **body: Any,
) -> httpx.Response:
    """A call with an idempotency key, and the ETag of what was seen."""
    headers = {"Idempotency-Key": str(new_id())} | (who.headers if who else {})
    if seen is not None:
        headers["If-Match"] = seen.headers["etag"]
    return await client.post(place, json=body or None, headers=headers)


async def market_of(database: Database, kind: PartyKind = PartyKind.PRIVATE_ENTERPRISE) -> Market:
    async with database.transaction() as session:
        return await make_market(session, kind)


async def buyer_of(database: Database, status: ReviewStatus = ReviewStatus.APPROVED) -> Member:
    async with database.transaction() as session:
        return await make_buyer(session, status)


async def test_a_listed_offering_goes_from_draft_to_the_market(
    client: httpx.AsyncClient, database: Database
) -> None:
    market = await market_of(database, PartyKind.UNIVERSITY)
    told = await post(client, market.seller, "/v1/offerings", **terms(market.achievement_id))
    assert (told.status_code, told.json()["status"]) == (201, "draft")
    path = told.headers["location"]
    assert told.json()["subjects"][0]["title"] == "球形氮化硼导热垫片"

    told = await post(client, market.seller, f"{path}/submission", told)
    assert (told.status_code, told.json()["profile_code"]) == (200, "UNI_ZJ")
    told = await post(client, market.operator, f"{path}/review", told, approved=True, reason="材料齐全")
    assert told.json()["status"] == "approved"
    told = await post(client, market.operator, f"{path}/publication", told)
    body = told.json()
    assert (body["status"], body["ask"], body["deposit"]["amount"]) == (
        "open",
        {"amount": "800000.00", "currency": "CNY"},
        "80000.00",
    )
    assert body["listing"]["ends_at"] == body["registration_ends_at"] == body["deposit_due_at"]
    assert body["listing"]["ends_at"].endswith("T09:00:00.000000Z")

    public = (await client.get(path)).json()
    assert public["private"] is None
    assert public["awards_count"] is None
    listed = (await client.get("/v1/offerings", params={"achievement_id": str(market.achievement_id)})).json()
    assert [one["id"] for one in listed["data"]] == [body["id"]]


async def test_a_draft_is_there_for_its_seller_and_for_reviewers_of_its_region_alone(
    client: httpx.AsyncClient, database: Database
) -> None:
    market = await market_of(database)
    async with database.transaction() as session:
        row = await make_offering(session, market)
        elsewhere = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE, region_scope="330300")
        stranger = await make_buyer(session)
    path = f"/v1/offerings/{row.id}"
    assert (await client.get(path)).status_code == 404
    assert (await client.get(path, headers=stranger.headers)).status_code == 404
    assert (await client.get(path, headers=elsewhere.headers)).status_code == 404
    seen = await client.get(path, headers=market.seller.headers)
    assert seen.json()["private"]["secrecy"]["reviewer"] == "何敏"
    assert (await client.get(path, headers=market.operator.headers)).status_code == 200
    changed = await client.patch(
        path, json={"title": "别人的"}, headers=stranger.headers | {"If-Match": seen.headers["etag"]}
    )
    assert changed.status_code == 404
    mine = (await client.get("/v1/my/offerings", headers=market.seller.headers)).json()
    assert [one["id"] for one in mine["data"]] == [str(row.id)]
    drafts = await client.get(
        "/v1/offerings", params={"status": "draft", "seller_party_id": str(market.seller.party_id)}
    )
    assert drafts.json()["data"] == []


async def test_what_was_not_seen_is_not_changed(client: httpx.AsyncClient, database: Database) -> None:
    market = await market_of(database)
    told = await post(client, market.seller, "/v1/offerings", **terms(market.achievement_id))
    path, headers = told.headers["location"], market.seller.headers
    missing = await client.patch(path, json={"title": "新名"}, headers=headers)
    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_missing")
    first = await client.patch(
        path, json={"title": "新名"}, headers=headers | {"If-Match": told.headers["etag"]}
    )
    assert (first.status_code, first.json()["title"]) == (200, "新名")
    stale = await client.patch(
        path, json={"title": "旧名"}, headers=headers | {"If-Match": told.headers["etag"]}
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


async def test_a_state_enterprise_is_told_that_it_cannot_sell_yet(
    client: httpx.AsyncClient, database: Database
) -> None:
    market = await market_of(database, PartyKind.STATE_ENTERPRISE)
    told = await post(client, market.seller, "/v1/offerings", **terms(market.achievement_id))
    path = told.headers["location"]
    guards = (await client.get(f"{path}/guards", headers=market.seller.headers)).json()["data"]
    assert guards[0] | {"detail_zh": None, "detail_en": None} == {
        "guard": "profile",
        "outcome": "failed",
        "source": "not verified since 2025-07",
        "code": "state_enterprise_cannot_sell_yet",
        "detail_zh": None,
        "detail_en": None,
    }
    refused = await post(client, market.seller, f"{path}/submission", told)
    assert (refused.status_code, refused.json()["code"]) == (409, "state_enterprise_cannot_sell_yet")
    assert refused.json()["source"] == "not verified since 2025-07"
    assert (await client.get(path, headers=market.seller.headers)).json()["status"] == "draft"


async def test_an_organisation_that_waits_for_its_review_drafts_and_does_not_offer(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        market = await make_market(session)
        waiting = await make_member(session, Role.ENTERPRISE_USER, status=ReviewStatus.PENDING)
    told = await post(client, market.seller, "/v1/offerings", **terms(market.achievement_id))
    refused = await post(client, waiting, f"{told.headers['location']}/submission", told)
    assert (refused.status_code, refused.json()["code"]) == (403, "party_not_reviewed")


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"path": "tender"}, "/body/path"),
        ({"ask_amount": "800000"}, "/body/ask_amount"),
        ({"ask_amount": "-1.00"}, "/body/ask_amount"),
        ({"ask_amount": "0.00"}, "/body/ask_amount"),
        ({"capacity": 0}, "/body/capacity"),
        ({"achievement_ids": []}, "/body/achievement_ids"),
        ({"surprise": 1}, "/body/surprise"),
        ({"secrecy": {"reviewer": "何敏"}}, "/body/secrecy/reviewed_on"),
    ],
)
async def test_malformed_terms_name_the_field_and_store_nothing(
    client: httpx.AsyncClient, database: Database, changed: dict[str, Any], pointer: str
) -> None:
    market = await market_of(database)
    told = await post(client, market.seller, "/v1/offerings", **terms(market.achievement_id, **changed))
    assert told.status_code == 422
    assert pointer in [error["pointer"] for error in told.json()["errors"]]
    mine = await client.get("/v1/my/offerings", headers=market.seller.headers)
    assert mine.json()["data"] == []


async def test_terms_that_contradict_each_other_and_unknown_achievements_are_refused(
    client: httpx.AsyncClient, database: Database
) -> None:
    market = await market_of(database)
    for changed, code in (
        ({"capacity": 3}, "capacity_unfit"),
        ({"mode": "service"}, "mode_needs_demand"),
        ({"path": "auction"}, "ask_unfit"),
        ({"achievement_ids": [str(new_id())]}, "achievement_unknown"),
        ({"achievement_ids": [str(market.achievement_id)] * 2}, "achievement_unknown"),
    ):
        told = await post(client, market.seller, "/v1/offerings", **terms(market.achievement_id, **changed))
        assert told.json()["code"] == code


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/offerings"),
        ("GET", "/v1/my/offerings"),
        ("GET", "/v1/my/awards"),
        ("GET", "/v1/registrations"),
        ("GET", "/v1/registrants"),
        ("GET", "/v1/negotiations"),
        ("POST", f"/v1/offerings/{new_id()}/registrations"),
        ("POST", f"/v1/offerings/{new_id()}/acceptances"),
    ],
)
async def test_a_visitor_is_asked_to_sign_in(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path, json={} if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_roles_that_do_not_sell_review_or_clerk_are_told_so(
    client: httpx.AsyncClient, database: Database
) -> None:
    market = await market_of(database)
    async with database.transaction() as session:
        sale = await make_listed(session, market)
        finance = await make_member(session, Role.FINANCE, kind=PartyKind.EXCHANGE)
        buyer, registration = await make_qualified(session, market, sale.id)
    sight = await client.get(f"/v1/offerings/{sale.id}")
    for who, path, body in (
        (finance, "/v1/offerings", terms(market.achievement_id)),
        (market.seller, f"/v1/offerings/{sale.id}/review", {"approved": True, "reason": "好"}),
        (buyer, f"/v1/offerings/{sale.id}/publication", {}),
        (finance, f"/v1/offerings/{sale.id}/registrations", {}),
        (buyer, f"/v1/registrations/{registration.id}/qualification", {"passed": True, "reason": "好"}),
        (finance, f"/v1/offerings/{sale.id}/negotiations", {}),
    ):
        answer = await post(client, who, path, sight, **body)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 403, "permission_missing")


async def test_the_public_learns_the_price_of_a_listed_sale_and_no_buyer(
    client: httpx.AsyncClient, database: Database
) -> None:
    market = await market_of(database)
    async with database.transaction() as session:
        sale = await make_listed(session, market, mode="license_ordinary", capacity=1)
        await session.flush()
    assert (await client.get(f"/v1/offerings/{sale.id}/awards")).json()["data"] == []
    async with database.transaction() as session:
        buyer, registration = await make_qualified(session, market, sale.id)
        await actions.award(
            session,
            Clock(),
            offering_id=sale.id,
            buyer_party_id=buyer.party_id,
            amount_minor=81_000_000,
            rule=AwardRule.LISTED_SINGLE_BUYER,
            registration_id=registration.id,
        )
    public = (await client.get(f"/v1/offerings/{sale.id}/awards")).json()["data"]
    assert [(one["amount"]["amount"], one["buyer_name"], one["buyer_party_id"]) for one in public] == [
        ("810000.00", None, None)
    ]
    inside = (await client.get(f"/v1/offerings/{sale.id}/awards", headers=buyer.headers)).json()["data"]
    assert inside[0]["buyer_party_id"] == str(buyer.party_id)
    mine = (await client.get("/v1/my/awards", headers=market.seller.headers)).json()["data"]
    assert [one["id"] for one in mine] == [public[0]["id"]]
    assert (await client.get(f"/v1/offerings/{sale.id}")).json()["price"]["amount"] == "810000.00"


async def test_offerings_are_paged_without_gap_or_repeat(
    client: httpx.AsyncClient, database: Database
) -> None:
    market = await market_of(database)
    async with database.transaction() as session:
        made = [str((await make_listed(session, market)).id) for _ in range(5)]
    found: list[str] = []
    cursor = None
    while True:
        asked = {"seller_party_id": str(market.seller.party_id), "limit": 2} | (
            {"cursor": cursor} if cursor else {}
        )
        page = (await client.get("/v1/offerings", params=asked)).json()
        found += [one["id"] for one in page["data"]]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break
    assert found == made[::-1]
    other = await client.get("/v1/offerings", params={"cursor": "bm9uc2Vuc2U"})
    assert (other.status_code, other.json()["code"]) == (422, "cursor_invalid")


async def test_a_negotiation_over_http_ends_in_an_award(
    client: httpx.AsyncClient, database: Database
) -> None:
    market, buyer = await market_of(database), await buyer_of(database)
    told = await post(client, market.seller, "/v1/offerings", **negotiated(market.achievement_id))
    path = told.headers["location"]
    told = await post(client, market.seller, f"{path}/submission", told)
    told = await post(client, market.operator, f"{path}/review", told, approved=True, reason="可")
    assert told.json()["status"] == "open"
    talk = await post(client, buyer, f"{path}/negotiations", message="想了解中试数据")
    assert (talk.status_code, talk.json()["side"]) == (201, "buyer")
    place = talk.headers["location"]
    await post(client, buyer, f"{place}/offers", amount="400000.00", terms="一次性支付")
    told = await post(client, market.seller, f"{place}/offers", amount="460000.00", terms="分两期")
    offers = told.json()["offers"]
    assert [(one["side"], one["live"]) for one in offers] == [("buyer", False), ("seller", True)]
    unkeyed = await client.post(
        f"{place}/acceptance",
        json={"offer_id": offers[1]["id"]},
        headers=buyer.headers | {"If-Match": told.headers["etag"]},
    )
    assert (unkeyed.status_code, unkeyed.json()["code"]) == (422, "idempotency_key_missing")
    award = await post(client, buyer, f"{place}/acceptance", told, offer_id=offers[1]["id"])
    assert (award.status_code, award.json()["amount"]["amount"]) == (201, "460000.00")
    assert award.json()["buyer_party_id"] == str(buyer.party_id)
    assert (await client.get(place, headers=buyer.headers)).json()["status"] == "agreed"
    # A private seller's negotiated price is its own affair.
    assert (await client.get(f"/v1/awards/{award.json()['id']}")).status_code == 404
    assert (await client.get(path)).json()["price"] is None
    stranger = await buyer_of(database)
    assert (await client.get(place, headers=stranger.headers)).status_code == 404


async def test_an_organisation_that_waits_for_its_review_may_ask_and_not_offer(
    client: httpx.AsyncClient, database: Database
) -> None:
    market, waiting = await market_of(database), await buyer_of(database, ReviewStatus.PENDING)
    told = await post(client, market.seller, "/v1/offerings", **negotiated(market.achievement_id))
    path = told.headers["location"]
    told = await post(client, market.seller, f"{path}/submission", told)
    await post(client, market.operator, f"{path}/review", told, approved=True, reason="可")
    talk = await post(client, waiting, f"{path}/negotiations", message="请教")
    assert talk.status_code == 201
    refused = await post(client, waiting, f"{talk.headers['location']}/offers", amount="1.00", terms="试")
    assert (refused.status_code, refused.json()["code"]) == (403, "party_not_reviewed")


async def test_everybody_may_read_the_rules_with_their_sources(client: httpx.AsyncClient) -> None:
    told = (await client.get("/v1/rule-profiles")).json()["data"]
    assert [(one["code"], one["sells"]) for one in told] == [
        ("UNI_ZJ", True),
        ("UNI_CN", True),
        ("SOE", False),
        ("PRIVATE", True),
    ]
    days = next(one for one in told[0]["parameters"] if one["name"] == "listing_days")
    assert days == {
        "name": "listing_days",
        "value": 10,
        "unit": "working_day",
        "floor": 5,
        "ceiling": 60,
        "source": "house rule",
    }
