"""The public record as the service publishes it: complete, permanent, and what was signed."""

from typing import Any

import httpx
import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.repository.rows import stored_terms
from app.auctions.rules.terms import Organiser
from app.db.session import Database
from app.events.tables import EventRow
from app.evidence import queries
from app.evidence.actions import publish_head
from app.evidence.rules.checking import keys_of, verify_one_receipt, verify_record
from app.worker import Worker
from tests.evidence.sales import make_ended, make_interrupted
from tests.factories.auctions import CLOCK, Sale, make_draft, make_started
from tests.factories.auctions import close as end


async def record_of(session: AsyncSession, sale: Sale) -> Any:
    """The record as a reader gets it."""
    return orjson.loads(orjson.dumps(await queries.record(session, sale.auction_id)))


async def test_the_record_of_a_sold_lot_verifies_and_names_nobody_who_bid(session: AsyncSession) -> None:
    sale = await make_ended(session)
    row = await sale.row(session)
    told = await record_of(session, sale)
    report = verify_record(told, pinned=keys_of(told))
    assert report.differences == []
    assert report.facts == row.seq
    assert report.outcome["amount_minor"] == 250_000_000
    assert report.outcome["extension_count"] == row.extension_count == 4
    text = orjson.dumps(told).decode()
    for bidder in sale.bidders:
        assert str(bidder.party_id) not in text and str(bidder.user_id) not in text
    assert told["outcome"]["winner_name"] is None


async def test_the_record_of_a_lot_that_passed_in_verifies(session: AsyncSession) -> None:
    sale = await make_started(session)
    await end(session, sale)
    await publish_head(session, CLOCK, auction_id=sale.auction_id)
    report = verify_record(await record_of(session, sale))
    assert report.differences == []
    assert report.outcome["status"] == "passed_in"


async def test_a_licensed_houses_record_names_the_winner_as_its_confirmation_does(
    session: AsyncSession,
) -> None:
    sale = await make_ended(session)
    row = await sale.row(session)
    terms = repository.terms_of(row)
    row.terms = stored_terms(terms) | {"organiser": str(Organiser.LICENSED_AUCTION_HOUSE)}
    await session.flush()
    told = await record_of(session, sale)
    assert told["outcome"]["winner_name"] is not None
    assert told["outcome"]["winner_name"].startswith("测试")


async def test_every_entry_has_a_receipt_that_the_record_bears_out(session: AsyncSession) -> None:
    sale = await make_ended(session)
    told = await record_of(session, sale)
    for entry in told["facts"]:
        receipt = await queries.receipt(session, sale.auction_id, entry["seq"])
        assert verify_one_receipt(receipt, keys=keys_of(told), record=told).differences == []
    kept = await queries.receipt(session, sale.auction_id, 7)
    told["facts"][6]["hash"] = "0" * 64
    found = verify_one_receipt(kept, keys=keys_of(told), record=told).differences
    assert [(one.code, one.seq) for one in found] == [("receipt_differs_from_record", 7)]
    del told["facts"][6]
    found = verify_one_receipt(kept, keys=keys_of(told), record=told).differences
    assert [(one.code, one.seq) for one in found] == [("receipt_not_in_record", 7)]


async def test_the_close_publishes_the_signed_head_once(
    client: httpx.AsyncClient, database: Database, worker: Worker
) -> None:
    async with database.transaction() as session:
        sale = await make_started(session)
        await end(session, sale)
    await worker.drain()
    await worker.drain()
    async with database.transaction() as session:
        row = await sale.row(session)
        events = await session.execute(
            select(EventRow).where(
                EventRow.subject_id == sale.auction_id, EventRow.kind == "evidence.head_published"
            )
        )
        (event,) = events.scalars().all()
        assert not await publish_head(session, CLOCK, auction_id=sale.auction_id)
    assert (event.payload["seq"], event.payload["hash"]) == (row.seq, row.chain_head.hex())
    listed = (await client.get("/v1/heads")).json()["data"]
    (head,) = [head for head in listed if head["auction_id"] == str(sale.auction_id)]
    assert (head["hash"], head["signature"]) == (row.chain_head.hex(), event.payload["signature"])
    told = (await client.get(f"/v1/auctions/{sale.auction_id}/record")).json()
    keys = keys_of((await client.get("/v1/keys")).json())
    assert verify_record(told, pinned=keys).differences == []


async def test_a_record_is_absent_before_the_close_and_permanent_after_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        draft, running, ended = (
            await make_draft(session),
            await make_interrupted(session),
            await make_ended(session),
        )
    path = "/v1/auctions/{}/record"
    assert (await client.get(path.format(draft.auction_id))).status_code == 404
    early = await client.get(path.format(running.auction_id))
    assert (early.status_code, early.json()["code"]) == (409, "record_not_ready")
    answer = await client.get(path.format(ended.auction_id))
    assert answer.status_code == 200
    assert answer.json()["schema"] == "jishi/auction-record/1"
    again = await client.get(path.format(ended.auction_id), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.get(path.format(ended.auction_id))).content == answer.content


async def test_anybody_reads_a_receipt_while_the_sale_runs(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_interrupted(session)
        row = await sale.row(session)
    path = f"/v1/auctions/{sale.auction_id}/receipt"
    receipt = (await client.get(path, params={"seq": row.seq})).json()
    keys = keys_of((await client.get("/v1/keys")).json())
    assert verify_one_receipt(receipt, keys=keys).differences == []
    absent = await client.get(path, params={"seq": row.seq + 1})
    assert (absent.status_code, absent.json()["code"]) == (404, "receipt_absent")
