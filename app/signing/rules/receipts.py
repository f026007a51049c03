"""Batches and receipts: one signature for many entries of chains, and what each entry's holder takes home.

A batch is a Merkle tree over entries of one or more chains. Its leaf is the chain's id (16 bytes), the entry's `seq`
(8 bytes, big-endian) and the entry's hash (32 bytes). The tree's root is signed, once. A receipt is an entry with its
path to the signed root: it proves by itself that the market had this entry at this place, whatever is shown later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.signing.rules.merkle import Tree, root_of_path
from app.signing.rules.statements import SIGNATURE_BYTES, Signature, is_signed

ALGORITHM: Final = "ed25519/rfc6962-sha256/1"
"""The signature, the tree and the form of leaf and statement, in one name that a receipt carries."""


@dataclass(frozen=True)
class Entry:
    """One entry of a chain."""

    chain_id: UUID
    seq: int
    hash: bytes


def leaf_of(chain_id: UUID, seq: int, digest: bytes) -> bytes:
    """The bytes that stand for an entry in a tree."""
    return chain_id.bytes + seq.to_bytes(8, "big") + digest


def batch_statement(*, key_id: str, root: bytes, size: int, signed_at: str) -> dict[str, Any]:
    """What is signed for a batch. `signed_at` is market time as it is written on the wire."""
    return {
        "algorithm": ALGORITHM,
        "key_id": key_id,
        "kind": "batch",
        "root": root.hex(),
        "signed_at": signed_at,
        "size": size,
    }


class Batch:
    """Signed entries in their order. Made by a `Signer`; nothing of it is secret."""

    def __init__(self, entries: Sequence[Entry], tree: Tree, signature: Signature, signed_at: str) -> None:
        self.entries, self.tree, self.signature, self.signed_at = entries, tree, signature, signed_at

    @property
    def root(self) -> bytes:
        """What was signed."""
        return self.tree.root

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.tree.size

    def receipt(self, index: int) -> dict[str, Any]:
        """The receipt of one entry, as plain JSON values."""
        entry = self.entries[index]
        return receipt(
            entry,
            root=self.root,
            path=self.tree.path(index),
            size=self.size,
            index=index,
            signature=self.signature,
            signed_at=self.signed_at,
        )


def receipt(
    entry: Entry,
    *,
    root: bytes,
    path: Sequence[bytes],
    size: int,
    index: int,
    signature: Signature,
    signed_at: str,
) -> dict[str, Any]:
    """A receipt as plain JSON values; bytes are lower-case hexadecimal."""
    return {
        "algorithm": ALGORITHM,
        "auction_id": str(entry.chain_id),
        "seq": entry.seq,
        "hash": entry.hash.hex(),
        "size": size,
        "index": index,
        "path": [step.hex() for step in path],
        "root": root.hex(),
        "signed_at": signed_at,
        "key_id": signature.key_id,
        "signature": signature.value.hex(),
    }


class Fault(StrEnum):
    """What is wrong with a receipt."""

    MALFORMED = "receipt_malformed"
    UNKNOWN_ALGORITHM = "receipt_algorithm_unknown"
    UNKNOWN_KEY = "receipt_key_unknown"
    PATH = "receipt_path_wrong"
    SIGNATURE = "receipt_signature_wrong"


FIELDS: Final[dict[str, type]] = {
    "algorithm": str,
    "auction_id": str,
    "seq": int,
    "hash": str,
    "size": int,
    "index": int,
    "path": list,
    "root": str,
    "signed_at": str,
    "key_id": str,
    "signature": str,
}
"""Every field of a receipt and its JSON type. There are no others."""


def unhex(told: Any, size: int) -> bytes:
    """So many bytes from their one spelling, lower-case hexadecimal. Raises `ValueError` for any other."""
    found = bytes.fromhex(told) if isinstance(told, str) else b""
    if len(found) != size or found.hex() != told:
        raise ValueError("not the lower-case hexadecimal form of so many bytes")
    return found


@dataclass(frozen=True)
class _Parsed:
    leaf: bytes
    path: list[bytes]
    root: bytes
    signature: bytes


def _parse(told: Mapping[str, Any]) -> _Parsed | None:
    if set(told) != set(FIELDS) or any(type(told[name]) is not kind for name, kind in FIELDS.items()):
        return None
    try:
        chain_id = UUID(told["auction_id"])
        parsed = _Parsed(
            leaf_of(chain_id, told["seq"], unhex(told["hash"], 32)),
            [unhex(step, 32) for step in told["path"]],
            unhex(told["root"], 32),
            unhex(told["signature"], SIGNATURE_BYTES),
        )
    except (ValueError, OverflowError):
        return None
    return parsed if str(chain_id) == told["auction_id"] else None


def verify_receipt(told: Mapping[str, Any], public_keys: Mapping[str, bytes]) -> Fault | None:
    """The first thing wrong with a receipt, or None. `public_keys`: the market's keys by their id, 32 bytes each."""
    if told.get("algorithm") != ALGORITHM:
        return Fault.UNKNOWN_ALGORITHM
    parsed = _parse(told)
    if parsed is None:
        return Fault.MALFORMED
    if root_of_path(parsed.leaf, told["index"], told["size"], parsed.path) != parsed.root:
        return Fault.PATH
    key = public_keys.get(told["key_id"])
    if key is None:
        return Fault.UNKNOWN_KEY
    statement = batch_statement(
        key_id=told["key_id"], root=parsed.root, size=told["size"], signed_at=told["signed_at"]
    )
    return None if is_signed(statement, parsed.signature, key) else Fault.SIGNATURE
