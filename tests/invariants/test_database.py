"""The checkers of what is stored: silent on a whole sale, loud on each thing that is put out of order by hand."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories.auctions import Sale, close, make_started, place
from tests.invariants import Violation, check_database

TAMPERING = {
    "I-33": "UPDATE auction_events SET hash = decode(repeat('ab', 32), 'hex') WHERE auction_id = :id AND seq = 3",
    "I-02": "UPDATE bids SET amount_minor = amount_minor + 1 WHERE auction_id = :id AND bid_no = 2",
    "I-09": "UPDATE registrations SET bidder_code = '9999' WHERE id = (SELECT registration_id FROM bids"
    " WHERE auction_id = :id AND bid_no = 2)",
    "I-24": "DELETE FROM events WHERE subject_id = :id AND kind = 'auctions.bid_placed'",
    "I-34": "UPDATE auctions SET extension_count = extension_count + 1 WHERE id = :id",
    "I-18": "UPDATE deposits SET status = 'held', ended_at = NULL WHERE reference_id = (SELECT registration_id"
    " FROM bids WHERE auction_id = :id AND bid_no = 2)",
    "I-17": "UPDATE accounts SET balance_minor = balance_minor + 1 WHERE kind = 'bank' AND :id = :id",
    "I-05": "INSERT INTO idempotency_keys (actor_id, key, route, request_hash, status, body) SELECT"
    " gen_random_uuid(), 'invented', 'POST /v1/auctions/' || :id || '/bids', 'x', 201,"
    """ '{"bid_no": 99, "amount": {"amount": "1.00"}}'""",
}


@pytest.fixture
async def closed(session: AsyncSession) -> AsyncIterator[Sale]:
    sale = await make_started(session, bidders=3)
    for number, amount in enumerate(("2000000.00", "2100000.00", "2300000.00")):
        await place(session, sale, sale.bidders[number % 2], amount)
    await close(session, sale)
    yield sale


async def test_a_sale_that_was_played_to_its_end_violates_nothing(
    session: AsyncSession, closed: Sale
) -> None:
    kept = await check_database(session, closed.auction_id)
    assert kept.row.status == "awarded"
    assert len(kept.bids) == 3


@pytest.mark.parametrize("invariant", sorted(TAMPERING))
async def test_what_is_put_out_of_order_is_told_by_its_invariant(
    session: AsyncSession, closed: Sale, invariant: str
) -> None:
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    await session.execute(text(TAMPERING[invariant].replace(":id", f"'{closed.auction_id}'")))
    await session.flush()
    session.expire_all()
    with pytest.raises(Violation) as caught:
        await check_database(session, closed.auction_id)
    assert caught.value.invariant == invariant
