"""What the room refuses about offerings and awards.

SubmissionRefused                 409   a guard of the offering stands in the way; `guards` in the data tells them all
├── SellerHasNoProfile                  government, military units and the exchange do not sell here
├── StateEnterpriseCannotSell           until the rules of 2025 have been read
├── PathNotOpen                         this profile does not allow the path
│   └── NegotiatedNotOpen               negotiated sales of public units wait for their public notice
├── AchievementNotRegistered
├── SellerNotHolder
├── AchievementSecret
├── SecrecyStatementMissing
├── SharesNotConfirmed
├── DecisionMissing
├── AskMissing
├── PeriodOutOfBounds
└── DepositOutOfBounds
TermsRefused                      409   the terms contradict each other
├── CapacityUnfit                       only one buyer can have a transfer, an exclusive or a sole licence
├── ModeNeedsDemand                     development and service come from a demand's choice
└── AskUnfit                            an ask belongs to the listed path
OfferingStage                     409   not in a state that allows this
ReviewerIsParty                   403   who decides is not of the seller's party
AwardRefused                      409   no award; nothing has changed
├── OfferingNotOpen
├── CapacityUsedUp
├── AlreadyAwarded                      this buyer has one
└── BuyerIsSeller
AwardWasRescinded                 409   its buyer defaulted
AwardWasConcluded                 409   both sides have concluded the contract
WithdrawalRefused                 409
├── WithdrawalNeedsDocument             on the market, only with the approver's paper and a reason
└── WithdrawalThroughAuction            a sale that is with the auction room is cancelled there
"""

from app.kit.errors import Conflict, Forbidden, Refusal


class SubmissionRefused(Refusal):
    """A guard of the offering stands in the way. Data: `guards`, each with its outcome and source."""

    code = "submission_refused"
    title_zh = "尚不具备提交条件"
    title_en = "The offering cannot be submitted yet"


class SellerHasNoProfile(SubmissionRefused):
    """Sellers of this kind do not sell on this market."""

    code = "seller_has_no_profile"
    title_zh = "该类主体不能在本市场出让"
    title_en = "A party of this kind does not sell on this market"
    remedy_zh = "请由持有成果的单位出让。"
    remedy_en = "Let the unit that holds the achievement sell it."


class StateEnterpriseCannotSell(SubmissionRefused):
    """The rules for state enterprises changed in 2025; nobody here has verified the new ones."""

    code = "state_enterprise_cannot_sell_yet"
    title_zh = "国有企业暂不能出让：现行规则待核实"
    title_en = "State enterprises cannot sell yet: the rules in force are not verified"
    remedy_zh = "可以先登记成果；规则核实后将开放，届时另行通知。"
    remedy_en = "Register the achievement meanwhile; selling opens once the rules have been verified."
    source = "not verified since 2025-07"


class PathNotOpen(SubmissionRefused):
    """The rule profile of this seller does not allow the path."""

    code = "path_not_open"
    title_zh = "该交易方式对此类出让方未开放"
    title_en = "This path is not open to this seller"
    remedy_zh = "请改用其他交易方式。"
    remedy_en = "Choose another path."


class NegotiatedNotOpen(PathNotOpen):
    """Negotiated sales of public units need a public notice of the price, which this market does not carry yet."""

    code = "negotiated_not_open_to_this_seller"
    title_zh = "协议定价暂只对民营出让方开放"
    title_en = "The negotiated path is open to private sellers only at present"
    remedy_zh = "高校、科研院所和医院请选择挂牌或拍卖；协议定价需先开通公示功能。"
    remedy_en = "Choose listed or auction; negotiated sales of public units wait for the price notice."


class AchievementNotRegistered(SubmissionRefused):
    """Only a registered or published achievement goes to market."""

    code = "achievement_not_registered"
    title_zh = "成果尚未登记"
    title_en = "The achievement is not registered"
    remedy_zh = "请先提交成果登记并通过审核。"
    remedy_en = "Submit the achievement and wait for its registration."


class SellerNotHolder(SubmissionRefused):
    """The seller holds what is sold. Agents with a mandate come later."""

    code = "seller_not_holder"
    title_zh = "出让方不是成果持有人"
    title_en = "The seller does not hold the achievement"
    remedy_zh = "请由成果持有单位发起。"
    remedy_en = "Let the holding unit offer it."


