"""What can be done to a notice. The rooms above call `publish`, `clock_of` and the rest in their own transaction."""

from app.notices.actions.mending import confirm_mend, correct, refuse_mend, supplement
from app.notices.actions.places import attest_place, revoke
from app.notices.actions.publishing import publish, supersede
from app.notices.actions.running import clock_of, interrupt, stretch, sweep, take_up

__all__ = [
    "attest_place",
    "clock_of",
    "confirm_mend",
    "correct",
    "interrupt",
    "publish",
    "refuse_mend",
    "revoke",
    "stretch",
    "supersede",
    "supplement",
    "sweep",
    "take_up",
]
