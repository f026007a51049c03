"""Refusals of bids and of automatic bids: nothing has changed, and the same key gives the same answer again."""

from app.kit.errors import Refusal


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


class RoyaltyAboveWhole(BidRefused):
    """A royalty rate of more than 100 %, bid or left as a maximum. Data: `highest_amount`."""

    code = "royalty_above_whole"
    title_zh = "提成比例超过100%"
    title_en = "The royalty exceeds 100 %"
    remedy_zh = "报价以百分数填写（3.50即3.50%），请在100.00以内重新填写。"
    remedy_en = "Rates are written in percent (3.50 is 3.50 %); write at most 100.00."


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
    """Not a positive whole number of increments. Data: `increment`, `lower_amount`, `higher_amount` (null above 100 %)."""

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


class BidderBarred(BidRefused):
    """The bidder defaulted on this lot before."""

    code = "bidder_barred"
    status = 403
    source = "house rule, after 法释〔2016〕18号 art. 24"
    title_zh = "曾在该标的悔拍，不得参加本次竞价"
    title_en = "Who defaulted on this lot may not bid for it again"
    remedy_zh = "如认定有误，请向交易机构提出异议。"
    remedy_en = "If the default is recorded wrongly, object to the exchange."


class NotTheAgent(BidRefused):
    """The buyer has named an agent for this sale: nobody else bids for it, whatever his roles."""

    code = "not_the_agent"
    status = 403
    title_zh = "本场竞价由指定的代理人出价"
    title_en = "Another agent bids for this party in this sale"
    remedy_zh = "如需更换代理人，请由本单位管理员凭新的授权委托书办理。"
    remedy_en = "The organisation's administrator replaces an agent by a new letter."


class MandateExceeded(BidRefused):
    """Above what the authorisation letter lets the agent bid. Data: `limit`."""

    code = "mandate_exceeded"
    status = 403
    title_zh = "出价超过授权上限"
    title_en = "The amount exceeds the agent's mandate"
    remedy_zh = "请在授权上限内出价，或由本单位管理员凭新的授权委托书提高上限。"
    remedy_en = "Bid within the mandate, or have the administrator raise it by a new letter."


class NoUnitFree(BidRefused):
    """Every deposit unit of the session stands behind a lot that the bidder leads or has won."""

    code = "no_unit_free"
    status = 403
    title_zh = "保证金份数已全部占用"
    title_en = "All deposit units are in use"
    remedy_zh = "每领先或竞得一件拍品占用一份保证金；被超越后自动释放。"
    remedy_en = "Each lot led or won holds one unit; a unit is free again once you are outbid."


class BidJumpUnconfirmed(BidRefused):
    """A large jump that was not confirmed. Data: `raise_amount`, `confirm_above`."""

    code = "bid_jump_unconfirmed"
    title_zh = "加价幅度较大，请再次确认"
    title_en = "A large jump wants a second confirmation"
    remedy_zh = "核对金额无误后，请带上 confirm_jump=true 以新的幂等键重新提交。"
    remedy_en = "If the amount is right, send it again with confirm_jump=true under a new Idempotency-Key."


class ProxyRefused(BidRefused):
    """An automatic bid that cannot be placed or changed."""

    code = "proxy_refused"
    title_zh = "委托出价未被接受"
    title_en = "The proxy bid was not accepted"


class ProxyNotAllowed(ProxyRefused):
    """The notice of this sale allows no automatic bids."""

    code = "proxy_not_allowed"
    title_zh = "本场公告未开放委托出价"
    title_en = "The notice of this sale allows no proxy bids"
    remedy_zh = "请直接出价。"
    remedy_en = "Bid directly."


class ProxyTooEarly(ProxyRefused):
    """Bidder codes are not drawn yet."""

    code = "proxy_too_early"
    title_zh = "保证金对账完成后方可设置委托出价"
    title_en = "Proxy bids can be set once deposits are reconciled"


class ProxyBelowNext(ProxyRefused):
    """The maximum does not reach what counts now. Data: `next_amount`."""

    code = "proxy_below_next"
    title_zh = "委托上限低于当前可出的最低价"
    title_en = "The maximum is below the least amount that counts now"
    remedy_zh = "请提高委托上限。"
    remedy_en = "Set a higher maximum."


class ProxyAbsent(ProxyRefused):
    """There is no automatic bid to take back."""

    code = "proxy_absent"
    title_zh = "没有可撤销的委托出价"
    title_en = "There is no proxy bid to take back"
