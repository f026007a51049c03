"""What an auction refuses. The order in which these are checked is documented at `rules.engine.decide`.

BidRefused                        409   this bid does not count; nothing has changed
├── BiddingNotStarted                   too early
├── BiddingSuspended                    the sale is interrupted
├── AuctionCancelled                    there will be no sale
├── BiddingEnded                        the market's time, read under the lock, is not before the end
├── SellerMayNotBid                     the seller and whoever is related to it
├── BidderNotRegistered                 no registration for this sale
├── BidderNotQualified                  registered, not (or no longer) qualified
├── BidderDepositNotHeld                      qualified, the deposit is not held at this moment
├── AlreadyHighest                      nobody raises himself
├── BidBelowStart                       the first bid is under the start price
├── BidNotAboveCurrent                  equal to or under the highest
├── BidOffLadder                        not a positive whole number of increments
└── BidAboveJumpCap                     only where the notice sets a hard cap
TermsOutOfBounds                  409   the seller's terms, with the field
NoticeRefused                     409   the timetable, with the field
├── TimetableTooFar
├── TimetableOutOfOrder
├── NoticeTooShort
│   └── StatutoryNoticeTooShort         a licensed auction house: the statute's floor
└── DepositDueTooLate
StageRefused                      409   not in this state
├── OfferingNotForAuction               the offering is not reviewed, or takes another path
├── TermsPinned                         the notice is out
├── ReadyTooEarly
├── NotSuspended
└── WithdrawalAfterStart
    └── StatutoryWithdrawalAfterStart
OperatorIsSeller                  403   nobody runs the sale of his own party
"""

from app.kit.errors import Conflict, Forbidden, Refusal


class BidRefused(Refusal):
    """A bid that does not count. Nothing has changed; the same key gives the same answer again."""

    code = "bid_refused"
    title_zh = "出价未被接受"
    title_en = "The bid was not accepted"
    remedy_zh = "请核对当前价与加价幅度后重新出价。"
    remedy_en = "Look at the current price and the increment, then bid again."


class BiddingNotStarted(BidRefused):
    """The free phase has not begun."""

    code = "bidding_not_started"
    title_zh = "竞价尚未开始"
    title_en = "Bidding has not started"
    remedy_zh = "请在公告的开始时间之后出价。"
    remedy_en = "Bid after the announced start."


class BiddingSuspended(BidRefused):
    """The sale is interrupted; no bid counts until it is resumed."""

    code = "bidding_suspended"
    title_zh = "竞价已中止"
    title_en = "Bidding is suspended"
    remedy_zh = "请等待恢复公告；恢复后至少还有一个完整的延时周期。"
    remedy_en = "Wait for the resumption; at least one full window will be left after it."


class AuctionCancelled(BidRefused):
    """The sale was cancelled; there is no winner."""

    code = "auction_cancelled"
    title_zh = "该场竞价已撤销"
    title_en = "The auction was cancelled"
    remedy_zh = "保证金将全部退还，无需操作。"
    remedy_en = "All deposits are released; there is nothing to do."


class BiddingEnded(BidRefused):
    """Market time, read after the lock was held, is not before the end. The moment of sending does not matter."""

    code = "bidding_ended"
    title_zh = "竞价已结束"
    title_en = "Bidding has ended"
    remedy_zh = "以系统在排队之后读取的时间为准，结束时刻及之后的出价无效。"
    remedy_en = "The time read by the market once your bid's turn came decides; it was not before the end."


class SellerMayNotBid(BidRefused):
    """The seller, and whoever is related to it, bids on nothing of its own."""

    code = "seller_may_not_bid"
    status = 403
    title_zh = "出让方及其关联方不得参与竞价"
    title_en = "The seller and its related parties may not bid"
    remedy_zh = "如关联关系登记有误，请联系交易机构更正。"
    remedy_en = "If the relation is recorded wrongly, ask the exchange to correct it."


class BidderNotRegistered(BidRefused):
    """The bidder's party has no registration for this sale."""

    code = "bidder_not_registered"
    status = 403
    title_zh = "未报名"
    title_en = "Not registered for this auction"
    remedy_zh = "请在报名期内报名；报名截止后不能补报。"
    remedy_en = "Register within the registration period; it cannot be done afterwards."


class BidderNotQualified(BidRefused):
    """The registration has not been qualified, or no longer is."""

    code = "bidder_not_qualified"
    status = 403
    title_zh = "未取得竞买资格"
    title_en = "Not qualified to bid"
    remedy_zh = "请查看报名的资格审查意见。"
    remedy_en = "See the decision on your registration."


