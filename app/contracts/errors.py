"""The refusals of contracts.

Refusal
├── NotFound   ContractNotFound
├── Forbidden  OnePersonOnBothSides
└── Conflict   SideConfirmedBefore · ContractVoided
"""

from app.kit.errors import Conflict, Forbidden, NotFound


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


class OnePersonOnBothSides(Forbidden):
    """The person who confirmed for one side does not confirm for the other, whichever party he acts for."""

    code = "one_person_on_both_sides"
    title_zh = "同一人不得代表双方确认"
    title_en = "One person does not confirm for both sides"
    remedy_zh = "请由另一方的其他人员确认。"
    remedy_en = "Leave it to somebody else of the other side."


class ContractVoided(Conflict):
    """The award behind it was rescinded for the buyer's default."""

    code = "contract_voided"
    title_zh = "成交结果已撤销，合同记录作废"
    title_en = "The award was rescinded; the record is void"
    remedy_zh = "无需再确认。"
    remedy_en = "There is nothing left to confirm."
