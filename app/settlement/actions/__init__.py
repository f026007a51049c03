"""What changes money: deposits open and end, arrivals are entered and decided, refunds are ordered and sent."""

from app.settlement.actions.arrivals import confirm_arrival, enter_arrival, refuse_arrival, return_arrival
from app.settlement.actions.deposits import apply, forfeit, lapse, open_deposit, release

__all__ = [
    "apply",
    "confirm_arrival",
    "enter_arrival",
    "forfeit",
    "lapse",
    "open_deposit",
    "refuse_arrival",
    "release",
    "return_arrival",
]
