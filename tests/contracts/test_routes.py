"""Contracts over HTTP: from the award's event to both confirmations, and who sees them."""

import asyncio

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.session import Database
from app.events import outbox
from app.identity.permissions import Role
from app.identity.tables import PartyRow
from app.kit.ids import new_id
from app.worker import Worker
from tests.factories.contracts import Deal, contract_of, make_contract, make_deal
from tests.factories.identity import Member, make_member


def keyed(member: Member, etag: str | None = None) -> dict[str, str]:
    """A member's headers with a fresh key, and the version that he has seen."""
    seen = {"If-Match": etag} if etag else {}
    return member.headers | {"Idempotency-Key": new_id().hex} | seen


async def drafted(database: Database, **wanted: object) -> tuple[Deal, str]:
    """A committed contract and its path."""
    async with database.transaction() as session:
        deal = await make_deal(session, **wanted)  # type: ignore[arg-type]  # passed through
        contract = await make_contract(session, deal)
    return deal, f"/v1/contracts/{contract.id}"


async def test_an_award_told_by_markets_becomes_a_contract_of_both_sides(
    client: httpx.AsyncClient, database: Database, worker: Worker
) -> None:
    async with database.transaction() as session:
        deal = await make_deal(session, deposit_minor=20_000_000)
        await outbox.record(session, deal.award)
    await worker.drain()
    async with database.transaction() as session:
        contract = await contract_of(session, deal)
    for side in (deal.seller, deal.buyer):
        listed = (await client.get("/v1/contracts", headers=side.headers)).json()["data"]
        assert [(row["id"], row["status"]) for row in listed] == [(str(contract.id), "draft")]
    told = (await client.get(f"/v1/contracts/{contract.id}", headers=deal.buyer.headers)).json()
    assert told["amount"] == {"amount": "2180000.00", "currency": "CNY"}
    assert told["amount_capital"] == "人民币贰佰壹拾捌万元整"
    assert told["source_achievement_ids"] == [str(i) for i in deal.award.subject_ids]


async def test_both_sides_confirm_over_http_and_the_deposit_is_applied(
    client: httpx.AsyncClient, database: Database
) -> None:
    deal, path = await drafted(database, deposit_minor=20_000_000)
    assert deal.deposit is not None
    first = await client.get(path, headers=deal.seller.headers)
    assert first.headers["etag"] == '"v1"'
    half = await client.post(f"{path}/confirmation", headers=keyed(deal.seller, first.headers["etag"]))
    assert (half.status_code, half.json()["status"]) == (200, "seller_confirmed")
    stale = await client.post(f"{path}/confirmation", headers=keyed(deal.buyer, first.headers["etag"]))
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    full = await client.post(f"{path}/confirmation", headers=keyed(deal.buyer, half.headers["etag"]))
    assert (full.status_code, full.json()["status"], full.headers["etag"]) == (200, "confirmed", '"v3"')
    deposit = await client.get(f"/v1/deposits/{deal.deposit.id}", headers=deal.buyer.headers)
    assert (deposit.json()["status"], deposit.json()["contract_id"]) == ("applied", full.json()["id"])
    again = await client.post(f"{path}/confirmation", headers=keyed(deal.buyer, full.headers["etag"]))
    assert (again.status_code, again.json()["code"]) == (409, "side_confirmed_before")


async def test_a_confirmation_needs_a_key_a_version_and_the_permission(
    client: httpx.AsyncClient, database: Database
) -> None:
    deal, path = await drafted(database)
    async with database.transaction() as session:
        researcher = await make_colleague(session, deal.seller)
    bare = await client.post(f"{path}/confirmation", headers=deal.seller.headers | {"If-Match": '"v1"'})
    assert (bare.status_code, bare.json()["code"]) == (422, "idempotency_key_missing")
    blind = await client.post(f"{path}/confirmation", headers=keyed(deal.seller))
    assert (blind.status_code, blind.json()["code"]) == (428, "if_match_missing")
    refused = await client.post(f"{path}/confirmation", headers=keyed(researcher, '"v1"'))
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert (await client.post(f"{path}/confirmation")).status_code == 401
    assert (await client.get(path, headers=deal.seller.headers)).json()["status"] == "draft"


async def make_colleague(session: AsyncSession, member: Member) -> Member:
    return await make_member(session, Role.RESEARCHER, party=await session.get_one(PartyRow, member.party_id))


async def test_a_contract_is_hidden_from_others_but_for_supervisors_of_its_region(
    client: httpx.AsyncClient, database: Database
) -> None:
    deal, path = await drafted(database, region_code="330106")
    async with database.transaction() as session:
        rival = await make_member(session, Role.ENTERPRISE_USER)
        finance = await make_member(session, Role.FINANCE)
        elsewhere = await make_member(session, Role.SUPERVISOR, region_scope="330300")
        here = await make_member(session, Role.SUPERVISOR, region_scope="330100")
    identity = path.rpartition("/")[2]
    for stranger in (rival, finance, elsewhere):
        hidden = await client.get(path, headers=stranger.headers)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "contract_not_found")
        listed = (await client.get("/v1/contracts?limit=200", headers=stranger.headers)).json()["data"]
        assert identity not in [row["id"] for row in listed]
    assert (await client.get(path, headers=here.headers)).status_code == 200
    stolen = await client.post(f"{path}/confirmation", headers=keyed(rival, '"v1"'))
    assert (stolen.status_code, stolen.json()["code"]) == (404, "contract_not_found")
    assert (await client.get("/v1/contracts")).status_code == 401
    filtered = await client.get("/v1/contracts", params={"status": "confirmed"}, headers=deal.buyer.headers)
    assert filtered.json() == {"data": [], "next_cursor": None, "has_more": False}


async def test_two_confirmations_at_once_end_in_one_contract_with_both_marks(
    client: httpx.AsyncClient, database: Database
) -> None:
    for _ in range(5):
        deal, path = await drafted(database, deposit_minor=20_000_000)
        first = await asyncio.gather(
            *(
                client.post(f"{path}/confirmation", headers=keyed(side, '"v1"'))
                for side in (deal.seller, deal.buyer)
            )
        )
        assert sorted(answer.status_code for answer in first) == [200, 412]
        late = (deal.seller, deal.buyer)[[a.status_code for a in first].index(412)]
        done = await client.post(f"{path}/confirmation", headers=keyed(late, '"v2"'))
        assert (done.status_code, done.json()["status"]) == (200, "confirmed")
        assert None not in (done.json()["seller_confirmed_at"], done.json()["buyer_confirmed_at"])
