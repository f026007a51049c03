"""I-05. One idempotency key has at most one effect, and keeps the answer that told of it."""

import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.http.tables import IdempotencyKeyRow
from tests.invariants.record import require
from tests.invariants.stored import Stored


async def of_database(session: AsyncSession, sale: Stored) -> None:
    """Each kept answer of a bid names a stored bid of its own, with its amount."""
    found = await session.execute(
        select(IdempotencyKeyRow.status, IdempotencyKeyRow.body).where(
            IdempotencyKeyRow.route == f"POST /v1/auctions/{sale.row.id}/bids"
        )
    )
    amounts = {bid.bid_no: bid.amount_minor for bid in sale.bids}
    named: set[int] = set()
    for status, body in found:
        require(status is not None, "I-05", "a key was kept without its answer")
        if status != 201:
            continue
        told = json.loads(body)
        number, amount = told["bid_no"], round(float(told["amount"]["amount"]) * 100)
        require(number not in named, "I-05", f"two keys made bid {number}")
        require(amounts.get(number) == amount, "I-05", f"a key tells of bid {number}, which is not stored")
        named.add(number)
