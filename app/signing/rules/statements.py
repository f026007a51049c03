"""What the market signs, and who may check it: keys by their id, statements as canonical JSON, Ed25519 (RFC 8032)."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.kit.canonical import canonical

ALGORITHM: Final = "ed25519"
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


def key_id(public_key: bytes) -> str:
    """The name of a key, which follows from the key itself: `ed25519-` and 16 hexadecimal digits of its SHA-256."""
    return f"{ALGORITHM}-{sha256(public_key).hexdigest()[:16]}"


@dataclass(frozen=True)
class Signature:
    """A signature and the name of the key that made it."""

    key_id: str
    value: bytes


def is_signed(statement: Mapping[str, Any], signature: bytes, public_key: bytes) -> bool:
    """Whether the key signed the statement's canonical JSON. Never raises for wrong bytes of any length."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, canonical(statement))
    except (InvalidSignature, ValueError):
        return False
    return True
