"""Custodians' keys, and what is sealed to one of them: HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-128-GCM.

A seat holds one share. Its keys, a custodian's and his deputies', all open that same share, so that a seat never counts
twice. The server learns public keys only; a key is believed once its holder has opened something sealed to it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.kit.canonical import canonical

KEY_BYTES: Final = 32
SHARE_BYTES: Final = 32
SEALED_BYTES: Final = 32 + SHARE_BYTES + 16
"""HPKE's encapsulated key, the share, the tag."""

CHALLENGE_BYTES: Final = 32

_SUITE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)


class NotForThisKeyError(ValueError):
    """The bytes were not sealed to this key in this context, or were changed since."""


@dataclass(frozen=True)
class Seat:
    """One share's place. keys: the public keys of its custodian and his deputies, 32 bytes each, the custodian's first."""

    no: int
    keys: tuple[bytes, ...]


@dataclass(frozen=True)
class Custody:
    """Who can open together: any `threshold` of the seats, which are numbered from 1."""

    threshold: int
    seats: tuple[Seat, ...]


def public_bytes(key: X25519PrivateKey) -> bytes:
    """The public half, 32 bytes."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(public_key: bytes) -> str:
    """By what a key is named: 64 hexadecimal digits."""
    return hashlib.sha256(b"jishi/custodian-key/1\x00" + public_key).hexdigest()


def seal_to(public_key: bytes, plain: bytes, info: bytes) -> bytes:
    """The plaintext sealed to a key in a context; only there and by that key can it be opened."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public_key), info)


def open_with(key: X25519PrivateKey, sealed: bytes, info: bytes) -> bytes:
    """What was sealed. Raises `NotForThisKeyError`."""
    try:
        return _SUITE.decrypt(sealed, key, info)
    except (InvalidTag, ValueError) as error:
        raise NotForThisKeyError("not sealed to this key in this context, or changed since") from error


def challenge(public_key: bytes) -> tuple[bytes, bytes]:
    """A proof of possession asked of a key's holder: what he gets, and the digest of what he must answer."""
    answer = secrets.token_bytes(CHALLENGE_BYTES)
    return seal_to(public_key, answer, _proof_info(public_key)), digest_of_answer(answer)


def answer_challenge(key: X25519PrivateKey, sealed: bytes) -> bytes:
    """The answer that proves possession. Raises `NotForThisKeyError`."""
    return open_with(key, sealed, _proof_info(public_bytes(key)))


def digest_of_answer(answer: bytes) -> bytes:
    """What the server keeps of the answer that it expects."""
    return hashlib.sha256(b"jishi/possession/1\x00" + answer).digest()


def _proof_info(public_key: bytes) -> bytes:
    return canonical({"algorithm": "jishi-possession-1", "key": fingerprint(public_key)})
