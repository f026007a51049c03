"""What changes money: deposits open and end, arrivals are entered and decided, refunds are ordered and sent."""

from app.settlement.actions.arrivals import (
    confirm_arrival,
    enter_arrival,
    hold_late,
    postpone,
    refuse_arrival,
    return_arrival,
)
from app.settlement.actions.deposits import apply, divide, forfeit, lapse, open_deposit, release
from app.settlement.actions.refunds import confirm_refund, order_refund, recall_refund

__all__ = [
    "apply",
    "confirm_arrival",
    "confirm_refund",
    "divide",
    "enter_arrival",
    "forfeit",
    "hold_late",
    "lapse",
    "open_deposit",
    "order_refund",
    "postpone",
    "recall_refund",
    "refuse_arrival",
    "release",
    "return_arrival",
]
