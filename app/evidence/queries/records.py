"""The public record of an ended sale: exactly what is stored, so that its reader finds what a superuser changed.

Nothing is folded, checked or mended here. The facts come from the events, the bids from the bids, the outcome from the
sale's own row and its award: where one of them was changed, the verifier sees that they differ.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.auctions import queries as auctions
from app.auctions.rules.record import CHAIN_ALGORITHM
from app.auctions.rules.terms import Organiser
from app.auctions.states import ENDED, AuctionStatus
from app.auctions.tables import AuctionEventRow, AuctionRow, AuctionTextRow, BidRow
from app.evidence.errors import RecordNotReady
from app.evidence.queries.batches import Signed, signed
from app.evidence.rules.shape import SCHEMA
from app.evidence.states import RedactionStatus
from app.evidence.tables import RedactionRow
from app.identity.tables import PartyRow
from app.kit.dates import wire
from app.markets.tables import AwardRow
from app.signing.tables import SignedHeadRow, SigningKeyRow

TIMETABLE = ("registration_opens_at", "registration_closes_at", "deposit_due_at", "starts_at")


async def record(session: AsyncSession, auction_id: UUID) -> dict[str, Any]:
    """The record as plain JSON values, in the form of `rules.shape.AuctionRecord`.

    Raises `NotFound` for a sale that was never announced, `RecordNotReady` before it has ended and its head is signed.
    """
    row = await auctions.visible_row(session, None, auction_id)
    head = await session.get(SignedHeadRow, auction_id)
    if row.status not in ENDED or head is None:
        raise RecordNotReady(status_now=row.status)
    seller = await session.get_one(PartyRow, row.seller_party_id)
    held = await signed(session, auction_id)
    return {
        "schema": SCHEMA,
        "chain_algorithm": CHAIN_ALGORITHM,
        "auction": {
            "id": str(row.id),
            "number": row.number,
            "offering_id": str(row.offering_id),
            "title": row.title,
            "seller_name": seller.name,
            "origin": row.origin,
        },
        "terms": row.terms,
        "timetable": {name: wire(getattr(row, name)) for name in TIMETABLE},
        "outcome": await _outcome(session, row),
        "facts": await _facts(session, row, held),
        "bids": await _bids(session, row),
        "batches": batches_of(held),
        "head": {
            "seq": head.seq,
            "hash": head.hash.hex(),
            "signed_at": wire(head.signed_at),
            "algorithm": head.algorithm,
            "key_id": head.key_id,
            "signature": head.signature.hex(),
        },
        "keys": await keys_of(session, {head.key_id, *(batch.key_id for _, batch in held.ranges)}),
    }


def batches_of(held: Signed) -> list[dict[str, Any]]:
    """The signed batches of a record."""
    return [
        {
            "root": batch.root.hex(),
            "size": batch.size,
            "signed_at": wire(batch.signed_at),
            "algorithm": batch.algorithm,
            "key_id": batch.key_id,
            "signature": batch.signature.hex(),
        }
        for _, batch in held.ranges
    ]


async def _outcome(session: AsyncSession, row: AuctionRow) -> dict[str, Any]:
    award = await session.get(AwardRow, row.award_id) if row.award_id else None
    named = row.terms.get("organiser") == Organiser.LICENSED_AUCTION_HOUSE and award is not None
    winner = await session.get(PartyRow, award.buyer_party_id) if named and award is not None else None
    sold = row.status == AuctionStatus.AWARDED
    taken = (row.folded.get("priority") or {}).get("taken_by")
    return {
        "status": row.status,
        "bidder_code": (taken["code"] if taken else row.leader_code) if sold else None,
        "amount_minor": row.current_minor if sold else None,
        "ended_at": _instant(row.last_at),
        "ends_at": _instant(row.ends_at),
        "extension_count": row.extension_count,
        "bid_count": row.bid_no,
        "by_priority": sold and (taken is not None or (row.folded.get("lead") or {}).get("rank") is not None),
        "award_minor": award.amount_minor if award else None,
        "winner_name": winner.name if winner else None,
    }


async def _facts(session: AsyncSession, row: AuctionRow, held: Signed) -> list[dict[str, Any]]:
    texts = await _texts(session, row.id)
    found = await session.execute(
        select(AuctionEventRow).where(AuctionEventRow.auction_id == row.id).order_by(AuctionEventRow.seq)
    )
    entries = []
    for event in found.scalars():
        place = held.place_of(event.seq)
        tree = held.trees[held.ranges[place[0]][1].id] if place else None
        inside = place is not None and tree is not None and place[1] < tree.size
        entries.append(
            {
                "seq": event.seq,
                "kind": event.kind,
                "at": wire(event.at),
                "payload": event.payload,
                "previous": event.prev_hash.hex(),
                "hash": event.hash.hex(),
                "texts": texts.get(event.seq, {}),
                "batch": place[0] if place else None,
                "index": place[1] if place else None,
                "path": [step.hex() for step in tree.path(place[1])] if inside and tree and place else [],
            }
        )
    return entries


async def _texts(session: AsyncSession, auction_id: UUID) -> Mapping[int, dict[str, Any]]:
    texts: dict[int, dict[str, Any]] = {}
    gone = await _redactions(session, auction_id)
    found = await session.execute(select(AuctionTextRow).where(AuctionTextRow.auction_id == auction_id))
    for text in found.scalars():
        texts.setdefault(text.seq, {})[text.field] = {
            "salt": text.salt.hex() if text.salt is not None else None,
            "text": text.text,
            "redaction": gone.get((text.seq, text.field)),
        }
    return texts


async def _redactions(session: AsyncSession, auction_id: UUID) -> dict[tuple[int, str], dict[str, Any]]:
    asking, deciding = aliased(PartyRow), aliased(PartyRow)
    found = await session.execute(
        select(RedactionRow, asking.name, deciding.name)
        .join(asking, asking.id == RedactionRow.requested_party_id)
        .join(deciding, deciding.id == RedactionRow.decided_party_id)
        .where(RedactionRow.auction_id == auction_id, RedactionRow.status == RedactionStatus.DONE)
    )
    return {
        (row.seq, row.field): {
            "reason": row.reason,
            "document_no": row.document_no,
            "requested_by": requested_by,
            "decided_by": decided_by,
            "at": _instant(row.decided_at),
        }
        for row, requested_by, decided_by in found
    }


async def _bids(session: AsyncSession, row: AuctionRow) -> list[dict[str, Any]]:
    found = await session.execute(select(BidRow).where(BidRow.auction_id == row.id).order_by(BidRow.bid_no))
    return [
        {
            "bid_no": bid.bid_no,
            "seq": bid.seq,
            "bidder_code": bid.bidder_code,
            "amount_minor": bid.amount_minor,
            "via": bid.via,
            "at": wire(bid.at),
        }
        for bid in found.scalars()
    ]


async def keys_of(session: AsyncSession, named: set[str]) -> list[dict[str, Any]]:
    """The public keys that a record names, with the time in which each signs."""
    found = await session.execute(
        select(SigningKeyRow)
        .where(SigningKeyRow.id.in_(named))
        .order_by(SigningKeyRow.valid_from, SigningKeyRow.id)
    )
    return [
        {
            "id": key.id,
            "public_key": key.public_key.hex(),
            "valid_from": wire(key.valid_from),
            "valid_until": _instant(key.valid_until),
        }
        for key in found.scalars()
    ]


def _instant(at: datetime | None) -> str | None:
    return wire(at) if at is not None else None
