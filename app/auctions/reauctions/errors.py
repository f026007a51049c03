"""Refusals about re-auctions.

ReauctionRefused                  409
├── LotNotFree                          the sale neither passed in nor lost its buyer
├── ReauctionCalledBefore
├── ReauctionTooLate                    `until` has passed
├── ReauctionsUsedUp
├── ReauctionPriceOutOfBounds           lower by more than allowed, or higher than before
├── ReauctionTermsChanged               something other than the price differs: that is reviewed as a new offering
└── ReauctionDecisionMissing            the unit's paper for the lower price
"""

from app.kit.errors import Refusal


class ReauctionRefused(Refusal):
    """The lot cannot be sold again like this."""

    code = "reauction_refused"
    title_zh = "不能再次竞价"
    title_en = "The lot cannot be sold again like this"
    source = "house rule, after 法释〔2016〕18号 art. 26"


class LotNotFree(ReauctionRefused):
    """Only a lot that passed in, or whose buyer defaulted, is sold again. Data: `status_now`."""

    code = "lot_not_free"
    title_zh = "该标的未流拍，受让方也未违约"
    title_en = "The lot neither passed in nor lost its buyer"


class ReauctionCalledBefore(ReauctionRefused):
    """The sale has been followed by a re-auction. Data: `auction_id`."""

    code = "reauction_called_before"
    title_zh = "已发起再次竞价"
    title_en = "The re-auction has been called already"
    remedy_zh = "请查看已发起的再次竞价。"
    remedy_en = "See the re-auction that there is."


class ReauctionTooLate(ReauctionRefused):
    """The period for a re-auction is over. Data: `until`."""

    code = "reauction_too_late"
    title_zh = "已超过再次竞价的期限"
    title_en = "The period for a re-auction is over"
    remedy_zh = "请作为新项目重新申报。"
    remedy_en = "Offer it anew; it is reviewed again."


class ReauctionsUsedUp(ReauctionRefused):
    """The lot has been sold again as often as the rule profile allows. Data: `reauctions_max`."""

    code = "reauctions_used_up"
    title_zh = "再次竞价的次数已用完"
    title_en = "The lot has been put up again as often as it may"
    remedy_zh = "请作为新项目重新申报，或改用挂牌交易。"
    remedy_en = "Offer it anew, or list it."
    source = "house rule"


class ReauctionPriceOutOfBounds(ReauctionRefused):
    """The start price is out of bounds. Data: `lowest`, `highest`."""

    code = "reauction_price_out_of_bounds"
    title_zh = "再次竞价的起拍价超出允许范围"
    title_en = "The start price of the re-auction is out of bounds"
    remedy_zh = "起拍价不得高于前次，降幅不得超过规则规定的上限。"
    remedy_en = "Not above the price before, and not lower than the cut that the rules allow."


class ReauctionTermsChanged(ReauctionRefused):
    """Something other than the price and its deposit differs from the sale before. `field` names it."""

    code = "reauction_terms_changed"
    title_zh = "除价格外的条件不得变更"
    title_en = "Nothing but the price may differ"
    remedy_zh = "请恢复该项条件；如需变更，请作为新项目重新申报、审核。"
    remedy_en = "Put it back, or offer the lot anew: what changes is reviewed."
    source = "house rule"


class ReauctionDecisionMissing(ReauctionRefused):
    """Who sells by an internal decision lowers the price by one."""

    code = "reauction_decision_missing"
    title_zh = "缺少单位同意降价的决定文件"
    title_en = "The unit's decision on the lower price is missing"
    remedy_zh = "请填写同意降价的决定文件编号。"
    remedy_en = "Name the paper by which the unit lowers the price."
    source = "house rule"
