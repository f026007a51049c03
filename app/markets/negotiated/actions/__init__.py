"""What can be done in a negotiation. The offering is locked first, then the negotiation, then its notice."""

from app.markets.negotiated.actions.noticing import failed, follow, passed, revoked
from app.markets.negotiated.actions.noticing import publish as publish_notice
from app.markets.negotiated.actions.talks import (
    accept,
    close_all,
    leave,
    offer,
    open_negotiation,
    sweep,
)
from app.markets.negotiated.actions.terms import Entered, answer, decide, enter_agreed, sign

__all__ = [
    "Entered",
    "accept",
    "answer",
    "close_all",
    "decide",
    "enter_agreed",
    "failed",
    "follow",
    "leave",
    "offer",
    "open_negotiation",
    "passed",
    "publish_notice",
    "revoked",
    "sign",
    "sweep",
]
