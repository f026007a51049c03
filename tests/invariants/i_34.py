"""I-34. The record, written down and read again, replays to the same winner, price, end and extensions."""

import json

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.rules import engine
from app.auctions.rules.record import fact_of, payload, texts_of
from tests.invariants.record import Record, require
from tests.invariants.stored import Stored

SALTS = {"note": bytes(16)}


def of_record(record: Record) -> None:
    """From its draft alone, through JSON and back."""
    read = [
        fact_of(
            seq=fact.seq,
            at=fact.at,
            kind=fact.kind,
            payload=json.loads(json.dumps(payload(fact, SALTS))),
            texts=texts_of(fact),
        )
        for fact in record.facts
    ]
    require(read == list(record.facts), "I-34", "a fact reads back as another one")
    require(engine.replay(record.first, read) == record.now, "I-34", "a replay differs")


async def of_database(_: AsyncSession, sale: Stored) -> None:
    """What the row says is what its record says."""
    now = repository.snapshot_of(sale.row)
    require(sale.record.now == now, "I-34", f"the record gives {sale.record.now}, the row is {now}")
