"""Custodians and their keys, for tests of sealed bids."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.sealing.custody import Custody, Seat, public_bytes
from app.sealing.envelopes import nothing, open_share, seal
from app.sealing.wire import Envelope, Place

PLACE = Place(UUID("0198c0de-0000-7000-8000-000000000001"), 1, UUID("0198c0de-0000-7000-8000-000000000002"))


@dataclass(frozen=True)
class Held:
    """Custody with its private keys, which only tests have in one place."""

    custody: Custody
    keys: tuple[tuple[X25519PrivateKey, ...], ...]

    def share(self, envelope: Envelope, seat: int, deputy: int = 0) -> bytes:
        """What a seat's custodian (or his deputy) opens."""
        found, share = open_share(envelope, self.keys[seat - 1][deputy])
        assert found == seat
        return share

    def shares(self, envelope: Envelope, *seats: int) -> dict[int, bytes]:
        """What these seats open."""
        return {seat: self.share(envelope, seat) for seat in seats}


def hold(threshold: int = 2, seats: int = 3, deputies: int = 1) -> Held:
    """Fresh keys for so many seats, each with its deputies."""
    keys = tuple(tuple(X25519PrivateKey.generate() for _ in range(1 + deputies)) for _ in range(seats))
    held = tuple(Seat(no, tuple(public_bytes(key) for key in mine)) for no, mine in enumerate(keys, start=1))
    return Held(Custody(threshold, held), keys)


def envelope() -> dict[str, Any]:
    """A well-formed envelope of no sale, as it travels."""
    return seal(nothing(), PLACE, hold().custody).model_dump(mode="json")
