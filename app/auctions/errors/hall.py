"""Refusals of the auctioneer's commands, and of rights of first refusal."""

from app.auctions.errors.stages import StageRefused


class LotNotCalledUp(StageRefused):
    """The lot opens by the clock, not by a call."""

    code = "lot_not_called_up"
    title_zh = "该标的按公告时间自动开始"
    title_en = "This lot opens by the clock"


class LotTooEarly(StageRefused):
    """Before the announced start. Data: `starts_at`."""

    code = "lot_too_early"
    title_zh = "未到公告的开始时间"
    title_en = "The announced start has not come"


class NotInHall(StageRefused):
    """Only a lot that closes by the hammer knows calls, floor bids and a hammer."""

    code = "not_in_hall"
    title_zh = "该标的不是落槌成交"
    title_en = "This lot does not close by the hammer"


class CallOutOfOrder(StageRefused):
    """Calls come first, second, third; each bid begins them again. Data: `next_call`."""

    code = "call_out_of_order"
    title_zh = "报价次序有误"
    title_en = "The calls come in order"
    remedy_zh = "依次为第一次、第二次、第三次；有新出价后重新开始。"
    remedy_en = "First, second, third; a new bid begins them again."


class CallTooEarly(StageRefused):
    """The fair warning of the call before is not over. Data: `warns_until`."""

    code = "call_too_early"
    title_zh = "上一次报价的提示时间未到"
    title_en = "The warning of the call before is not over"
    remedy_zh = "请等待倒计时结束，线上竞买人需要这段时间。"
    remedy_en = "Wait for the countdown: online bidders need it."


class HammerTooEarly(StageRefused):
    """The hammer falls after the third call and its warning. Data: `calls`, `warns_until`."""

    code = "hammer_too_early"
    title_zh = "三次报价未完成，不能落槌"
    title_en = "The hammer falls after three calls"
    remedy_zh = "请完成第三次报价并等待倒计时结束。"
    remedy_en = "Make the third call and wait for its countdown."


class NothingToKnockDown(StageRefused):
    """There is no bid."""

    code = "nothing_to_knock_down"
    title_zh = "没有有效出价，不能落槌"
    title_en = "There is no bid to knock down"
    remedy_zh = "无人出价时请宣布流拍。"
    remedy_en = "Pass the lot in where nobody bids."


class BidStands(StageRefused):
    """A lot with a bid that reaches the reserve is not passed in."""

    code = "bid_stands"
    title_zh = "已有有效出价，不能流拍"
    title_en = "A bid stands; the lot cannot be passed in"


class CorrectionTooLate(StageRefused):
    """A floor bid is corrected before the next person's bid, and not afterwards."""

    code = "correction_too_late"
    title_zh = "该场内出价已不能更正"
    title_en = "The floor bid can no longer be corrected"
    remedy_zh = "只有最近一次场内出价、且其后无人出价时可以更正。"
    remedy_en = "Only the latest floor bid, while nobody has bid after it."


class PriorityRefused(StageRefused):
    """The caller holds no right of first refusal that can be used now."""

    code = "priority_refused"
    status = 403
    title_zh = "没有可行使的优先受让权"
    title_en = "There is no right of first refusal to use"


class PriorityAnswered(StageRefused):
    """A holder answers once."""

    code = "priority_answered"
    title_zh = "已作出行权或放弃的答复"
    title_en = "The holder has answered already"
