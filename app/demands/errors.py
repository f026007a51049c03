"""What demands refuses.

Refusal
├── NotFound   DemandNotFound · SolutionNotFound · DemandOwnerNotFound
├── Forbidden  DemandOnBehalfNotAllowed · OwnDemandReviewed · OwnDemandAnswered · ProviderCannotSell
├── Conflict   DemandNotEditable · DemandIncomplete · DemandConfirmationMissing · DemandConfirmationNotNeeded
│              DemandDeadlinePassed · DemandSourceKnown · AnswersClosed · AnswersStillOpen · SolutionKnown
│              DemandHasAward · DemandHasNoAward · DemandNotPublished
│              DemandDeadlineOutOfRange
└── Malformed  BudgetInvalid
"""

from app.kit.errors import Conflict, Forbidden, Malformed, NotFound


class DemandNotFound(NotFound):
    """No demand has this id, or it is not yours to see."""

    code = "demand_not_found"


class SolutionNotFound(NotFound):
    """No answer has this id, or it is neither yours nor to your demand."""

    code = "solution_not_found"


class DemandOwnerNotFound(NotFound):
    """No party has this id, or it lies outside the clerk's region."""

    code = "demand_owner_not_found"


class DemandOnBehalfNotAllowed(Forbidden):
    """Entering for others (代录) is for clerks."""

    code = "demand_on_behalf_not_allowed"
    title_zh = "不能代其他单位录入需求"
    title_en = "You may not post on behalf of another party"
    remedy_zh = "代录由具备代录权限的人员在其区域内办理。"
    remedy_en = "A clerk with that permission does it, within his region."


class OwnDemandReviewed(Forbidden):
    """Nobody reviews a demand of his own party, or one that he typed in. House rule (separation of duties)."""

    code = "own_demand_reviewed"
    title_zh = "不能审核本单位或本人录入的需求"
    title_en = "You may not review a demand of your own party or one that you entered"
    remedy_zh = "请由其他单位的审核人员办理。"
    remedy_en = "A reviewer of another party does it."


class OwnDemandAnswered(Forbidden):
    """Neither the poster nor the office that typed the demand in answers it."""

    code = "own_demand_answered"
    title_zh = "不能应答本单位发布或代录的需求"
    title_en = "You may not answer a demand that your party posted or entered"


class ProviderCannotSell(Forbidden):
    """Budgets and arms are sold by nobody here, and who runs the market does not sell on it."""

    code = "provider_cannot_sell"
    title_zh = "本类单位不能在本市场承接项目"
    title_en = "Parties of this kind do not sell on this market"


class DemandNotEditable(Conflict):
    """Only drafts and returned demands can be changed."""

    code = "demand_not_editable"
    title_zh = "已经提交，不能再修改或再次提交"
    title_en = "It has been submitted and can no longer be changed"
    remedy_zh = "请联系运营方退回后修改，再重新提交。"
    remedy_en = "Ask the operator to return it, change it, and submit it again."


class DemandIncomplete(Conflict):
    """Submission needs at least one indicator, a deadline and somebody to talk to."""

    code = "demand_incomplete"
    title_zh = "还不能提交，内容不全"
    title_en = "It is not complete enough to be submitted"
    remedy_zh = "请补齐 missing 中列出的各项。"
    remedy_en = "Complete the fields named in missing."


class DemandConfirmationMissing(Conflict):
    """Somebody else's clerk typed it in; the owner confirms it before it is submitted. House rule (代录)."""

    code = "demand_confirmation_missing"
    title_zh = "代录的需求须先经需求单位确认"
    title_en = "The owner has not confirmed what was entered on its behalf"
    remedy_zh = "请由需求单位登录后确认。"
    remedy_en = "The owning party signs in and confirms it."


class DemandConfirmationNotNeeded(Conflict):
    """Nobody typed it in on the owner's behalf, it is confirmed already, or it is past its draft."""

    code = "demand_confirmation_not_needed"
    title_zh = "无需确认"
    title_en = "There is nothing that needs the owner's confirmation"


class DemandDeadlinePassed(Conflict):
    """The deadline is over, or would be today: nobody could answer."""

    code = "demand_deadline_passed"
    title_zh = "截止日期已过"
    title_en = "The deadline has passed"
    remedy_zh = "请把截止日期改到今天之后再提交；待审的请先退回。"
    remedy_en = "Set a deadline after today and submit again; return it first if it waits for review."


class DemandSourceKnown(Conflict):
    """The same record of the same source has been posted for this party before."""

    code = "demand_source_known"
    title_zh = "该来源的这条需求已经录入"
    title_en = "This record of this source has been posted before"
    remedy_zh = "请修改已有的那一条。"
    remedy_en = "Change the one that is there."


class DemandNotPublished(Conflict):
    """The demand is not before the public, so there is nothing to choose from."""

    code = "demand_not_published"
    title_zh = "需求尚未发布或已经结束"
    title_en = "The demand is not published, or has ended"


class AnswersClosed(Conflict):
    """The demand takes no answers any more: its deadline has passed, or the poster is choosing."""

    code = "answers_closed"
    title_zh = "已停止接收解决方案"
    title_en = "The demand takes no more answers"
    remedy_zh = "请留意其他需求；已提交的方案不受影响。"
    remedy_en = "Look for other demands; answers given in time are not affected."


class AnswersStillOpen(Conflict):
    """Until the deadline others may still answer. House rule."""

    code = "answers_still_open"
    title_zh = "截止日期之前仍可应答"
    title_en = "Until the deadline others may still answer"
    remedy_zh = "请等截止日期过后再办理；不再需要的可以撤回。"
    remedy_en = "Wait for the deadline; withdraw it if it is no longer wanted."


class SolutionKnown(Conflict):
    """A party answers a demand once."""

    code = "solution_known"
    title_zh = "本单位已应答过该需求"
    title_en = "Your party has answered this demand before"
    remedy_zh = "请查看“我的方案”。"
    remedy_en = "Look at your party's answers."


class DemandHasAward(Conflict):
    """An answer has been chosen; the demand ends as awarded."""

    code = "demand_has_award"
    title_zh = "已选定方案，只能以“已选定”结束"
    title_en = "An answer has been chosen; the demand ends as awarded"
    remedy_zh = "请以 awarded 结束；合同的变更在合同环节办理。"
    remedy_en = "Close it as awarded; what changes later is the contract's matter."


class DemandHasNoAward(Conflict):
    """No answer has been chosen."""

    code = "demand_has_no_award"
    title_zh = "尚未选定方案"
    title_en = "No answer has been chosen"
    remedy_zh = "请先选定方案，或以其他结果结束。"
    remedy_en = "Choose an answer first, or close it with another outcome."


class BudgetInvalid(Malformed):
    """A budget has both ends, the lower first, or none (面议)."""

    code = "budget_invalid"
    title_zh = "预算区间无效"
    title_en = "The budget's two ends do not fit"
    remedy_zh = "上下限都填且下限不高于上限；固定预算两端相同；面议则都不填。"
    remedy_en = (
        "Give both ends with the lower first, the same twice for a fixed budget, or none for negotiable."
    )


class DemandDeadlineOutOfRange(Conflict):
    """A deadline lies at most two years ahead."""

    code = "demand_deadline_out_of_range"
    title_zh = "截止日期太远"
    title_en = "The deadline is too far away"
    remedy_zh = "截止日期最远为两年后。"
    remedy_en = "A deadline lies at most two years ahead."
