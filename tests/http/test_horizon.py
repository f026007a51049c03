"""The ends of time and money: a sandbox at its horizon, dates beyond the calendar, amounts as large as they may be."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from app.db.clock import Clock, move_sandbox_clock
from app.db.session import Database
from app.demands.states import DemandStatus
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.dates import wire
from app.markets.states import Path
from tests.factories import auctions, markets
from tests.factories.demands import make_demand, written_demand, written_solution
from tests.factories.identity import Member, make_member
from tests.fuzz.world import settle

TEN_YEARS_LESS_A_DAY = timedelta(days=3_649)
LARGEST = "99999999999999.99"


def keyed(member: Member, version: int | None = None) -> dict[str, str]:
    """Headers with a fresh key, and the version that was seen."""
    seen = {"If-Match": f'"v{version}"'} if version is not None else {}
    return member.headers | {"Idempotency-Key": str(uuid4())} | seen


@pytest.fixture(scope="module", autouse=True)
async def horizon(database: Database) -> None:
    """The sandbox's clock, a day short of as far as it may go."""
    async with database.transaction() as session:
        await settle(session)
        await move_sandbox_clock(session, advance=TEN_YEARS_LESS_A_DAY, rate=None)


async def test_the_clock_stops_at_its_horizon(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        member = await make_member(session, Role.ENTERPRISE_USER)
    leap = {"advance_seconds": 400 * 86_400}
    refused = await client.post("/v1/sandbox/clock", json=leap, headers=keyed(member))
    assert (refused.status_code, refused.json()["code"]) == (409, "sandbox_clock_too_far")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/body/advance_seconds"]


async def test_a_listing_at_the_horizon_counts_provisional_working_days(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        market = await markets.make_market(session)
        row = await markets.make_approved(
            session, market, period_days=20, ask_amount=LARGEST, deposit_amount=None
        )
    told = await client.post(
        f"/v1/offerings/{row.id}/publication", headers=keyed(market.operator, row.version)
    )
    assert told.status_code == 200, told.text
    seen = await client.get(f"/v1/offerings/{row.id}", headers=market.seller.headers)
    assert seen.json()["ask"]["amount"] == LARGEST
    assert seen.json()["listing"]["provisional"] is True


async def test_an_auction_is_announced_and_bid_for_at_the_horizon_with_the_largest_amounts(
    client: httpx.AsyncClient, database: Database
) -> None:
    largest = "999999999999.99"
    terms = auctions.TERMS.model_copy(update={"start_price": largest, "deposit": "299999999999.99"})
    async with database.transaction() as session:
        sale = await auctions.make_started(session, terms=terms)
    path = f"/v1/auctions/{sale.auction_id}/bids"
    first = await client.post(path, json={"amount": largest}, headers=keyed(sale.bidders[0]))
    assert first.status_code == 201, first.text
    higher = await client.post(path, json={"amount": largest}, headers=keyed(sale.bidders[1]))
    assert higher.status_code == 409
    beyond = await client.post(path, json={"amount": "1000000099999.99"}, headers=keyed(sale.bidders[1]))
    assert (beyond.status_code, beyond.json()["code"]) == (422, "input_invalid")
    seen = await client.get(path)
    assert [bid["amount"]["amount"] for bid in seen.json()["data"]] == [largest]


async def test_terms_out_of_bounds_name_their_field(client: httpx.AsyncClient, database: Database) -> None:
    async with database.transaction() as session:
        seller = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
        offering = await auctions.make_offering(session, seller)
        assert offering.path == Path.AUCTION
    terms = auctions.TERMS.model_dump(mode="json") | {"deposit": "600000.01"}
    refused = await client.post(
        "/v1/auctions", json={"offering_id": str(offering.id), "terms": terms}, headers=keyed(seller)
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "terms_out_of_bounds")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/body/terms/deposit"]


async def test_a_notice_beyond_every_calendar_is_refused(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await auctions.make_draft(session)
        row, at = await sale.row(session), await Clock().read(session)
    for far in ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "3000-01-01T00:00:00Z"):
        body = {
            "registration_opens_at": wire(at + timedelta(hours=1)),
            "registration_closes_at": wire(at + timedelta(days=8)),
            "deposit_due_at": wire(at + timedelta(days=9)),
            "starts_at": far,
        }
        told = await client.post(
            f"/v1/auctions/{sale.auction_id}/notice", json=body, headers=keyed(sale.operator, row.version)
        )
        assert (far, told.status_code, told.json()["code"]) == (far, 409, "timetable_too_far")


@pytest.mark.parametrize("deadline_on", ["9999-12-31", "9999-12-30", "2999-01-01", "0001-01-01"])
async def test_a_demand_with_a_deadline_at_the_end_of_time_is_refused_or_published(
    client: httpx.AsyncClient, database: Database, deadline_on: str
) -> None:
    async with database.transaction() as session:
        poster = await make_member(session, Role.ENTERPRISE_USER)
        operator = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
    body = written_demand(deadline_on=deadline_on, budget_min_amount=LARGEST, budget_max_amount=LARGEST)
    told = await client.post("/v1/demands", json=body, headers=keyed(poster))
    assert told.status_code in (201, 409, 422), told.text
    if told.status_code == 201:
        path = f"/v1/demands/{told.json()['id']}"
        sent = await client.post(f"{path}/submission", headers=keyed(poster, told.json()["version"]))
        assert sent.status_code in (200, 409, 422), sent.text
        if sent.status_code == 200:
            published = await client.post(
                f"{path}/publication", headers=keyed(operator, sent.json()["version"])
            )
            assert published.status_code in (200, 409, 422), published.text


async def test_an_answer_and_a_choice_take_the_largest_amount(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        poster = await make_member(session, Role.ENTERPRISE_USER)
        demand = await make_demand(session, poster, status=DemandStatus.PUBLISHED)
        provider = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    answered = await client.post(
        f"/v1/demands/{demand.id}/solutions",
        json=written_solution(price_amount=LARGEST),
        headers=keyed(provider),
    )
    assert answered.status_code == 201, answered.text
    chosen = await client.post(
        f"/v1/demands/{demand.id}/choice",
        json={"solution_id": answered.json()["id"], "reason": "只有这一家"},
        headers=keyed(poster, demand.version),
    )
    assert chosen.status_code == 200, chosen.text


async def test_an_offer_in_a_negotiation_may_be_open_for_long_but_not_for_ever(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        offering = await markets.make_negotiated(session, await markets.make_market(session))
        buyer = await markets.make_buyer(session)
    opened = await client.post(f"/v1/offerings/{offering.id}/negotiations", json={}, headers=keyed(buyer))
    path = f"/v1/negotiations/{opened.json()['id']}/offers"
    for until in ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"):
        body = {"amount": LARGEST, "terms": "一次付清", "valid_until": until}
        told = await client.post(path, json=body, headers=keyed(buyer))
        assert told.status_code in (201, 409, 422), told.text
        seen = await client.get(path.removesuffix("/offers"), headers=buyer.headers)
        assert seen.status_code == 200
