"""Somebody who belongs to two parties does not stand on two sides, and staff of a region stay within it."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contracts import actions as contracts
from app.contracts.errors import OnePersonOnBothSides
from app.db.clock import Clock
from app.db.session import Database
from app.demands.states import DemandStatus
from app.identity.access import Actor
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.kit.ids import new_id
from app.markets.registrations.tables import RegistrationReadRow
from tests.factories import auctions as sales
from tests.factories import markets
from tests.factories.contracts import make_contract, make_deal
from tests.factories.demands import make_demand
from tests.factories.identity import Member, make_member
from tests.factories.listings import make_draft, make_operator
from tests.security.people import join

KEY = "Idempotency-Key"


async def post(
    client: httpx.AsyncClient,
    path: str,
    headers: dict[str, str],
    body: Any = None,
    version: int | None = None,
) -> httpx.Response:
    """An unsafe call under a key of its own."""
    named = headers | {KEY: str(new_id())} | ({"If-Match": f'"v{version}"'} if version is not None else {})
    return await client.post(path, json=body, headers=named)


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json().get("code", "")


async def test_somebody_of_the_seller_neither_registers_nor_negotiates_for_a_buyer(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        market = await markets.make_market(session)
        listed = (await markets.make_listed(session, market)).id
        other = await markets.make_market(session)
        negotiated = (await markets.make_negotiated(session, other)).id
        buyer = await markets.make_buyer(session)
        seller_as_buyer = await join(session, market.seller, buyer.party_id, Role.ENTERPRISE_USER)
        other_as_buyer = await join(session, other.seller, buyer.party_id, Role.ENTERPRISE_USER)
        staff_as_buyer = await join(session, market.operator, buyer.party_id, Role.ENTERPRISE_USER)
    path = f"/v1/offerings/{listed}/registrations"
    assert code(await post(client, path, seller_as_buyer, {})) == (403, "seller_may_not_register")
    assert code(await post(client, path, staff_as_buyer, {})) == (403, "seller_may_not_register")
    talk = await post(client, f"/v1/offerings/{negotiated}/negotiations", other_as_buyer, {"message": "想谈"})
    assert talk.json()["code"] == "buyer_is_seller"
    # His colleague, who is nobody's but the buyer's, does all this.
    assert (await post(client, path, buyer.headers, {})).status_code == 201


async def test_somebody_of_the_seller_or_the_exchange_places_no_bid_for_a_buyer(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await sales.make_started(session)
        bidder = sale.bidders[0]
        seller = await join(session, sale.seller, bidder.party_id, Role.ENTERPRISE_USER)
        operator = await join(session, sale.operator, bidder.party_id, Role.ENTERPRISE_USER)
    path, bid = f"/v1/auctions/{sale.auction_id}/bids", {"amount": "2000000.00"}
    for headers in (seller, operator):
        assert code(await post(client, path, headers, bid)) == (403, "seller_may_not_bid")
    assert (await post(client, path, bidder.headers, bid)).status_code == 201


async def test_staff_decide_nothing_about_a_seller_to_which_they_belong(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        market = await markets.make_market(session)
        waiting = await markets.make_submitted(session, market)
        approved = await markets.make_approved(session, market)
        listed = await markets.make_listed(session, market)
        registration = await markets.register(session, listed.id, await markets.make_buyer(session))
        draft = await sales.make_draft(session)
        for seller in (market.seller, draft.seller):
            await join(session, market.operator, seller.party_id, Role.RESEARCHER)
    staff = market.operator.headers
    review = {"approved": True, "reason": "材料齐全"}
    answers = [
        await post(client, f"/v1/offerings/{waiting.id}/review", staff, review, waiting.version),
        await post(client, f"/v1/offerings/{approved.id}/publication", staff, None, approved.version),
    ]
    assert [code(answer) for answer in answers] == [(403, "reviewer_is_party")] * 2
    path = f"/v1/registrations/{registration.id}/qualification"
    decided = await post(client, path, staff, {"passed": True, "reason": "合格"}, registration.version)
    assert code(decided) == (403, "clerk_is_party")
    paper = {"reason": "supervisor_order", "document_no": "〔2026〕1号", "note": "停止"}
    stopped = await post(client, f"/v1/auctions/{draft.auction_id}/cancellation", staff, paper)
    assert code(stopped) == (403, "operator_is_seller")
    # Nor do they learn who has registered with it.
    assert (await client.get(f"/v1/offerings/{listed.id}/registrations", headers=staff)).json()["data"] == []
    assert (await client.get(f"/v1/registrants/{registration.id}", headers=staff)).status_code == 404


async def test_staff_review_no_achievement_and_no_demand_of_a_party_to_which_they_belong(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        operator = await make_operator(session)
        officer = await make_member(session, Role.TTO_OFFICER, Role.ENTERPRISE_USER)
        achievement = await make_draft(session, officer)
        demand = await make_demand(session, officer, status=DemandStatus.SUBMITTED)
        await join(session, operator, officer.party_id, Role.RESEARCHER)
    path = f"/v1/achievements/{achievement.id}"
    sent = await post(client, f"{path}/submission", officer.headers, None, achievement.version)
    seen = sent.json()["version"]
    refused = await post(client, f"{path}/registration", operator.headers, None, seen)
    assert code(refused) == (403, "author_may_not_review")
    path = f"/v1/demands/{demand.id}/publication"
    assert (await post(client, path, operator.headers, None, demand.version)).status_code == 403


async def test_one_person_does_not_confirm_a_contract_for_both_sides(session: AsyncSession) -> None:
    deal = await make_deal(session)
    contract = await make_contract(session, deal)
    await contracts.confirm_contract(
        session, Clock(), actor=deal.seller.actor, contract_id=contract.id, version=contract.version
    )
    same = _acting_for(deal.seller, deal.buyer.party_id)
    with pytest.raises(OnePersonOnBothSides):
        await contracts.confirm_contract(
            session, Clock(), actor=same, contract_id=contract.id, version=contract.version
        )
    done = await contracts.confirm_contract(
        session, Clock(), actor=deal.buyer.actor, contract_id=contract.id, version=contract.version
    )
    assert done.status == "confirmed"


def _acting_for(member: Member, party_id: UUID) -> Actor:
    told = {name: getattr(member.actor, name) for name in member.actor.__dataclass_fields__}
    return Actor(**told | {"party_id": party_id})


async def test_staff_of_another_region_find_nothing_to_decide(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        market = await markets.make_market(session)
        waiting = await markets.make_submitted(session, market)
        talked = await markets.make_submitted(
            session, market, path="negotiated", ask_amount=None, period_days=None, deposit_amount=None
        )
        approved = await markets.make_approved(session, market)
        listed = await markets.make_listed(session, market)
        registration = await markets.register(session, listed.id, await markets.make_buyer(session))
        draft = await sales.make_draft(session)
        away = await make_operator(session, region_scope="330200")
        near = await make_operator(session, region_scope="330100")
    review, table = {"approved": True, "reason": "材料齐全"}, await _notice(database)
    calls: list[tuple[str, UUID, str, Any]] = [
        ("/v1/offerings/{}/review", waiting.id, "", review),
        ("/v1/offerings/{}/review", talked.id, "", review),
        ("/v1/offerings/{}/publication", approved.id, "", None),
        ("/v1/registrations/{}/qualification", registration.id, "", {"passed": True, "reason": "合格"}),
        ("/v1/auctions/{}/notice", draft.auction_id, "", table),
    ]
    for template, there, _, body in calls:
        # A stale version must not tell either that there is something.
        answers = [
            (await post(client, template.format(one), away.headers, body, 99)).json() | {"request_id": ""}
            for one in (there, new_id())
        ]
        assert answers[0] == answers[1], template
        assert answers[0]["status"] == 404
    done = await post(client, f"/v1/offerings/{talked.id}/review", near.headers, review, talked.version)
    assert done.json()["status"] == "open"


async def _notice(database: Database) -> dict[str, str]:
    async with database.session() as session:
        return (await sales.timetable(session)).model_dump(mode="json")


async def test_who_reads_registrants_is_written_down_and_the_seller_is_refused(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        market = await markets.make_market(session)
        listed = await markets.make_listed(session, market)
        registration = await markets.register(session, listed.id, await markets.make_buyer(session))
        seller_party = await session.get_one(PartyRow, market.seller.party_id)
        colleague = await make_member(session, Role.TTO_OFFICER, Role.ORG_LEADER, party=seller_party)
    path = f"/v1/offerings/{listed.id}/registrations"
    for headers in (market.seller.headers, colleague.headers):
        assert code(await client.get(path, headers=headers)) == (403, "permission_missing")
        assert code(await client.get(f"/v1/registrations/{registration.id}", headers=headers))[0] == 404
    assert len((await client.get(path, headers=market.operator.headers)).json()["data"]) == 1
    async with database.session() as session:
        reads = await session.scalars(
            select(RegistrationReadRow).where(RegistrationReadRow.user_id == market.operator.user_id)
        )
        assert [row.registration_ids for row in reads] == [[registration.id]]
