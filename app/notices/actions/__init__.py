"""What can be done to a notice and to an objection. The rooms above call `publish`, `clock_of` and the rest in their own
transaction.
"""

from app.notices.actions.mending import confirm_mend, correct, refuse_mend, supplement
from app.notices.actions.objections import (
    accept,
    decide,
    extend,
    file_objection,
    investigate,
    reject,
    sweep_deadlines,
    withdraw,
)
from app.notices.actions.outages import sweep_calendar, sweep_outages
from app.notices.actions.places import attest_place, revoke, take_back, unwatch, watch
from app.notices.actions.publishing import publish, supersede
from app.notices.actions.reviews import decide_review, request_review, sweep_overdue
from app.notices.actions.running import clock_of, interrupt, stretch, sweep, take_up

__all__ = [
    "accept",
    "attest_place",
    "clock_of",
    "confirm_mend",
    "correct",
    "decide",
    "decide_review",
    "extend",
    "file_objection",
    "interrupt",
    "investigate",
    "publish",
    "refuse_mend",
    "reject",
    "request_review",
    "revoke",
    "stretch",
    "supersede",
    "supplement",
    "sweep",
    "sweep_calendar",
    "sweep_deadlines",
    "sweep_outages",
    "sweep_overdue",
    "take_back",
    "take_up",
    "unwatch",
    "watch",
    "withdraw",
]
