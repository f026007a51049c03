"""What can be done to an auction. One verb, one transaction: lock, read the clock, ask the engine, save, tell."""

from app.auctions.actions.announcing import (
    call_competition,
    change_terms,
    create_auction,
    mark_ready,
    publish_notice,
)
from app.auctions.actions.bidding import Placed, cancel, place_bid, resume, suspend, sweep
from app.auctions.actions.closing import topic

__all__ = [
    "Placed",
    "call_competition",
    "cancel",
    "change_terms",
    "create_auction",
    "mark_ready",
    "place_bid",
    "publish_notice",
    "resume",
    "suspend",
    "sweep",
    "topic",
]
