"""What can be done to an auction. One verb, one transaction: lock, read the clock, ask the engine, save, tell."""

from app.auctions.actions.announcing import (
    call_competition,
    change_terms,
    create_auction,
    mark_ready,
    publish_notice,
)
from app.auctions.actions.bidding import (
    Placed,
    cancel,
    conduct,
    place_bid,
    place_floor_bid,
    resume,
    suspend,
    sweep,
    sweep_outages,
)
from app.auctions.actions.closing import decide, topic
from app.auctions.actions.proxies import cancel_proxy, leave_maximum, set_proxy

__all__ = [
    "Placed",
    "call_competition",
    "cancel",
    "cancel_proxy",
    "change_terms",
    "conduct",
    "create_auction",
    "decide",
    "leave_maximum",
    "mark_ready",
    "place_bid",
    "place_floor_bid",
    "publish_notice",
    "resume",
    "set_proxy",
    "suspend",
    "sweep",
    "sweep_outages",
    "topic",
]
