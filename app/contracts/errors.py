"""The refusals of contracts.

Refusal
├── NotFound   ContractNotFound
└── Conflict   SideConfirmedBefore
"""

from app.kit.errors import Conflict, NotFound


class ContractNotFound(NotFound):
    """No contract has this id, or it is between other parties."""

    code = "contract_not_found"


class SideConfirmedBefore(Conflict):
    """The side has confirmed; the other one has yet to."""

    code = "side_confirmed_before"
    title_zh = "本方已确认"
    title_en = "Your side has confirmed before"
    remedy_zh = "请等待对方确认。"
    remedy_en = "Wait for the other side."