class AchievementSecret(SubmissionRefused):
    """What is secret is never offered in public."""

    code = "achievement_secret"
    title_zh = "涉密成果不能公开交易"
    title_en = "A secret achievement cannot be offered"
    remedy_zh = "请按保密规定办理；解密后重新审查。"
    remedy_en = "Follow the rules on secrecy; after declassification, have it examined again."


class SecrecyStatementMissing(SubmissionRefused):
    """Before anything is made public, somebody states by name that it was examined for secrets."""

    code = "secrecy_statement_missing"
    title_zh = "缺少保密审查意见"
    title_en = "The secrecy statement is missing"
    remedy_zh = "请填写保密审查人、日期和文号。"
    remedy_en = "Say who examined it, when, and by which document."


class SharesNotConfirmed(SubmissionRefused):
    """Shares must be confirmed and sum to 100 %, or the holder declares that it holds all."""

    code = "shares_not_confirmed"
    title_zh = "权属份额未确认"
    title_en = "The ownership shares are not confirmed"
    remedy_zh = "请由各权利人确认份额（合计100%），或由持有单位声明独占全部权利。"
    remedy_en = "Have all shares confirmed (100 % together), or declare that the unit holds all of it."


class DecisionMissing(SubmissionRefused):
    """A public unit sells by an internal decision, whose document belongs to the offering."""

    code = "decision_document_missing"
    title_zh = "缺少单位内部决策文件"
    title_en = "The unit's decision document is missing"
    remedy_zh = "请填写决策文件的文号和日期。"
    remedy_en = "Give the decision's number and date."


class AskMissing(SubmissionRefused):
    """A listed offering has an asking price."""

    code = "ask_missing"
    title_zh = "缺少挂牌价"
    title_en = "The asking price is missing"
    remedy_zh = "请填写挂牌价。"
    remedy_en = "Give the asking price."


class PeriodOutOfBounds(SubmissionRefused):
    """The period of a listing is outside the bounds of the rule profile. Data: floor, ceiling, unit, source."""

    code = "period_out_of_bounds"
    title_zh = "挂牌公告期不在允许范围内"
    title_en = "The period of the listing is out of bounds"
    remedy_zh = "请按提示的范围修改。"
    remedy_en = "Change the period to within the bounds shown."


class DepositOutOfBounds(SubmissionRefused):
    """The deposit is above the profile's share of the price. Data: highest, source."""

    code = "deposit_out_of_bounds"
    title_zh = "保证金超出上限"
    title_en = "The deposit is above the ceiling"
    remedy_zh = "请降低保证金。"
    remedy_en = "Lower the deposit."


class TermsRefused(Refusal):
    """The terms of the offering contradict each other."""

    code = "terms_refused"
    title_zh = "交易条件互相矛盾"
    title_en = "The terms contradict each other"


class CapacityUnfit(TermsRefused):
    """Only one buyer can have a transfer, an exclusive or a sole licence; an auction has one winner."""

    code = "capacity_unfit"
    title_zh = "该方式只能有一个受让方"
    title_en = "Only one buyer can have this"
    remedy_zh = "请将数量设为 1，或改为普通许可并选择挂牌或协议方式。"
    remedy_en = "Set the capacity to 1, or offer an ordinary licence on the listed or negotiated path."


class ModeNeedsDemand(TermsRefused):
    """Development and service answer a demand; they are not offered from an achievement."""

    code = "mode_needs_demand"
    title_zh = "开发和服务由需求方选定方案产生"
    title_en = "Development and service come from a demand's choice"
    remedy_zh = "请在需求下提交解决方案。"
    remedy_en = "Answer a demand with a solution."


class AskUnfit(TermsRefused):
    """An asking price and a period belong to the listed path."""

    code = "ask_unfit"
    title_zh = "挂牌价和公告期只适用于挂牌方式"
    title_en = "An ask and a period belong to the listed path"
    remedy_zh = "请去掉这些字段，或改为挂牌。"
    remedy_en = "Leave them out, or choose the listed path."


class OfferingStage(Conflict):
    """The offering is not in a state that allows this."""

    code = "offering_stage"


class ReviewerIsParty(Forbidden):
    """Who decides on an offering is not of the seller's party. Separation of duties."""

    code = "reviewer_is_party"
    title_zh = "不得审核本单位的项目"
    title_en = "Nobody reviews his own party's offering"
    remedy_zh = "请由与出让方无关的审核人员办理。"
    remedy_en = "Leave it to a reviewer who is not of the seller's party."


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
