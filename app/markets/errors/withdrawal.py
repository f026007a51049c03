"""What is refused when an offering is taken back."""

from app.kit.errors import Refusal


class WithdrawalRefused(Refusal):
    """The offering cannot be taken back like this."""

    code = "withdrawal_refused"
    title_zh = "不能撤回"
    title_en = "The offering cannot be withdrawn like this"


class WithdrawalNeedsDocument(WithdrawalRefused):
    """On the market an offering is taken back only with the approver's paper."""

    code = "withdrawal_needs_document"
    title_zh = "公开后撤回须有审批文件"
    title_en = "Once public, a withdrawal needs the approver's paper"
    remedy_zh = "请填写审批文件文号；撤回原因将公开，保证金自动退还。"
    remedy_en = "Give the paper's number; the reason is published and deposits are returned."


class WithdrawalThroughAuction(WithdrawalRefused):
    """A sale that has gone to bidding is cancelled in the auction room, which tells its bidders."""

    code = "withdrawal_through_auction"
    title_zh = "已进入竞价，请在竞价中撤销"
    title_en = "The sale has gone to bidding; cancel the auction"
    remedy_zh = "请由交易机构撤销竞价场次。"
    remedy_en = "Ask the exchange to cancel the auction."
