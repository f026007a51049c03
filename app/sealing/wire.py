"""The forms in which sealed bids travel: hexadecimal in JSON, every field of a fixed length.

Lengths must not tell an amount from another, a bid from a dummy, or one bidder from the next.
"""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.kit.canonical import canonical
from app.kit.schemas import Input
from app.sealing.shamir import SEATS_MAX

ALGORITHM: Final = "jishi-envelope-1"
CONTENT_BYTES: Final = 256
"""The content's length before encryption, padded with spaces."""
KEYS_PER_SEAT_MAX: Final = 3


def _hex(count: int) -> Any:
    return StringConstraints(pattern=rf"^[0-9a-f]{{{2 * count}}}$")


Digest = Annotated[str, _hex(32)]
"""SHA-256, 64 hexadecimal digits."""


@dataclass(frozen=True)
class Place:
    """Where an envelope belongs. Whatever is sealed is bound to it: it opens nowhere else."""

    auction_id: UUID
    round_no: int
    envelope_id: UUID

    def told(self, algorithm: str, **more: Any) -> bytes:
        """The place in canonical JSON, for one purpose."""
        plain = {
            "algorithm": algorithm,
            "auction_id": str(self.auction_id),
            "envelope_id": str(self.envelope_id),
            "round_no": self.round_no,
        }
        return canonical(plain | more)


class SealedShare(Input):
    """The share of one seat, sealed to one of the seat's keys."""

    seat: Annotated[int, Field(ge=1, le=SEATS_MAX)]
    key: Annotated[Digest, Field(description="Fingerprint of the key to which it is sealed.")]
    sealed: Annotated[str, _hex(80)]


class Envelope(Input):
    """A sealed bid. The plaintext is 256 bytes; every envelope of a round is of the same length.

    Protocol: docs/sealed.md.
    """

    algorithm: Literal["jishi-envelope-1"]
    auction_id: UUID
    round_no: Annotated[int, Field(ge=0, le=99)]
    envelope_id: UUID
    commitment: Digest
    nonce: Annotated[str, _hex(12)]
    ciphertext: Annotated[str, _hex(CONTENT_BYTES + 16)]
    share_commitments: Annotated[list[Digest], Field(min_length=1, max_length=SEATS_MAX)]
    shares: Annotated[list[SealedShare], Field(min_length=1, max_length=SEATS_MAX * KEYS_PER_SEAT_MAX)]

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return Place(self.auction_id, self.round_no, self.envelope_id)

    def to_bytes(self) -> bytes:
        """The envelope in canonical JSON: what its digest covers."""
        return canonical(self.model_dump(mode="json"))

    @property
    def digest(self) -> bytes:
        """SHA-256 of its canonical JSON."""
        return hashlib.sha256(self.to_bytes()).digest()

    @property
    def leaf(self) -> bytes:
        """What stands for it in the Merkle tree of its round: commitment, then digest, 64 bytes."""
        return bytes.fromhex(self.commitment) + self.digest
