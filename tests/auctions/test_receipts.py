"""A bid's receipt: it comes with the answer, verifies without the market, and is the same for every repeat."""

import asyncio
from typing import Any

import httpx
import pytest

from app.db.session import Database
from app.kit.ids import new_id
from app.kit.money import fen, yuan
from app.signing.rules.receipts import verify_receipt
from tests.concurrency.test_auctions import STEP, started


async def _keys(client: httpx.AsyncClient) -> dict[str, bytes]:
    told = (await client.get("/v1/keys")).json()["data"]
    return {key["id"]: bytes.fromhex(key["public_key"]) for key in told}


async def _bids(client: httpx.AsyncClient, database: Database, count: int) -> list[httpx.Response]:
    """Bids of two in turn: each one's first by itself, so that both are known here, the others at once."""
    sale = await started(database, bidders=2)

    async def bid(number: int) -> httpx.Response:
        return await client.post(
            f"/v1/auctions/{sale.auction_id}/bids",
            json={"amount": yuan(fen("2000000.00") + STEP * number)},
            headers=sale.bidders[number % 2].headers | {"Idempotency-Key": new_id().hex},
        )

    first = [await bid(number) for number in range(min(count, 2))]
    return [*first, *await asyncio.gather(*(bid(number) for number in range(2, count)))]


async def test_every_accepted_bid_carries_a_receipt_that_verifies_by_itself(
    client: httpx.AsyncClient, database: Database
) -> None:
    answers = await _bids(client, database, 12)
    accepted = [answer.json() for answer in answers if answer.status_code == 201]
    keys = await _keys(client)
    assert len(accepted) >= 2
    for bid in accepted:
        receipt = bid["receipt"]
        assert (receipt["auction_id"], receipt["seq"], receipt["hash"]) == (
            bid["auction_id"],
            bid["seq"],
            bid["hash"],
        )
        assert verify_receipt(receipt, keys) is None
    # One signature for all that were written together.
    assert len({bid["receipt"]["signature"] for bid in accepted}) < len(accepted)


@pytest.mark.parametrize(
    "changed", [{"seq": 1}, {"hash": "00" * 32}, {"signed_at": "2026-01-01T00:00:00.000000Z"}]
)
async def test_a_receipt_that_says_something_else_does_not_verify(
    client: httpx.AsyncClient, database: Database, changed: dict[str, Any]
) -> None:
    (answer,) = await _bids(client, database, 1)
    assert verify_receipt(answer.json()["receipt"] | changed, await _keys(client)) is not None
