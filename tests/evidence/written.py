"""Records written from the pure engine alone: what the service publishes, without a database."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any, Final
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.auctions.rules.commands import CallCompetition, Cancel, CancelReason, Resume, Suspend, SuspendReason
from app.auctions.rules.facts import BidPlaced, Fact, KnockedDown
from app.auctions.rules.record import CHAIN_ALGORITHM, digest_of, link, payload, texts_of
from app.evidence.rules.chain import HEAD_ALGORITHM, head_statement
from app.evidence.rules.checking import TERMS
from app.evidence.rules.shape import SCHEMA
from app.kit.dates import wire
from app.signing.port import KeySigner, sign_batch
from app.signing.rules.chain import GENESIS
from app.signing.rules.receipts import ALGORITHM, Entry
from tests.auctions.sale import START, Sale, competition, seconds, started

AUCTION: Final = UUID("0193f5a0-0000-7000-8000-000000000001")
SIGNER: Final = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS: Final = {SIGNER.key_id: SIGNER.public_key}
END: Final = START + seconds(3_900)


def sold(bids: int = 12) -> Sale:
    """A sale with bids in both phases, an interruption with notes, and extensions."""
    sale = started()
    sale.bids("3260", 200, START)
    sale.does(
        Suspend(reason=SuspendReason.SYSTEM_FAULT, note="网络中断，13800000000 来电"), START + seconds(9)
    )
    sale.does(Resume(note="恢复"), START + seconds(19))
    end = sale.now.ends_at
    assert end is not None
    at = end - seconds(1)
    for number in range(bids - 1):
        sale.bids("3172" if number % 2 == 0 else "3260", 210 + 10 * number, at)
        at += seconds(200)
    sale.ticks(at + timedelta(hours=1))
    return sale


def passed() -> Sale:
    """A sale without a bid."""
    sale = started()
    sale.ticks(END)
    return sale


def cancelled() -> Sale:
    """A listed sale's competition that was cancelled."""
    sale = Sale()
    command = competition()
    assert isinstance(command, CallCompetition)
    sale.does(command, START - seconds(9))
    sale.does(Cancel(reason=CancelReason.TITLE_DEFECT, document_no="甲1", note="权属争议"), START)
    return sale


def document_of(sale: Sale, *, signer: KeySigner = SIGNER, batches_of: int = 5) -> dict[str, Any]:
    """The record of a sale: its entries in batches of so many, signed by one key."""
    entries, batches = _entries(sale.facts, signer, batches_of)
    last = sale.facts[-1]
    won = last if isinstance(last, KnockedDown) else None
    now = sale.now
    assert now.timetable is not None
    told = {
        "schema": SCHEMA,
        "chain_algorithm": CHAIN_ALGORITHM,
        "auction": {
            "id": str(AUCTION),
            "number": "PM-2026-000001",
            "offering_id": str(AUCTION),
            "title": "球形氮化硼导热垫片专利权转让",
            "seller_name": "某大学",
            "origin": "auction",
        },
        "terms": TERMS.dump_python(now.terms, mode="json"),
        "timetable": {name: wire(at) for name, at in vars(now.timetable).items()},
        "outcome": {
            "status": str(now.status),
            "bidder_code": won.bidder_code if won else None,
            "amount_minor": won.amount_minor if won else None,
            "ended_at": wire(last.at),
            "ends_at": wire(now.ends_at) if now.ends_at else None,
            "extension_count": now.extension_count,
            "bid_count": now.bid_no,
            "by_priority": bool(won and won.by_priority),
            "award_minor": won.amount_minor if won else None,
            "winner_name": None,
        },
        "facts": entries,
        "bids": [_bid(fact) for fact in sale.facts if isinstance(fact, BidPlaced)],
        "batches": batches,
        "head": head_of(entries[-1], wire(last.at), signer),
        "keys": [_key(signer)],
    }
    copied: dict[str, Any] = orjson.loads(orjson.dumps(told))
    return copied


