"""What changes a session: planned, registered for, run."""

from app.auctions.sessions.actions.planning import (
    change_session,
    create_session,
    mark_session_ready,
    publish_session,
    put_lots,
)
from app.auctions.sessions.actions.registering import (
    decide_registration,
    deposit_held,
    enter_mandate,
    exchange_paddle,
    hand_out_paddle,
    leave,
    register,
)
from app.auctions.sessions.actions.running import (
    call,
    correct_floor_bid,
    floor_bid,
    hammer,
    lot_moved,
    open_lot,
    pass_in,
    sweep,
    topic,
    withdraw_lot,
)

__all__ = [
    "call",
    "change_session",
    "correct_floor_bid",
    "create_session",
    "decide_registration",
    "deposit_held",
    "enter_mandate",
    "exchange_paddle",
    "floor_bid",
    "hammer",
    "hand_out_paddle",
    "leave",
    "lot_moved",
    "mark_session_ready",
    "open_lot",
    "pass_in",
    "publish_session",
    "put_lots",
    "register",
    "sweep",
    "topic",
    "withdraw_lot",
]
