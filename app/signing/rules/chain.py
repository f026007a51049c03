"""Hash chains and salted commitments: what every record of this market is made of. Pure.

Each link is SHA-256 over the hash before it and the canonical JSON of an entry, so that no entry can be changed, dropped
or put in between without every later hash changing. What may have to be taken away by law stands beside the chain, which
holds a commitment to it: SHA-256 over sixteen random bytes and its canonical JSON, so that nobody finds it by guessing.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from app.kit.canonical import canonical

GENESIS: Final = bytes(32)
"""What stands before the first entry of a chain."""

SALT_BYTES: Final = 16


def digest(previous: bytes, body: Mapping[str, Any]) -> bytes:
    """The hash of an entry: 32 bytes over the hash before it and the entry's one spelling."""
    return hashlib.sha256(previous + canonical(body)).digest()


def commitment(salt: bytes, value: Any) -> str:
    """The salted commitment to a value: SHA-256 over the salt and its canonical JSON, in hexadecimal."""
    return hashlib.sha256(salt + canonical(value)).hexdigest()
