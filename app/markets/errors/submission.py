"""What stands in the way of a submission: the refusals of the guards."""

from app.kit.errors import Refusal


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
