"""Tampering: 200 random changes of a record and 200 of the database's rows, each found, each at its place."""

import copy
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.record import digest_of
from app.evidence import queries
from app.evidence.rules.checking import verify_record
from app.kit.dates import wire
from app.signing.port import KeySigner
from tests.evidence.sales import make_ended
from tests.evidence.written import AUCTION, KEYS, SIGNER, document_of, seal, sold

SEED: Final = 20_261_125
COUNT: Final = 200
BATCH: Final = 5

Record = dict[str, Any]


def _other(value: Any, chance: random.Random) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([-100, -1, 1, 10_000_000])
    if isinstance(value, str) and value[:4].isdigit() and value.endswith("Z"):
        return wire(datetime.fromisoformat(value) + timedelta(seconds=chance.choice([-1, 1, 60])))
    if isinstance(value, str):
        place = chance.randrange(len(value)) if value else 0
        return (
            value[:place]
            + chance.choice("0123456789".replace(value[place : place + 1], ""))
            + value[place + 1 :]
        )
    if isinstance(value, dict) and value:
        name = chance.choice(sorted(value))
        return value | {name: _other(value[name], chance)}
    return "x"


def altered(told: Record, chance: random.Random) -> int:
    """A value of an entry's content, or the hash itself."""
    place = chance.randrange(len(told["facts"]))
    entry = told["facts"][place]
    name = chance.choice(["payload", "at", "kind", "hash", "previous"])
    if name == "payload" and not entry["payload"]:
        name = "at"
    entry[name] = "called" if name == "kind" else _other(entry[name], chance)
    return place + 1


def deleted(told: Record, chance: random.Random) -> int:
    """An entry is gone, wherever it stood."""
    place = chance.randrange(len(told["facts"]))
    del told["facts"][place]
    return place + 1


def inserted(told: Record, chance: random.Random) -> int:
    """A copy of one entry stands after another."""
    place = chance.randrange(1, len(told["facts"]))
    # Not beside itself: which of two that are the same is the copy cannot be told.
    others = [number for number in range(len(told["facts"])) if number not in (place - 1, place)]
    told["facts"].insert(place, copy.deepcopy(told["facts"][chance.choice(others)]))
    return place + 1


def reordered(told: Record, chance: random.Random) -> int:
    """Two neighbours have changed places."""
    place = chance.randrange(len(told["facts"]) - 1)
    facts = told["facts"]
    facts[place], facts[place + 1] = facts[place + 1], facts[place]
    return place + 1


