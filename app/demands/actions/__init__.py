"""What can be done with demands and answers, one function per verb."""

from app.demands.actions.answer import answer_demand, shortlist_solution, withdraw_solution
from app.demands.actions.decide import choose_solution, close_demand, meet_deadline
from app.demands.actions.post import change_demand, confirm_demand, post_demand, submit_demand
from app.demands.actions.review import publish_demand, return_demand

__all__ = [
    "answer_demand",
    "change_demand",
    "choose_solution",
    "close_demand",
    "confirm_demand",
    "meet_deadline",
    "post_demand",
    "publish_demand",
    "return_demand",
    "shortlist_solution",
    "submit_demand",
    "withdraw_solution",
]