def head_of(
    entry: dict[str, Any], at: str, signer: KeySigner = SIGNER, *, auction_id: str = str(AUCTION)
) -> dict[str, Any]:
    """The signed head of a record that ends with this entry."""
    statement = head_statement(
        auction_id=auction_id, seq=entry["seq"], digest=entry["hash"], key_id=signer.key_id, signed_at=at
    )
    return {
        "seq": entry["seq"],
        "hash": entry["hash"],
        "signed_at": at,
        "algorithm": HEAD_ALGORITHM,
        "key_id": signer.key_id,
        "signature": signer.sign(statement).value.hex(),
    }


def rewritten(told: dict[str, Any], *, signer: KeySigner = SIGNER, batches_of: int = 5) -> dict[str, Any]:
    """The record after whoever holds the key has numbered, hashed and signed all of it again: only its content tells."""
    head = GENESIS
    for seq, entry in enumerate(told["facts"], 1):
        entry.update(seq=seq, previous=head.hex())
        content = {name: entry[name] for name in ("kind", "at", "payload")}
        head = digest_of(told["auction"]["id"], seq=seq, previous=head, **content)
        entry["hash"] = head.hex()
    told["batches"] = seal(told["facts"], signer, batches_of, auction=UUID(told["auction"]["id"]))
    last = told["facts"][-1]
    told["head"] = head_of(last, told["head"]["signed_at"], signer, auction_id=told["auction"]["id"])
    told["keys"] = [_key(signer)]
    return told


def _key(signer: KeySigner) -> dict[str, Any]:
    return {
        "id": signer.key_id,
        "public_key": signer.public_key.hex(),
        "valid_from": "2026-01-01T00:00:00.000000Z",
        "valid_until": None,
    }


def _entries(
    facts: Sequence[Fact], signer: KeySigner, batches_of: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    head, entries = GENESIS, []
    for fact in facts:
        salts = {name: secrets.token_bytes(16) for name in texts_of(fact)}
        digest = link(AUCTION, fact, head, salts)
        entries.append(
            {
                "seq": fact.seq,
                "kind": fact.kind,
                "at": wire(fact.at),
                "payload": payload(fact, salts),
                "previous": head.hex(),
                "hash": digest.hex(),
                "texts": {
                    name: {"salt": salts[name].hex(), "text": text, "redaction": None}
                    for name, text in texts_of(fact).items()
                },
            }
        )
        head = digest
    return entries, seal(entries, signer, batches_of)


def seal(
    entries: list[dict[str, Any]], signer: KeySigner, batches_of: int, *, auction: UUID = AUCTION
) -> list[dict[str, Any]]:
    """Give entries their places in signed batches. Returns the batches."""
    batches: list[dict[str, Any]] = []
    for number in count():
        held = entries[number * batches_of : (number + 1) * batches_of]
        if not held:
            return batches
        signed_at = held[-1]["at"]
        batch = sign_batch(
            signer,
            [Entry(auction, entry["seq"], bytes.fromhex(entry["hash"])) for entry in held],
            _instant(signed_at),
        )
        for index, entry in enumerate(held):
            path = [step.hex() for step in batch.tree.path(index)]
            entry.update(batch=number, index=index, path=path)
        batches.append(
            {
                "root": batch.root.hex(),
                "size": batch.size,
                "signed_at": signed_at,
                "algorithm": ALGORITHM,
                "key_id": signer.key_id,
                "signature": batch.signature.value.hex(),
            }
        )
    raise AssertionError("count never ends")


def _instant(told: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(told)


def _bid(fact: BidPlaced) -> dict[str, Any]:
    return {
        "bid_no": fact.bid_no,
        "seq": fact.seq,
        "bidder_code": fact.bidder_code,
        "amount_minor": fact.amount_minor,
        "via": str(fact.via),
        "at": wire(fact.at),
    }
