"""What the acceptance of a late deposit refuses.

LateRefused                       409
├── LateNotAnnounced                    the notice did not say that it may happen
├── LateBeyond                          later than the notice allows
├── LateNotThis                         the arrival is not on the worklist for being late
└── CodesDrawn                          the bidder codes are drawn: nobody comes in any more
"""

from app.kit.errors import Refusal


class LateRefused(Refusal):
    """The late deposit cannot be accepted; it goes back."""

    code = "late_refused"
    title_zh = "逾期到账不能接受"
    title_en = "The late deposit cannot be accepted"
    remedy_zh = "请原路退回。"
    remedy_en = "Return it by the channel that it came through."


class LateNotAnnounced(LateRefused):
    """The notice did not say in advance that a late deposit may be accepted."""

    code = "late_not_announced"
    title_zh = "公告未约定逾期到账可予接受"
    title_en = "The notice did not say that a late deposit may be accepted"


class LateBeyond(LateRefused):
    """Later than the notice allows. Data: `minutes_max`."""

    code = "late_beyond"
    title_zh = "逾期超过公告约定的时限"
    title_en = "The deposit came later than the notice allows"


class LateNotThis(LateRefused):
    """The arrival is not on the worklist for being late."""

    code = "late_not_this"
    title_zh = "该笔到账不在逾期待处理之列"
    title_en = "The arrival is not on the worklist for being late"


class CodesDrawn(LateRefused):
    """Bidder codes are drawn, or the sale is over."""

    code = "codes_drawn"
    title_zh = "竞买代号已抽取或交易已结束"
    title_en = "The bidder codes are drawn, or the sale is over"