def rehashed(told: Record, chance: random.Random, signer: KeySigner | None = None) -> int:
    """A price is changed and every hash after it is made again: only the signatures know."""
    bids = [place for place, entry in enumerate(told["facts"]) if entry["kind"] == "bid_placed"]
    place = chance.choice(bids)
    told["facts"][place]["payload"]["amount_minor"] += 10_000_000
    previous = told["facts"][place]["previous"]
    for entry in told["facts"][place:]:
        entry["previous"] = previous
        entry["hash"] = previous = digest_of(
            str(AUCTION),
            seq=entry["seq"],
            kind=entry["kind"],
            at=entry["at"],
            payload=entry["payload"],
            previous=bytes.fromhex(previous),
        ).hex()
    if signer is None:
        return place + 1
    # And signed again, under the name of the market's key: the first batch that was made again begins here.
    first = place // BATCH * BATCH
    batches = seal(told["facts"][first:], signer, BATCH)
    for entry in told["facts"][first:]:
        entry["batch"] += first // BATCH
    told["batches"][first // BATCH :] = [batch | {"key_id": SIGNER.key_id} for batch in batches]
    return first + 1


def resigned(told: Record, chance: random.Random) -> int:
    """The same, signed with a key of the forger's own."""
    return rehashed(told, chance, KeySigner(Ed25519PrivateKey.generate()))


WAYS: Final = (altered, deleted, inserted, reordered, rehashed, resigned)


def test_two_hundred_changes_of_a_record_are_found_at_their_places() -> None:
    chance = random.Random(SEED)
    honest = document_of(sold(30), batches_of=BATCH)
    assert verify_record(honest, pinned=KEYS).verified
    missed = []
    for number in range(COUNT):
        told, way = copy.deepcopy(honest), WAYS[number % len(WAYS)]
        before = orjson.dumps(told)
        place = way(told, chance)
        if orjson.dumps(told) == before:
            place = altered(told, chance)
        found = [one.seq for one in verify_record(told, pinned=KEYS).differences if one.seq is not None]
        if not found or min(found) != place:
            missed.append((number, way.__name__, place, sorted(set(found))))
    assert missed == []


# --- rows, by a superuser with the triggers off -----------------------------------------------------------------------

EVENTS: Final = "UPDATE auction_events SET {} WHERE auction_id = :sale AND seq = :seq"
OF_ENTRIES: Final[tuple[str, ...]] = (
    EVENTS.format("payload = payload || '{\"forged\": 1}'"),
    EVENTS.format("at = at + interval '1 microsecond'"),
    EVENTS.format("kind = 'called'"),
    EVENTS.format("hash = sha256(hash)"),
    EVENTS.format("prev_hash = sha256(prev_hash)"),
    EVENTS.format("seq = seq + 1000"),
    "DELETE FROM auction_events WHERE auction_id = :sale AND seq = :seq",
)
OF_BIDS: Final[tuple[str, ...]] = (
    "UPDATE auction_events SET payload = payload || '{\"amount_minor\": 260000000}' WHERE auction_id = :sale AND seq = :seq",
    'UPDATE auction_events SET payload = payload || \'{"bidder_code": "0000"}\' WHERE auction_id = :sale AND seq = :seq',
    "UPDATE bids SET amount_minor = amount_minor + 1 WHERE auction_id = :sale AND seq = :seq",
    "UPDATE bids SET bidder_code = '0000' WHERE auction_id = :sale AND seq = :seq",
    "UPDATE bids SET at = at - interval '1 second' WHERE auction_id = :sale AND seq = :seq",
    "DELETE FROM bids WHERE auction_id = :sale AND seq = :seq",
)
OF_SALES: Final[tuple[str, ...]] = (
    "UPDATE auctions SET current_minor = current_minor + 1 WHERE id = :sale",
    "UPDATE auctions SET leader_code = '0000' WHERE id = :sale",
    "UPDATE auctions SET ends_at = ends_at + interval '1 second' WHERE id = :sale",
    "UPDATE auctions SET extension_count = extension_count + 1 WHERE id = :sale",
    "UPDATE auctions SET terms = terms || '{\"window_seconds\": 60}' WHERE id = :sale",
    "UPDATE auctions SET starts_at = starts_at - interval '1 day' WHERE id = :sale",
    "UPDATE awards SET amount_minor = 1 WHERE offering_id = (SELECT offering_id FROM auctions WHERE id = :sale)",
    "UPDATE auction_texts SET text = '无事' WHERE auction_id = :sale",
    "DELETE FROM auction_texts WHERE auction_id = :sale",
    "UPDATE signed_heads SET hash = sha256(hash) WHERE chain_id = :sale",
    "UPDATE signed_heads SET seq = seq - 1 WHERE chain_id = :sale",
    "UPDATE signed_batches SET signature = decode(repeat('00', 64), 'hex')",
    "UPDATE signed_batches SET root = sha256(root)",
    "UPDATE signed_batches SET signed_at = signed_at + interval '1 second'",
    "DELETE FROM signed_ranges WHERE chain_id = :sale",
    "UPDATE signing_keys SET public_key = sha256(public_key)",
)


async def _found(session: AsyncSession, sale: Any, statement: str, seq: int | None) -> list[int | None]:
    """Where the verifier finds something wrong after a superuser's statement, which is then undone."""
    nested = await session.begin_nested()
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    named: dict[str, Any] = {
        name: value for name, value in (("sale", sale), ("seq", seq)) if f":{name}" in statement
    }
    await session.execute(text(statement), named)
    session.expire_all()
    told = orjson.loads(orjson.dumps(await queries.record(session, sale)))
    await nested.rollback()
    session.expire_all()
    return [one.seq for one in verify_record(told).differences]


async def test_two_hundred_changes_of_rows_by_a_superuser_are_found_at_their_places(
    session: AsyncSession,
) -> None:
    chance = random.Random(SEED)
    sale = await make_ended(session)
    told = await queries.record(session, sale.auction_id)
    assert verify_record(orjson.loads(orjson.dumps(told))).verified
    bids = [entry["seq"] for entry in told["facts"] if entry["kind"] == "bid_placed"]
    missed = []
    for number in range(COUNT):
        drawn: tuple[tuple[str, ...], Callable[[], int | None]] = (
            (OF_ENTRIES, lambda: chance.randint(1, len(told["facts"]))),
            (OF_BIDS, lambda: chance.choice(bids)),
            (OF_SALES, lambda: None),
        )[number % 3]
        statement, seq = drawn[0][number // 3 % len(drawn[0])], drawn[1]()
        found = await _found(session, sale.auction_id, statement, seq)
        if not found or (seq is not None and seq not in found):
            missed.append((statement, seq, found))
    assert missed == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))
def test_whoever_changes_a_record_again_and_again_is_found_each_time(way: Any) -> None:
    chance = random.Random(SEED + 1)
    for _ in range(10):
        told = document_of(sold(12), batches_of=BATCH)
        way(told, chance)
        assert not verify_record(told, pinned=KEYS).verified
