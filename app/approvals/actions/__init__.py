"""What is done in internal decisions. The case's row is locked first, after the offering where that is locked, too."""

from app.approvals.actions.cases import cancel_case, open_case, submit_case
from app.approvals.actions.chains import make_chain, retire_chain
from app.approvals.actions.delegations import delegate, revoke
from app.approvals.actions.folders import put_paper
from app.approvals.actions.opinions import decide_step, sweep

__all__ = [
    "cancel_case",
    "decide_step",
    "delegate",
    "make_chain",
    "open_case",
    "put_paper",
    "retire_chain",
    "revoke",
    "submit_case",
    "sweep",
]
