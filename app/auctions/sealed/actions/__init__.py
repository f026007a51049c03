"""What can be done in a sealed sale: seats and keys, envelopes, the opening."""

from app.auctions.sealed.actions.custody import (
    prove_key,
    register_key,
    rehearse,
    retire_key,
    seat_custodians,
)
from app.auctions.sealed.actions.envelopes import Taken, stir, take_envelope
from app.auctions.sealed.actions.opening import decide_opening, hand_in_shares, release_opening

__all__ = [
    "Taken",
    "decide_opening",
    "hand_in_shares",
    "prove_key",
    "register_key",
    "rehearse",
    "release_opening",
    "retire_key",
    "seat_custodians",
    "stir",
    "take_envelope",
]
