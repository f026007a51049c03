"""The record of an auction: facts appended with their chain, texts and bids beside them, signed, and read back."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.auctions.repository.beside import Sender
from app.auctions.repository.rows import fold_into, snapshot_of
from app.auctions.rules import engine
from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.record import digest_of, fact_of, payload_of, texts_of
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import MACHINE, AuctionStatus
from app.auctions.tables import AuctionEventRow, AuctionRow, AuctionTextRow
from app.db import plain
from app.kit.dates import wire
from app.signing.actions import sign_entries
from app.signing.rules.chain import commitment
from app.signing.rules.receipts import Batch, Entry

SALT_BYTES: Final = 16

_NOT_SENT_NOW: Final = (BidVia.PROXY, BidVia.SEALED)
NOBODY: Final[Mapping[str, Sender]] = MappingProxyType({})


@dataclass
class Draft:
    """What decisions on one locked auction add to its record, before it is stored.

    Each decision is entered at once, so that the next one is judged on it.
    """

    row: AuctionRow
    now: Snapshot
    head: bytes
    events: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    bids: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[AuctionStatus] = field(default_factory=list)

    @classmethod
    def of(cls, row: AuctionRow) -> "Draft":
        """A draft that continues the record of a locked row."""
        return cls(row, snapshot_of(row), row.chain_head)

    def enter(
        self,
        facts: Sequence[Fact],
        *,
        sender: Sender | None = None,
        proxies: Mapping[str, Sender] = NOBODY,
        after: Snapshot | None = None,
    ) -> dict[int, bytes]:
        """Enter the facts of one decision. Returns the hash of each by its `seq`.

        sender: who sent a person's bid; proxies: who left the maxima that bid by themselves, or the envelopes that are
        opened, by code; after: what the engine has come to by applying these facts to this draft's snapshot.
        """
        digests: dict[int, bytes] = {}
        known = after if len(facts) == 1 else None
        for fact in facts:
            before, self.now = self.now.status, known or engine.apply(self.now, fact)
            if before is not self.now.status:
                self.statuses.append(self.now.status)
            texts = texts_of(fact)
            salts = {name: secrets.token_bytes(SALT_BYTES) for name in texts}
            body = payload_of(fact, {name: commitment(salts[name], text) for name, text in texts.items()})
            digest = digest_of(
                str(self.row.id),
                seq=fact.seq,
                kind=fact.kind,
                at=wire(fact.at),
                payload=body,
                previous=self.head,
            )
            self.events.append(
                {
                    "auction_id": self.row.id,
                    "seq": fact.seq,
                    "kind": fact.kind,
                    "payload": body,
                    "at": fact.at,
                    "prev_hash": self.head,
                    "hash": digest,
                }
            )
            for name, text in texts.items():
                self.texts.append(
                    {
                        "auction_id": self.row.id,
                        "seq": fact.seq,
                        "field": name,
                        "salt": salts[name],
                        "text": text,
                    }
                )
            self.head = digests[fact.seq] = digest
            if isinstance(fact, BidPlaced):
                by = proxies[fact.bidder_code] if fact.via in _NOT_SENT_NOW else sender
                self.bids.append(_bid(self.row, fact, by))
        return digests

    def fold(self) -> None:
        """Write what the draft came to into the row."""
        for status in self.statuses:
            MACHINE.advance(self.row, status)
        self.statuses.clear()
        fold_into(self.row, self.now)
        self.row.chain_head = self.head


_APPEND_EVENTS: Final = (
    "INSERT INTO auction_events (auction_id, seq, kind, payload, at, prev_hash, hash)"
    " SELECT e.auction_id, e.seq, e.kind, e.payload::jsonb, e.at, e.prev_hash, e.hash"
    " FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[], $7::bytea[])"
    " AS e (auction_id, seq, kind, payload, at, prev_hash, hash)"
)
_APPEND_BIDS: Final = (
    "INSERT INTO bids (auction_id, bid_no, seq, registration_id, bidder_code, amount_minor, via, at, placed_by)"
    " SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::uuid[], $5::text[], $6::bigint[],"
    " $7::text[], $8::timestamptz[], $9::uuid[])"
)


async def append(session: AsyncSession, drafts: Sequence[Draft]) -> Batch | None:
    """Store and sign what drafts have entered: one statement for the events of all of them, one for the bids, and one
    signature. Returns what was signed, or None where this process does not sign.
    """
    events = [event for draft in drafts for event in draft.events]
    if not events:
        return None
    await plain.post(session, _APPEND_EVENTS, *plain.columns([_event_row(event) for event in events]))
    texts = [told for draft in drafts for told in draft.texts]
    if texts:
        await plain.settle(session)
        await session.execute(insert(AuctionTextRow), texts)
    bids = [bid for draft in drafts for bid in draft.bids]
    if bids:
        await plain.post(session, _APPEND_BIDS, *plain.columns([tuple(bid.values()) for bid in bids]))
    entries = [Entry(event["auction_id"], event["seq"], event["hash"]) for event in events]
    return await sign_entries(session, entries, max(event["at"] for event in events))


def _event_row(event: dict[str, Any]) -> tuple[Any, ...]:
    return tuple((event | {"payload": orjson.dumps(event["payload"]).decode()}).values())


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
    texts = await _texts_of(session, auction_id, [row.seq for row in rows if _holds_text(row.payload)])
    return [
        (
            fact_of(seq=row.seq, at=row.at, kind=row.kind, payload=row.payload, texts=texts.get(row.seq, {})),
            row.hash,
        )
        for row in rows
    ]


_FACTS_AFTER: Final = "SELECT seq, at, kind, payload, hash FROM auction_events WHERE auction_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"


async def facts_at_a_glance(
    connection: AsyncConnection, auction_id: UUID, after: int, limit: int
) -> list[tuple[Fact, bytes]] | None:
    """The same in one round trip, for who is told of news and wants them within a millisecond.

    None where there is a text among them, which is read with `facts_of`. Raises `OSError` when the database is away.
    """
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    try:
        rows = await driver.fetch(_FACTS_AFTER, auction_id, after, limit)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ConnectionError(type(error).__name__) from error
    told = []
    for seq, at, kind, stored, digest in rows:
        if _holds_text(stored):
            return None
        told.append((fact_of(seq=seq, at=at, kind=kind, payload=stored, texts={}), digest))
    return told


def _holds_text(payload: Mapping[str, Any]) -> bool:
    return any(isinstance(value, dict) and value.keys() == {"commitment"} for value in payload.values())


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
