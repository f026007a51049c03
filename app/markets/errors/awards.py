"""What is refused about awards."""

from app.kit.errors import Conflict, Refusal


class AwardRefused(Refusal):
    """No award; nothing has changed."""

    code = "award_refused"
    title_zh = "不能成交"
    title_en = "No award is possible"


class OfferingNotOpen(AwardRefused):
    """The offering is not, or no longer, on the market."""

    code = "offering_not_open"
    title_zh = "项目不在交易中"
    title_en = "The offering is not on the market"
    remedy_zh = "请刷新查看项目当前状态。"
    remedy_en = "Read the offering again."


class CapacityUsedUp(AwardRefused):
    """As many awards as the offering allows have been made."""

    code = "capacity_used_up"
    title_zh = "名额已满"
    title_en = "The capacity is used up"
    remedy_zh = "请关注出让方是否再次挂牌。"
    remedy_en = "Watch for another offering by this seller."


class AlreadyAwarded(AwardRefused):
    """This buyer already has an award of this offering."""

    code = "already_awarded"
    title_zh = "您已成交该项目"
    title_en = "This buyer already has an award of this offering"
    remedy_zh = "请在“我的合同”中查看。"
    remedy_en = "See your contracts."


class BuyerIsSeller(AwardRefused):
    """Nobody buys from himself, nor offers to."""

    code = "buyer_is_seller"
    status = 403
    title_zh = "出让方不得受让自己的项目"
    title_en = "The seller cannot be the buyer"
    remedy_zh = "如主体登记有误，请联系交易机构。"
    remedy_en = "If the parties are recorded wrongly, ask the exchange."


class AwardWasRescinded(Conflict):
    """The buyer defaulted, and the award was rescinded by a decision."""

    code = "award_was_rescinded"
    title_zh = "成交结果已因受让方违约撤销"
    title_en = "The award was rescinded for the buyer's default"
    remedy_zh = "无需再办理；请查看该项目的后续安排。"
    remedy_en = "There is nothing more to do here; see what becomes of the lot."


class AwardWasConcluded(Conflict):
    """Both sides have concluded the contract: what is broken from then on is the contract, not the award."""

    code = "award_was_concluded"
    title_zh = "双方已确认合同，不能再撤销成交结果"
    title_en = "Both sides have concluded the contract; the award stands"
    remedy_zh = "合同确认之后的违约，请依合同约定处理。"
    remedy_en = "A breach after that is dealt with under the contract."
