"""Refusals of what a sale's state does not allow."""

from app.kit.errors import Conflict, Forbidden


class StageRefused(Conflict):
    """The auction is not in a state that allows this."""

    code = "auction_stage"


class OfferingNotForAuction(StageRefused):
    """The offering is not reviewed, or takes another path."""

    code = "offering_not_for_auction"
    title_zh = "该项目不能发起竞价"
    title_en = "The offering cannot go to auction"
    remedy_zh = "只有审核通过且交易方式为“拍卖”的项目可以发起竞价。"
    remedy_en = "Only a reviewed offering whose path is auction can."


class TermsPinned(StageRefused):
    """Terms are pinned at notice; nobody edits what is public."""

    code = "terms_pinned"
    title_zh = "公告已发布，条件不可更改"
    title_en = "The notice is out; the terms are pinned"
    remedy_zh = "如需改变条件，请撤销后重新公告。"
    remedy_en = "To change them, cancel the sale and give a new notice."


class OperatorIsSeller(Forbidden):
    """Nobody runs the sale of his own party."""

    code = "operator_is_seller"
    title_zh = "不得主持本单位的竞价"
    title_en = "Nobody runs the sale of his own party"
    remedy_zh = "请由与出让方无关的工作人员办理。"
    remedy_en = "Leave it to somebody who is not of the seller's party."


class ReadyTooEarly(StageRefused):
    """Deposits can be signed off only after they were due."""

    code = "ready_too_early"
    title_zh = "保证金截止时间未到，不能对账确认"
    title_en = "Deposits are not due yet, so they cannot be signed off"
    remedy_zh = "请在保证金截止时间之后确认“保证金对账完成”。"
    remedy_en = "Sign off after the deposits' deadline."


class NotSuspended(StageRefused):
    """Only a suspended auction is resumed."""

    code = "not_suspended"
    title_zh = "该场竞价未中止"
    title_en = "The auction is not suspended"


class WithdrawalAfterStart(StageRefused):
    """The seller cannot withdraw once bidding has begun."""

    code = "withdrawal_after_start"
    title_zh = "竞价开始后出让方不得撤回"
    title_en = "The seller cannot withdraw after bidding has begun"
    remedy_zh = "开始之后仅可依主管部门决定、法院文书或权属瑕疵撤销。"
    remedy_en = "After the start only a supervisor's or court's order, or a defect of title, ends the sale."


class StatutoryWithdrawalAfterStart(WithdrawalAfterStart):
    """The same, where a licensed auction house runs the sale."""

    code = "statutory_withdrawal_after_start"
    source = "拍卖法 art. 29"
