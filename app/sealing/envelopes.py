"""Sealing an envelope and opening it again.

A fresh content key encrypts the bid (AES-256-GCM); the key is split among the seats and each share sealed to its seat's
keys. A commitment fixes the content, one for each share fixes the split: shares of which some would open another key
are found by everybody, and their dealer is named.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import StringConstraints, TypeAdapter, ValidationError

from app.kit.canonical import canonical
from app.kit.schemas import Input
from app.sealing.custody import Custody, fingerprint, open_with, public_bytes, seal_to
from app.sealing.shamir import combine, split, value_at
from app.sealing.wire import ALGORITHM, CONTENT_BYTES, Envelope, Place, SealedShare

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SALT_BYTES: Final = 32

Random = Callable[[int], bytes]


class Kind(StrEnum):
    """What an envelope holds."""

    BID = "bid"
    NONE = "none"
    """Nothing: a dummy, or an envelope that its bidder took back."""


class Content(Input):
    """What is sealed. amount: exact yuan (or percent where the price is a rate) of a bid, else empty; as the code."""

    amount: Annotated[str, StringConstraints(pattern=r"^((0|[1-9][0-9]{0,13})\.[0-9]{2})?$")]
    code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{0,12}$")]
    kind: Kind
    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    def commitment(self, place: Place) -> bytes:
        """SHA-256 over the content and its place: fixes both, tells neither, for the salt is secret."""
        return hashlib.sha256(place.told("jishi-commitment-1", **self.model_dump(mode="json"))).digest()

    def padded(self) -> bytes:
        """Canonical JSON and spaces, `CONTENT_BYTES` in all."""
        return canonical(self.model_dump(mode="json")).ljust(CONTENT_BYTES)


_CONTENT: Final = TypeAdapter(Content)


class EnvelopeError(ValueError):
    """An envelope that does not open, or not to what it promised."""


class ShareDisagreesError(EnvelopeError):
    """A share is not the one to which the envelope is committed. seat: whose."""

    def __init__(self, seat: int) -> None:
        self.seat = seat
        super().__init__(f"the share of seat {seat} is not the one that the envelope is committed to")


class DealtFalselyError(EnvelopeError):
    """The committed shares do not lie on one polynomial: other custodians would have opened another key.

    No honest client makes such an envelope; its sealer is the culprit, and everybody can check it.
    """


class UnopenableError(EnvelopeError):
    """The key is the right one, and the content does not decrypt or cannot be read: a person must decide."""


class CommitmentDisagreesError(EnvelopeError):
    """The content is not the one that was committed to. Its sealer is the culprit."""


@dataclass(frozen=True)
class Opened:
    """What an envelope held, and its content key, with which anybody can open it again."""

    content: Content
    key: bytes


def bid(amount: str, code: str, random: Random = secrets.token_bytes) -> Content:
    """The content of a bid of so many yuan by the holder of a code."""
    return Content(amount=amount, code=code, kind=Kind.BID, salt=random(SALT_BYTES).hex())


def nothing(random: Random = secrets.token_bytes) -> Content:
    """The content of a dummy."""
    return Content(amount="", code="", kind=Kind.NONE, salt=random(SALT_BYTES).hex())


def seal(content: Content, place: Place, custody: Custody, random: Random = secrets.token_bytes) -> Envelope:
    """An envelope that any `threshold` seats open together, and fewer do not."""
    key, nonce = random(KEY_BYTES), random(NONCE_BYTES)
    commitment = content.commitment(place)
    shares = split(key, threshold=custody.threshold, seats=len(custody.seats), random=random)
    return Envelope(
        algorithm=ALGORITHM,
        auction_id=place.auction_id,
        round_no=place.round_no,
        envelope_id=place.envelope_id,
        commitment=commitment.hex(),
        nonce=nonce.hex(),
        ciphertext=AESGCM(key).encrypt(nonce, content.padded(), _bound(place, commitment)).hex(),
        share_commitments=[
            share_commitment(place, seat.no, share) for seat, share in zip(custody.seats, shares, strict=True)
        ],
        shares=[
            SealedShare(
                seat=seat.no,
                key=fingerprint(public),
                sealed=seal_to(public, share, _share_info(place, seat.no, fingerprint(public))).hex(),
            )
            for seat, share in zip(custody.seats, shares, strict=True)
            for public in seat.keys
        ],
    )


def fits(envelope: Envelope, place: Place, custody: Custody) -> bool:
    """Whether an envelope is of this place and addressed to exactly these seats and keys."""
    wanted = [(seat.no, fingerprint(public)) for seat in custody.seats for public in seat.keys]
    given = [(share.seat, share.key) for share in envelope.shares]
    return (
        envelope.place == place and given == wanted and len(envelope.share_commitments) == len(custody.seats)
    )


def share_commitment(place: Place, seat: int, share: bytes) -> str:
    """By which a seat's share is known again: 64 hexadecimal digits."""
    return hashlib.sha256(place.told("jishi-share-commitment-1", seat=seat) + b"\x00" + share).hexdigest()


