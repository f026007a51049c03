"""The record of an auction: facts appended with their chain, texts and bids beside them, signed, and read back."""

import secrets
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.repository.beside import Sender
from app.auctions.repository.rows import fold_into, snapshot_of
from app.auctions.rules import engine
from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.record import fact_of, link, payload, texts_of
from app.auctions.states import MACHINE
from app.auctions.tables import AuctionEventRow, AuctionRow, AuctionTextRow, BidRow
from app.signing.actions import sign_entries
from app.signing.rules.receipts import Entry

SALT_BYTES: Final = 16

_NOT_SENT_NOW = (BidVia.PROXY, BidVia.SEALED)


async def save(
    session: AsyncSession,
    row: AuctionRow,
    facts: Sequence[Fact],
    *,
    sender: Sender | None = None,
    proxies: Mapping[str, Sender] = MappingProxyType({}),
) -> dict[int, bytes]:
    """Append the facts to the record and its chain, sign them, add the bids among them, fold them into the row.

    sender: who sent a person's bid; proxies: who left the maxima that bid by themselves, or the
    envelopes that are opened, by code. Returns the hash of
    each fact by its `seq`.
    """
    if not facts:
        return {}
    head, after = row.chain_head, snapshot_of(row)
    events: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for fact in facts:
        after = engine.apply(after, fact)
        if row.status != after.status:
            MACHINE.advance(row, after.status)
        salts = {name: secrets.token_bytes(SALT_BYTES) for name in texts_of(fact)}
        digest = link(row.id, fact, head, salts)
        events.append(
            {
                "auction_id": row.id,
                "seq": fact.seq,
                "kind": fact.kind,
                "payload": payload(fact, salts),
                "at": fact.at,
                "prev_hash": head,
                "hash": digest,
            }
        )
        texts += _texts(row, fact, salts)
        head = digest
    fold_into(row, after)
    row.chain_head = head
    await session.flush()
    await session.execute(insert(AuctionEventRow), events)
    if texts:
        await session.execute(insert(AuctionTextRow), texts)
    entries = [Entry(row.id, event["seq"], event["hash"]) for event in events]
    await sign_entries(session, entries, facts[-1].at)
    bids = [fact for fact in facts if isinstance(fact, BidPlaced)]
    if bids:
        senders = [proxies[bid.bidder_code] if bid.via in _NOT_SENT_NOW else sender for bid in bids]
        await session.execute(
            insert(BidRow), [_bid(row, bid, by) for bid, by in zip(bids, senders, strict=True)]
        )
    return {event["seq"]: event["hash"] for event in events}


def _texts(row: AuctionRow, fact: Fact, salts: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"auction_id": row.id, "seq": fact.seq, "field": name, "salt": salts[name], "text": text}
        for name, text in texts_of(fact).items()
    ]


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
    rows = found.scalars().all()
    texts = await _texts_of(session, auction_id, [row.seq for row in rows if _holds_text(row)])
    return [
        (
            fact_of(seq=row.seq, at=row.at, kind=row.kind, payload=row.payload, texts=texts.get(row.seq, {})),
            row.hash,
        )
        for row in rows
    ]


def _holds_text(row: AuctionEventRow) -> bool:
    return any(isinstance(value, dict) and value.keys() == {"commitment"} for value in row.payload.values())


async def _texts_of(
    session: AsyncSession, auction_id: UUID, seqs: Sequence[int]
) -> dict[int, dict[str, str]]:
    """The texts of these entries that were not taken away, by `seq` and field."""
    texts: dict[int, dict[str, str]] = {}
    if seqs:
        found = await session.execute(
            select(AuctionTextRow).where(
                AuctionTextRow.auction_id == auction_id,
                AuctionTextRow.seq.in_(seqs),
                AuctionTextRow.text.is_not(None),
            )
        )
        for row in found.scalars():
            texts.setdefault(row.seq, {})[row.field] = row.text or ""
    return texts
