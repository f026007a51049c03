"""A sale whose number is no lump sum: what is awarded, what the contract says, what people read."""

import httpx
from sqlalchemy import select

from app.auctions.schemas import TermsIn
from app.db.session import Database
from app.events.tables import EventRow
from app.markets.tables import AwardRow
from tests.auctions.test_routes import sale_of
from tests.factories.auctions import TERMS, close, make_started, place


def terms(start: str, step: str, **price: object) -> TermsIn:
    """Terms with a price of another form, without a deposit."""
    return TermsIn.model_validate(
        TERMS.model_dump()
        | {
            "start_price": start,
            "ladder": [{"from_price": "0.00", "increment": step}],
            "deposit": "0.00",
            "price": price,
        }
    )


async def test_a_royalty_that_was_bid_is_awarded_beside_the_fixed_entry_fee(
    client: httpx.AsyncClient, database: Database
) -> None:
    asked = terms("2.00", "0.25", kind="royalty_rate", entry_fee="200000.00")
    sale = await sale_of(database, make_started, terms=asked)
    async with database.transaction() as session:
        await place(session, sale, sale.bidders[0], "3.00")
        await close(session, sale)
    seen = (await client.get(f"/v1/auctions/{sale.auction_id}")).json()
    assert seen["current_price"] == {"amount": "3.00", "currency": "%"}
    assert seen["next_amount"] == {"amount": "3.25", "currency": "%"}
    async with database.transaction() as session:
        award = (
            await session.execute(select(AwardRow).where(AwardRow.offering_id == sale.offering_id))
        ).scalar_one()
        assert (award.amount_minor, award.price["royalty_bp"]) == (20_000_000, 300)
        told = (
            await session.execute(
                select(EventRow.payload).where(
                    EventRow.subject_id == sale.offering_id, EventRow.kind == "markets.offering_awarded"
                )
            )
        ).scalar_one()
    assert told["amount"] == "200000.00"
    assert told["price"] == {
        "kind": "royalty_rate",
        "royalty_bp": 300,
        "annual_fee": None,
        "years": None,
        "share_bp": None,
        "valuation": None,
        "company": None,
    }


async def test_over_http_a_royalty_above_the_whole_names_the_field_and_what_may_be_offered(
    client: httpx.AsyncClient, database: Database
) -> None:
    asked = terms("2.00", "0.25", kind="royalty_rate", entry_fee="200000.00")
    sale = await sale_of(database, make_started, terms=asked)
    path = f"/v1/auctions/{sale.auction_id}"
    headers = sale.bidders[0].headers
    bid = {"amount": "100.01", "confirm_jump": True}
    told = await client.post(f"{path}/bids", json=bid, headers=headers | {"Idempotency-Key": "rate-100-01"})
    problem = told.json()
    assert (told.status_code, problem["code"], problem["errors"][0]["pointer"]) == (
        409,
        "royalty_above_whole",
        "/body/amount",
    )
    assert problem["highest_amount"] == "100.00"
    left = await client.put(
        f"{path}/proxy", json={"maximum": "100.01"}, headers=headers | {"Idempotency-Key": "rate-max-01"}
    )
    assert (left.status_code, left.json()["errors"][0]["pointer"]) == (409, "/body/maximum")
    whole = await client.post(
        f"{path}/bids", json=bid | {"amount": "100.00"}, headers=headers | {"Idempotency-Key": "rate-100-00"}
    )
    assert (whole.status_code, whole.json()["amount"]) == (201, {"amount": "100.00", "currency": "%"})


async def test_a_yearly_fee_that_was_bid_is_awarded_for_all_its_years(database: Database) -> None:
    asked = terms("120000.00", "10000.00", kind="annual_fee", years=5)
    sale = await sale_of(database, make_started, terms=asked)
    async with database.transaction() as session:
        await place(session, sale, sale.bidders[0], "130000.00")
        await close(session, sale)
        award = (
            await session.execute(select(AwardRow).where(AwardRow.offering_id == sale.offering_id))
        ).scalar_one()
        assert award.amount_minor == 65_000_000
        assert (award.price["annual_minor"], award.price["years"]) == (13_000_000, 5)
