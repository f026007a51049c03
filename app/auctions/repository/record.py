"""The record of an auction: facts appended with their chain, bids beside them, and read back."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.repository.beside import Sender
from app.auctions.repository.rows import fold_into, snapshot_of
from app.auctions.rules import engine
from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.record import fact_of, link, payload
from app.auctions.states import MACHINE
from app.auctions.tables import AuctionEventRow, AuctionRow, BidRow

_NOT_SENT_NOW = (BidVia.PROXY, BidVia.SEALED)


async def save(
    session: AsyncSession,
    row: AuctionRow,
    facts: Sequence[Fact],
    *,
    sender: Sender | None = None,
    proxies: Mapping[str, Sender] = MappingProxyType({}),
) -> dict[int, bytes]:
    """Append the facts to the record and its chain, the bids among them to the bids, and fold them into the row.

    sender: who sent a person's bid; proxies: who left the maxima that bid by themselves, or the
    envelopes that are opened, by code. Returns the hash of
    each fact by its `seq`.
    """
    if not facts:
        return {}
    head, after = row.chain_head, snapshot_of(row)
    events: list[dict[str, Any]] = []
    for fact in facts:
        after = engine.apply(after, fact)
        if row.status != after.status:
            MACHINE.advance(row, after.status)
        digest = link(row.id, fact, head)
        events.append(
            {
                "auction_id": row.id,
                "seq": fact.seq,
                "kind": fact.kind,
                "payload": payload(fact),
                "at": fact.at,
                "prev_hash": head,
                "hash": digest,
            }
        )
        head = digest
    fold_into(row, after)
    row.chain_head = head
    await session.flush()
    await session.execute(insert(AuctionEventRow), events)
    bids = [fact for fact in facts if isinstance(fact, BidPlaced)]
    if bids:
        senders = [proxies[bid.bidder_code] if bid.via in _NOT_SENT_NOW else sender for bid in bids]
        await session.execute(
            insert(BidRow), [_bid(row, bid, by) for bid, by in zip(bids, senders, strict=True)]
        )
    return {event["seq"]: event["hash"] for event in events}


def _bid(row: AuctionRow, bid: BidPlaced, sender: Sender | None) -> dict[str, Any]:
    assert sender is not None
    return {
        "auction_id": row.id,
        "bid_no": bid.bid_no,
        "seq": bid.seq,
        "registration_id": sender.registration_id,
        "bidder_code": bid.bidder_code,
        "amount_minor": bid.amount_minor,
        "via": bid.via,
        "at": bid.at,
        "placed_by": sender.user_id,
    }


async def facts_of(
    session: AsyncSession, auction_id: UUID, after: int = 0, limit: int = 1_000
) -> list[tuple[Fact, bytes]]:
    """The public facts after a `seq`, in order, each with its hash."""
    found = await session.execute(
        select(AuctionEventRow)
        .where(AuctionEventRow.auction_id == auction_id, AuctionEventRow.seq > after)
        .order_by(AuctionEventRow.seq)
        .limit(limit)
    )
    return [
        (fact_of(seq=row.seq, at=row.at, kind=row.kind, payload=row.payload), row.hash)
        for row in found.scalars()
    ]