def open_share(envelope: Envelope, key: X25519PrivateKey) -> tuple[int, bytes]:
    """The seat and the share that a custodian's key opens in an envelope.

    Raises `NotForThisKeyError` where nothing in it opens with this key, `ShareDisagreesError` where what opens is not
    what the envelope is committed to.
    """
    mine = fingerprint(public_bytes(key))
    found = next((share for share in envelope.shares if share.key == mine), None)
    sealed, seat = (bytes.fromhex(found.sealed), found.seat) if found else (b"", 0)
    share = open_with(key, sealed, _share_info(envelope.place, seat, mine))
    check_share(envelope, seat, share)
    return seat, share


def check_share(envelope: Envelope, seat: int, share: bytes) -> None:
    """Refuse a share that is not the one to which the envelope is committed: `ShareDisagreesError`."""
    known = envelope.share_commitments[seat - 1] if 1 <= seat <= len(envelope.share_commitments) else None
    if known != share_commitment(envelope.place, seat, share):
        raise ShareDisagreesError(seat)


def open_envelope(envelope: Envelope, shares: Mapping[int, bytes], *, threshold: int) -> Opened:
    """What an envelope holds, from at least `threshold` shares by seat.

    In this order: `ShareDisagreesError` for a share that is not the committed one, `DealtFalselyError` where the
    committed shares do not belong together, `UnopenableError`, `CommitmentDisagreesError`.
    """
    if len(shares) < threshold:
        raise ValueError("fewer shares than the threshold")
    for seat, share in shares.items():
        check_share(envelope, seat, share)
    enough = dict(sorted(shares.items())[:threshold])
    for seat, known in enumerate(envelope.share_commitments, start=1):
        if share_commitment(envelope.place, seat, value_at(enough, seat)) != known:
            raise DealtFalselyError(f"the share of seat {seat} belongs to another key")
    key = combine(enough)
    return Opened(open_content(envelope, key), key)


def open_content(envelope: Envelope, key: bytes) -> Content:
    """The content, with its key. Raises `UnopenableError`, `CommitmentDisagreesError`."""
    bound = _bound(envelope.place, bytes.fromhex(envelope.commitment))
    try:
        plain = AESGCM(key).decrypt(bytes.fromhex(envelope.nonce), bytes.fromhex(envelope.ciphertext), bound)
        content = _CONTENT.validate_python(_told(plain))
    except (InvalidTag, ValidationError, ValueError, RecursionError) as error:
        raise UnopenableError(f"{type(error).__name__}: the content cannot be read") from error
    if content.commitment(envelope.place).hex() != envelope.commitment:
        raise CommitmentDisagreesError("the content is not the one that was committed to")
    return content


def _told(plain: bytes) -> Any:
    told = json.loads(plain.decode())
    return told | {"kind": Kind(told["kind"])} if isinstance(told, dict) and "kind" in told else told


def _bound(place: Place, commitment: bytes) -> bytes:
    return place.told("jishi-content-1", commitment=commitment.hex())


def _share_info(place: Place, seat: int, key: str) -> bytes:
    return place.told("jishi-share-1", seat=seat, key=key)
