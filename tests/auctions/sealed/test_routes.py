"""Sealed sales over HTTP: every path answers as it is documented, and the market that seals itself needs two officers."""

from typing import Any

import httpx

from app.auctions.rules.sealed.terms import SealingMethod
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.ids import new_id
from tests.factories.auctions import make_draft
from tests.factories.identity import Member, make_member
from tests.factories.sealed import (
    close_sealing,
    hand_in,
    make_sealed_registered,
    make_sealing,
    pass_for,
    sealed_terms,
    sealed_with,
)


def keyed(member: Member, **more: str) -> dict[str, str]:
    """Headers of somebody who does something once."""
    return member.headers | {"Idempotency-Key": str(new_id())} | more


async def test_a_draft_gets_its_seats_and_shows_what_it_is(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_draft(session, sealed_terms(method=SealingMethod.SERVER))
    path = f"/v1/auctions/{sale.auction_id}"
    seen = await client.get(path, headers=sale.operator.headers)
    assert (seen.json()["sealed"]["method"], seen.json()["sealed"]["seats"]) == ("server", [])
    put = await client.put(
        f"{path}/custody",
        json={"seats": []},
        headers=keyed(sale.operator, **{"If-Match": seen.headers["ETag"]}),
    )
    assert put.status_code == 200, put.text
    assert [seat["office"] for seat in put.json()["sealed"]["seats"]] == ["server"]
    stale = await client.put(
        f"{path}/custody",
        json={"seats": []},
        headers=keyed(sale.operator, **{"If-Match": seen.headers["ETag"]}),
    )
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


async def test_a_rehearsal_and_its_dummy_are_fetched_by_custodians(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_sealed_registered(session, bidders=1)
    path = f"/v1/auctions/{sale.auction_id}"
    begun = await client.post(f"{path}/rehearsal", headers=keyed(sale.operator))
    assert begun.status_code == 200, begun.text
    assert (begun.json()["round_no"], len(begun.json()["leaves"])) == (0, 1)
    custodian = sale.custodians[1][0].member
    found = await client.get(f"{path}/opening/envelopes", params={"round_no": 0}, headers=custodian.headers)
    assert len(found.json()["data"]) == 1
    assert (await client.get(f"{path}/opening/envelopes")).status_code == 401


async def test_where_the_market_sealed_two_officers_release_over_http(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_sealing(session, sealed_terms(method=SealingMethod.SERVER), bidders=1)
        other = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
        given = await pass_for(session, sale, sale.bidders[0])
    path = f"/v1/auctions/{sale.auction_id}"
    answer = await client.put(
        f"{path}/envelope",
        json=sealed_with(given, "2100000.00").model_dump(mode="json"),
        headers={"Envelope-Pass": given.envelope_pass},
    )
    receipt: dict[str, Any] = answer.json()
    assert (receipt["envelope_id"], "amount" in receipt) == (str(given.envelope_id), False)
    early = await client.post(f"{path}/opening/release", headers=keyed(sale.operator))
    assert (early.status_code, early.json()["code"]) == (409, "nothing_to_open")
    async with database.transaction() as session:
        await close_sealing(session, sale)
    for officer, releases in ((sale.operator, 1), (other, 2)):
        told = await client.post(f"{path}/opening/release", headers=keyed(officer))
        assert (told.status_code, told.json()["releases"]) == (200, releases)
    seen = (await client.get(path)).json()
    assert (seen["status"], seen["current_price"]["amount"]) == ("awarded", "2100000.00")
    opening = (await client.get(f"{path}/opening")).json()
    leaf = {name: receipt[name] for name in ("envelope_id", "commitment", "digest")}
    assert leaf in opening["leaves"]


async def test_a_decision_where_there_is_nothing_to_decide_is_refused_over_http(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_sealing(session, bidders=1)
        await close_sealing(session, sale)
        await hand_in(session, sale, sale.custodians[0][0])
    path = f"/v1/auctions/{sale.auction_id}/opening"
    progress = (await client.get(path)).json()
    assert [seat["handed_in"] for seat in progress["seats"]] == [True, False, False]
    body = {"proceed": True, "document_no": "校办〔2026〕31号", "note": "无"}
    told = await client.post(f"{path}/decision", json=body, headers=keyed(sale.seller))
    assert (told.status_code, told.json()["code"]) == (409, "opening_not_halted")
    foreign = await client.post(
        f"{path}/decision",
        json=body,
        headers=keyed(await _other_seller(database)),
    )
    assert foreign.status_code == 404


async def _other_seller(database: Database) -> Member:
    async with database.transaction() as session:
        return await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