class BidderDepositNotHeld(BidRefused):
    """The deposit is not held at this moment."""

    code = "bidder_deposit_not_held"
    status = 403
    title_zh = "保证金未到账"
    title_en = "The deposit is not held"
    remedy_zh = "以银行到账时间为准，请核对缴款；逾期到账的处理见公告。"
    remedy_en = "The bank's posting time decides; check the payment, and the notice for late arrivals."


class AlreadyHighest(BidRefused):
    """The highest bid is the bidder's own."""

    code = "already_highest"
    title_zh = "当前最高价就是您的出价"
    title_en = "The highest bid is already yours"
    remedy_zh = "有人加价后您可以再次出价。"
    remedy_en = "Bid again once somebody has overbid you."


class BidBelowStart(BidRefused):
    """The first bid is under the start price. Data: `start_price`."""

    code = "bid_below_start"
    title_zh = "出价低于起拍价"
    title_en = "The bid is below the start price"
    remedy_zh = "第一口出价不得低于起拍价。"
    remedy_en = "The first bid must reach the start price."


class BidNotAboveCurrent(BidRefused):
    """Not above the highest by the increment. Data: `current_price`, `next_amount`."""

    code = "bid_not_above_current"
    title_zh = "出价未高于当前价加一个加价幅度"
    title_en = "The bid is not above the current price by the increment"
    remedy_zh = "请按“下一口价”或更高的价格出价。"
    remedy_en = "Bid the next amount or more."


class BidOffLadder(BidRefused):
    """Not a positive whole number of increments. Data: `increment`, `lower_amount`, `higher_amount`."""

    code = "bid_off_ladder"
    title_zh = "加价不是加价幅度的正整数倍"
    title_en = "The raise is not a positive multiple of the increment"
    remedy_zh = "请选择最接近的两个有效价格之一。"
    remedy_en = "Choose one of the two nearest valid amounts."


class BidAboveJumpCap(BidRefused):
    """The raise exceeds the hard cap that this notice sets. Data: `highest_amount`."""

    code = "bid_above_jump_cap"
    title_zh = "加价超过公告规定的单次加价上限"
    title_en = "The raise exceeds the cap set in the notice"
    remedy_zh = "请检查是否多输了位数，并在上限内出价。"
    remedy_en = "Check for a digit too many and bid within the cap."


class TermsOutOfBounds(Refusal):
    """A term of the sale is outside its bounds. `field` names it; data: `lowest`, `highest` where they exist."""

    code = "terms_out_of_bounds"
    title_zh = "竞价条件超出允许范围"
    title_en = "A term of the sale is out of bounds"
    remedy_zh = "请按提示的范围修改。"
    remedy_en = "Change the term to within the bounds shown."


class NoticeRefused(Refusal):
    """The notice cannot be published with this timetable."""

    code = "notice_refused"
    title_zh = "公告的时间安排不符合规则"
    title_en = "The timetable of the notice breaks a rule"


class TimetableTooFar(NoticeRefused):
    """An instant of the timetable lies more than 400 days from now. Data: `days_max`."""

    code = "timetable_too_far"
    title_zh = "时间超出可安排的范围"
    title_en = "The timetable lies too far from now"
    remedy_zh = "各项时间须在当前时间前后 400 天之内，请检查年份。"
    remedy_en = "All instants lie within 400 days of now; check the year."


class TimetableOutOfOrder(NoticeRefused):
    """The instants of the timetable are not in their order. Data: `earlier`, `later`."""

    code = "timetable_out_of_order"
    title_zh = "时间先后顺序有误"
    title_en = "The instants of the timetable are out of order"
    remedy_zh = "顺序为：公告、报名开始、报名截止、保证金截止、竞价开始。"
    remedy_en = "The order is: notice, registration opens, closes, deposits due, bidding starts."


class NoticeTooShort(NoticeRefused):
    """Fewer calendar days between the notice and the day of the sale than the rule profile asks."""

    code = "notice_too_short"
    title_zh = "公告期不足"
    title_en = "The notice is too short"
    remedy_zh = "请推迟竞价开始日。"
    remedy_en = "Start the bidding on a later day."


class StatutoryNoticeTooShort(NoticeTooShort):
    """A licensed auction house must give notice seven days before the day of the sale."""

    code = "statutory_notice_too_short"
    source = "拍卖法 art. 45"


class DepositDueTooLate(NoticeRefused):
    """Deposits must be due a working day before the start, so that bank statements can be reconciled."""

    code = "deposit_due_too_late"
    title_zh = "保证金截止时间距竞价开始不足一个工作日"
    title_en = "Deposits are due less than a working day before the start"
    remedy_zh = "请提前保证金截止时间或推迟竞价开始。"
    remedy_en = "Make deposits due earlier, or start later."


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
