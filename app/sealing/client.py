"""What a client does besides the network: try itself before it seals, seal, check a receipt, open as a custodian."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.sealing.custody import Custody, Seat, public_bytes
from app.sealing.envelopes import bid, open_envelope, open_share, seal
from app.sealing.wire import Envelope, Place
from app.signing.rules.merkle import Tree
from app.signing.rules.statements import is_signed

RECEIPT: Final = "jishi-envelope-receipt-1"
_RECEIPT_FIELDS: Final = (
    "auction_id",
    "commitment",
    "digest",
    "envelope_id",
    "received_at",
    "round_no",
)


class ClientFaultError(Exception):
    """This program, or what the market sent, is not as it must be. Nothing was sent."""


@dataclass(frozen=True)
class Pass:
    """What the market gave to seal with."""

    place: Place
    custody: Custody
    code: str


def pass_of(told: Mapping[str, Any]) -> Pass:
    """The pass out of the market's answer. Raises KeyError, ValueError for another shape."""
    seats = tuple(
        Seat(seat["no"], tuple(bytes.fromhex(key) for key in seat["keys"])) for seat in told["seats"]
    )
    place = Place(UUID(told["auction_id"]), told["round_no"], UUID(told["envelope_id"]))
    return Pass(place, Custody(told["threshold"], seats), told["bidder_code"])


def try_oneself(given: Pass, amount: str) -> None:
    """Seal a test envelope of the same form to keys made for it, and open it as its custodians would.

    Raises `ClientFaultError` unless every choice of seats that suffices opens what was sealed.
    """
    keys = {seat.no: X25519PrivateKey.generate() for seat in given.custody.seats}
    seats = tuple(Seat(no, (public_bytes(key),)) for no, key in keys.items())
    place = Place(given.place.auction_id, given.place.round_no, uuid4())
    content = bid(amount, given.code)
    envelope = seal(content, place, Custody(given.custody.threshold, seats))
    shares = dict(open_share(envelope, key) for key in keys.values())
    order = sorted(shares)
    for first in range(len(order)):
        chosen = [order[(first + n) % len(order)] for n in range(given.custody.threshold)]
        some = {seat: shares[seat] for seat in chosen}
        if open_envelope(envelope, some, threshold=given.custody.threshold).content != content:
            raise ClientFaultError("the test envelope opened to something else")


def seal_bid(given: Pass, amount: str) -> Envelope:
    """The envelope of a bid of so many yuan, once the program has tried itself."""
    try_oneself(given, amount)
    return seal(bid(amount, given.code), given.place, given.custody)


def is_receipt_of(receipt: Mapping[str, Any], envelope: Envelope) -> bool:
    """Whether a receipt speaks of this very envelope."""
    return (receipt["envelope_id"], receipt["round_no"], receipt["commitment"], receipt["digest"]) == (
        str(envelope.envelope_id),
        envelope.round_no,
        envelope.commitment,
        envelope.digest.hex(),
    )


def is_receipt_signed(receipt: Mapping[str, Any], public_key: bytes) -> bool:
    """Whether the market's key signed a receipt."""
    told = {"algorithm": RECEIPT} | {name: receipt[name] for name in _RECEIPT_FIELDS}
    return is_signed(told, bytes.fromhex(receipt["signature"] or ""), public_key)


def is_published(envelopes: Sequence[Envelope], root: str) -> bool:
    """Whether the envelopes, in the order of their ids, are exactly those under a published root."""
    ordered = sorted(envelopes, key=lambda one: one.envelope_id)
    return Tree(one.leaf for one in ordered).root.hex() == root


def opened_shares(envelopes: Sequence[Envelope], key: X25519PrivateKey) -> dict[str, str | None]:
    """Envelope → the share that a custodian's key opens in it, None where it opens nothing that was committed to."""
    found: dict[str, str | None] = {}
    for envelope in envelopes:
        try:
            found[str(envelope.envelope_id)] = open_share(envelope, key)[1].hex()
        except ValueError:
            found[str(envelope.envelope_id)] = None
    return found
