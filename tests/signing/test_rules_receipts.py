"""Receipts: what is signed for many proves each one, and nothing else."""

import random
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.kit.canonical import canonical
from app.signing.port import KeySigner, sign_batch
from app.signing.rules.receipts import FIELDS, Entry, Fault, verify_receipt

AT = datetime(2026, 11, 25, 1, 2, 3, 4, UTC)
FIRST = UUID("0193f5a0-0000-7000-8000-000000000001")
SECOND = UUID("0193f5a0-0000-7000-8000-000000000002")
SIGNER = KeySigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEYS = {SIGNER.key_id: SIGNER.public_key}


def entries(*counts: int) -> list[Entry]:
    """Entries of the first chain, then of the second."""
    return [
        Entry(chain, seq, sha256(bytes([seq])).digest())
        for chain, count in zip((FIRST, SECOND), counts, strict=False)
        for seq in range(5, 5 + count)
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 64, 100])
def test_every_entry_of_a_batch_has_a_receipt_that_verifies_by_itself(count: int) -> None:
    batch = sign_batch(SIGNER, entries(count, 3), AT)
    for index, entry in enumerate(batch.entries):
        told = orjson.loads(orjson.dumps(batch.receipt(index)))
        assert (told["auction_id"], told["seq"], told["hash"]) == (
            str(entry.chain_id),
            entry.seq,
            entry.hash.hex(),
        )
        assert verify_receipt(told, KEYS) is None


def test_a_receipt_says_exactly_this() -> None:
    # If this fails, receipts that were handed out no longer verify: give the algorithm a new name instead.
    told = sign_batch(SIGNER, entries(1), AT).receipt(0)
    digest = sha256(bytes([5])).digest()
    root = sha256(b"\x00" + FIRST.bytes + b"\x00\x00\x00\x00\x00\x00\x00\x05" + digest).hexdigest()
    statement = (
        f'{{"algorithm":"ed25519/rfc6962-sha256/1","key_id":"{SIGNER.key_id}","kind":"batch","root":"{root}",'
        '"signed_at":"2026-11-25T01:02:03.000004Z","size":1}'
    )
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    assert told == {
        "algorithm": "ed25519/rfc6962-sha256/1",
        "auction_id": str(FIRST),
        "seq": 5,
        "hash": digest.hex(),
        "size": 1,
        "index": 0,
        "path": [],
        "root": root,
        "signed_at": "2026-11-25T01:02:03.000004Z",
        "key_id": "ed25519-" + sha256(key.public_key().public_bytes_raw()).hexdigest()[:16],
        "signature": key.sign(statement.encode()).hex(),
    }


def _other(value: Any, chance: random.Random) -> Any:
    """Another value of the same type."""
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 256])
    if isinstance(value, list):
        return chance.choice([value[:-1], [*value, value[0]], list(reversed(value))])
    place = chance.randrange(len(value))
    return value[:place] + chance.choice("0123456789abcdef".replace(value[place], "")) + value[place + 1 :]


def test_no_receipt_that_was_changed_verifies() -> None:
    chance = random.Random(20261125)
    batch = sign_batch(SIGNER, entries(11, 5), AT)
    for _ in range(600):
        told = batch.receipt(chance.randrange(batch.size))
        name = chance.choice(sorted(FIELDS))
        told[name] = _other(told[name], chance)
        assert verify_receipt(told, KEYS) is not None, name


def test_a_receipt_says_what_is_wrong_with_it() -> None:
    batch = sign_batch(SIGNER, entries(4), AT)
    good = batch.receipt(2)
    other = KeySigner(Ed25519PrivateKey.generate())
    forged = sign_batch(other, batch.entries, AT).receipt(2) | {"key_id": SIGNER.key_id}
    cases: list[tuple[dict[str, Any], Fault]] = [
        (good | {"seq": 8}, Fault.PATH),
        (good | {"algorithm": "md5"}, Fault.UNKNOWN_ALGORITHM),
        (good | {"hash": good["hash"].upper()}, Fault.MALFORMED),
        (good | {"auction_id": good["auction_id"].replace("-", "")}, Fault.MALFORMED),
        (good | {"size": True}, Fault.MALFORMED),
        (good | {"extra": 1}, Fault.MALFORMED),
        ({name: good[name] for name in good if name != "path"}, Fault.MALFORMED),
        (good | {"seq": -1}, Fault.MALFORMED),
        (forged, Fault.SIGNATURE),
        (good | {"signed_at": "2026-11-25T01:02:03.000005Z"}, Fault.SIGNATURE),
    ]
    for told, fault in cases:
        assert verify_receipt(told, KEYS) is fault
    assert verify_receipt(good, {other.key_id: other.public_key}) is Fault.UNKNOWN_KEY
    assert verify_receipt({}, KEYS) is Fault.UNKNOWN_ALGORITHM


def test_canonical_json_is_sorted_and_tight_and_keeps_chinese() -> None:
    assert canonical({"b": 1, "a": ["起拍价", None, True]}) == '{"a":["起拍价",null,true],"b":1}'.encode()
    assert canonical('"\\/\n\u0001\u2028\x7f') == '"\\"\\\\/\\n\\u0001\u2028\x7f"'.encode()
    for wrong in ("\ud800", 2**64, b"bytes"):
        with pytest.raises(TypeError):
            canonical(wrong)
