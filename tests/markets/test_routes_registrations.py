"""Registrations and acceptances over HTTP: the buyer's, the clerk's, and what nobody else may see."""

from uuid import UUID

import httpx
from sqlalchemy import func, select

from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.ids import new_id
from app.markets.registrations.tables import RegistrationReadRow, RegistrationRow
from app.settlement.tables import DepositRow
from app.worker import Worker
from tests.factories.identity import Member, make_member
from tests.factories.markets import Market, make_buyer, make_listed, make_market, make_qualified
from tests.factories.settlement import confirm, make_arrival, make_finance


async def listed(database: Database, **changed: object) -> tuple[Market, str]:
    async with database.transaction() as session:
        market = await make_market(session)
        return market, f"/v1/offerings/{(await make_listed(session, market, **changed)).id}"


async def buyer_of(database: Database) -> Member:
    async with database.transaction() as session:
        return await make_buyer(session)


def keyed(who: Member, seen: httpx.Response | None = None) -> dict[str, str]:
    headers = who.headers | {"Idempotency-Key": str(new_id())}
    return headers | ({"If-Match": seen.headers["etag"]} if seen else {})


async def test_a_buyer_registers_pays_and_is_qualified(
    client: httpx.AsyncClient, database: Database, worker: Worker
) -> None:
    market, path = await listed(database)
    buyer = await buyer_of(database)
    told = await client.post(
        f"{path}/registrations",
        json={"agent_name": "李某", "quote_amount": "810000.00"},
        headers=keyed(buyer),
    )
    body = told.json()
    assert (told.status_code, body["status"], body["deposit"]["amount"], body["deposit_status"]) == (
        201,
        "registered",
        "80000.00",
        "required",
    )
    assert body["deposit_number"].startswith("BZ-")
    place = told.headers["location"]

    async with database.transaction() as session:
        finance = await make_finance(session)
        deposit = (
            await session.execute(select(DepositRow).where(DepositRow.number == body["deposit_number"]))
        ).scalar_one()
        await confirm(session, finance, await make_arrival(session, finance, deposit))
    await worker.drain()
    paid = await client.get(place, headers=buyer.headers)
    assert (paid.json()["status"], paid.json()["deposit_status"]) == ("qualifying", "held")

    work = await client.get(f"{path}/registrations", headers=market.operator.headers)
    (entry,) = work.json()["data"]
    assert (entry["id"], entry["agent_name"]) == (body["id"], "李某")
    assert {"quote", "bidder_code"} & set(entry) == set()
    seen = await client.get(f"/v1/registrants/{body['id']}", headers=market.operator.headers)
    decided = await client.post(
        f"/v1/registrations/{body['id']}/qualification",
        json={"passed": True, "reason": "符合公告条件"},
        headers=keyed(market.operator, seen),
    )
    assert (decided.status_code, decided.json()["status"]) == (200, "qualified")
    again = await client.post(
        f"/v1/registrations/{body['id']}/qualification",
        json={"passed": False, "reason": "改判"},
        headers=keyed(market.operator, decided),
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


async def test_nobody_but_clerk_and_finance_learns_who_or_how_many(
    client: httpx.AsyncClient, database: Database
) -> None:
    market, path = await listed(database)
    buyer, rival = await buyer_of(database), await buyer_of(database)
    told = await client.post(f"{path}/registrations", json={}, headers=keyed(buyer))
    async with database.transaction() as session:
        finance = await make_member(session, Role.FINANCE, kind=PartyKind.EXCHANGE)
        supervisor = await make_member(session, Role.SUPERVISOR, kind=PartyKind.GOVERNMENT)
    for curious in (market.seller, rival, supervisor):
        refused = await client.get(f"{path}/registrations", headers=curious.headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
        assert (await client.get(told.headers["location"], headers=curious.headers)).status_code == 404
    for allowed in (market.operator, finance):
        assert len((await client.get(f"{path}/registrations", headers=allowed.headers)).json()["data"]) == 1
    async with database.transaction() as session:
        reads = await session.execute(
            select(func.count())
            .select_from(RegistrationReadRow)
            .where(RegistrationReadRow.user_id.in_([market.operator.user_id, finance.user_id]))
        )
        assert reads.scalar_one() == 2
    public = (await client.get(path)).text
    assert str(buyer.party_id) not in public


async def test_the_same_key_twenty_times_registers_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, path = await listed(database)
    buyer = await buyer_of(database)
    headers = keyed(buyer)
    answers = [await client.post(f"{path}/registrations", json={}, headers=headers) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await client.post(f"{path}/registrations", json={}, headers=keyed(buyer))
    assert (other.status_code, other.json()["code"]) == (409, "already_registered")
    async with database.transaction() as session:
        count = await session.execute(
            select(func.count())
            .select_from(RegistrationRow)
            .where(RegistrationRow.buyer_party_id == buyer.party_id)
        )
        assert count.scalar_one() == 1


async def test_a_buyer_leaves_within_the_window(client: httpx.AsyncClient, database: Database) -> None:
    _, path = await listed(database)
    buyer = await buyer_of(database)
    told = await client.post(f"{path}/registrations", json={}, headers=keyed(buyer))
    left = await client.post(f"{told.headers['location']}/withdrawal", headers=keyed(buyer, told))
    assert (left.status_code, left.json()["status"], left.json()["deposit_status"]) == (
        200,
        "waived",
        "lapsed",
    )
    mine = (await client.get("/v1/registrations", headers=buyer.headers)).json()["data"]
    assert [(one["status"], one["path"]) for one in mine] == [("waived", "listed")]


async def test_the_fixed_price_is_accepted_once_however_often_the_call_is_repeated(
    client: httpx.AsyncClient, database: Database
) -> None:
    market, path = await listed(database, mode="license_ordinary", capacity=2)
    async with database.transaction() as session:
        buyer, _ = await make_qualified(session, market, UUID(path.rsplit("/", 1)[1]))
    missing = await client.post(f"{path}/acceptances", headers=buyer.headers)
    assert (missing.status_code, missing.json()["code"]) == (422, "idempotency_key_missing")
    headers = keyed(buyer)
    first = await client.post(f"{path}/acceptances", headers=headers)
    again = await client.post(f"{path}/acceptances", headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = await client.post(f"{path}/acceptances", headers=keyed(buyer))
    assert (other.status_code, other.json()["code"]) == (409, "already_awarded")
    stranger = await buyer_of(database)
    refused = await client.post(f"{path}/acceptances", headers=keyed(stranger))
    assert (refused.status_code, refused.json()["code"]) == (403, "acceptance_not_qualified")
    assert (await client.get(path)).json()["awards_count"] == 1
