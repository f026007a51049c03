"""Identities and reserves: nobody before the close, whatever his office; every question is kept."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.states import ENDED, AuctionStatus
from app.db.session import Database
from app.evidence.errors import IdentitiesSealed, NotForYou, ReserveAbsent, ReserveSealed
from app.evidence.rules.secrets import Secret, refusal_of
from app.identity.permissions import Role
from app.signing.rules.chain import commitment
from tests.evidence.sales import make_ended, make_interrupted, make_supervisor
from tests.factories.auctions import TERMS, Sale, make_started
from tests.factories.auctions import close as end
from tests.factories.identity import Member, make_member


@pytest.mark.parametrize("status", [status for status in AuctionStatus if status not in ENDED])
@pytest.mark.parametrize("what", list(Secret))
def test_before_the_close_nobody_reads_a_secret(status: AuctionStatus, what: Secret) -> None:
    refusal = refusal_of(what, status=status, is_seller=True, is_staff=True, is_overseer=True)
    assert isinstance(refusal, IdentitiesSealed if what is Secret.IDENTITIES else ReserveSealed)


def test_after_the_close_each_secret_is_for_those_whom_it_concerns() -> None:
    sold = AuctionStatus.AWARDED

    def answer(what: Secret, **who: bool) -> object:
        nobody = {"is_seller": False, "is_staff": False, "is_overseer": False}
        return refusal_of(what, status=sold, **{**nobody, **who})

    for who in ("is_seller", "is_staff", "is_overseer"):
        assert answer(Secret.IDENTITIES, **{who: True}) is None
    assert isinstance(answer(Secret.IDENTITIES), NotForYou)
    assert isinstance(answer(Secret.RESERVE, is_staff=True), NotForYou)
    assert answer(Secret.RESERVE, is_seller=True) is None
    assert answer(Secret.RESERVE, is_overseer=True) is None
    assert isinstance(answer(Secret.RESERVE, is_seller=True, has_reserve=False), ReserveAbsent)


async def _people(session: AsyncSession, sale: Sale) -> dict[str, Member]:
    return {
        "seller": sale.seller,
        "operator": sale.operator,
        "finance": sale.finance.maker,
        "supervisor": await make_supervisor(session),
        "auditor": await make_supervisor(session, Role.AUDITOR),
        "bidder": sale.bidders[0],
        "stranger": await make_member(session, Role.ENTERPRISE_USER),
    }


async def test_a_try_before_the_close_is_refused_to_everybody_and_stays_recorded(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_interrupted(session)
        people = await _people(session, sale)
    path = f"/v1/auctions/{sale.auction_id}"
    for name, member in people.items():
        for what, code in (("identities", "identities_sealed"), ("reserve", "reserve_sealed")):
            answer = await client.get(f"{path}/{what}", headers=member.headers)
            assert (answer.status_code, answer.json()["code"]) == (403, code), name
    assert (await client.get(f"{path}/identities")).status_code == 401

    listed = await client.get(
        "/v1/secret-reads",
        params={"auction_id": str(sale.auction_id), "limit": 200},
        headers=people["auditor"].headers,
    )
    kept = listed.json()["data"]
    assert len(kept) == 2 * len(people)
    assert {row["refusal"] for row in kept} == {"identities_sealed", "reserve_sealed"}
    assert not any(row["granted"] for row in kept)
    refused = await client.get("/v1/secret-reads", headers=people["operator"].headers)
    assert refused.status_code == 403


async def test_after_the_close_identities_are_read_and_the_reading_is_kept(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_ended(session)
        people = await _people(session, sale)
    path = f"/v1/auctions/{sale.auction_id}/identities"
    for name in ("seller", "operator", "finance", "supervisor", "auditor"):
        answer = await client.get(path, headers=people[name].headers)
        assert answer.status_code == 200, name
        told = answer.json()["data"]
        assert {one["party_id"] for one in told} == {str(bidder.party_id) for bidder in sale.bidders}
        assert sum(one["bids"] for one in told) == 5
        assert [one["party_id"] for one in told if one["won"]] == [str(sale.bidders[0].party_id)]
    for name in ("bidder", "stranger"):
        answer = await client.get(path, headers=people[name].headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "secret_not_for_you"), name
    listed = await client.get(
        "/v1/secret-reads",
        params={"auction_id": str(sale.auction_id)},
        headers=people["auditor"].headers,
    )
    assert [row["granted"] for row in listed.json()["data"]].count(True) == 5


async def test_a_secret_reserve_opens_its_commitment_after_the_close(
    client: httpx.AsyncClient, database: Database
) -> None:
    terms = TERMS.model_copy(update={"reserve_price": "2600000.00", "reserve_secret": True})
    async with database.transaction() as session:
        sale = await make_started(session, terms=terms)
        people = await _people(session, sale)
        await end(session, sale)
    path = f"/v1/auctions/{sale.auction_id}/reserve"
    answer = await client.get(path, headers=people["seller"].headers)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["reserve"]["amount"] == "2600000.00"
    opened = commitment(bytes.fromhex(told["salt"]), {"reserve_minor": 260_000_000})
    assert told["commitment"] == opened
    assert (await client.get(path, headers=people["operator"].headers)).status_code == 403


@pytest.mark.parametrize(
    "statement", ["DELETE FROM secret_reads", "UPDATE secret_reads SET granted = NOT granted"]
)
async def test_what_was_asked_is_never_forgotten(session: AsyncSession, statement: str) -> None:
    with pytest.raises(IntegrityError):
        await session.execute(text(statement))
