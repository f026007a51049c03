"""What can be done to an offering, and the one door through which every path awards it."""

from app.markets.actions.awards import award, award_demand, call_competition, fail
from app.markets.actions.endings import conclude, rescind, standing_award
from app.markets.actions.offerings import (
    create_offering,
    edit_offering,
    offer_again,
    review,
    submit,
    withdraw,
)

__all__ = [
    "award",
    "award_demand",
    "call_competition",
    "conclude",
    "create_offering",
    "edit_offering",
    "fail",
    "offer_again",
    "rescind",
    "review",
    "standing_award",
    "submit",
    "withdraw",
]
