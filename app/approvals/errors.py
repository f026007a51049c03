"""Refusals about internal decisions.

Refusal
├── Forbidden  ApproverIsCreator · ApproverNotNamed
├── Malformed  ChainUnfit · DelegationUnfit · DecisionNumberMissing
└── Conflict   CaseStage · CaseExists · StepNotOpen · ApproverSpoke · FolderIncomplete · ChainRetired
"""

from app.kit.errors import Conflict, Forbidden, Malformed


class ApproverIsCreator(Forbidden):
    """Whoever put the case together decides no step of it, neither himself nor through a delegate."""

    code = "approver_is_creator"
    title_zh = "经办人不得审批"
    title_en = "Whoever put the case together does not decide it"
    remedy_zh = "请由其他审批人办理；经办人本人及受其委托的人均不得审批。"
    remedy_en = "Let another approver decide: neither the creator nor his delegate does."


class ApproverNotNamed(Forbidden):
    """The step names neither this person nor anybody whose delegate he is today."""

    code = "approver_not_named"
    title_zh = "非本步骤审批人"
    title_en = "Not an approver of this step"
    remedy_zh = "请由本步骤指定的审批人或其在有效期内的受委托人办理。"
    remedy_en = "Let somebody whom the step names decide, or his delegate of today."


class ChainUnfit(Malformed):
    """No step, a step without an approver, an amount that no step decides, or a period that ends before its reminder."""

    code = "chain_unfit"
    title_zh = "审批流程设置有误"
    title_en = "The chain of approval cannot work"
    remedy_zh = "请核对各步骤的审批人、金额区间、并行组和期限。"
    remedy_en = "Check the steps' approvers, amounts, parallel groups and periods."


class DelegationUnfit(Malformed):
    """A delegate is the person himself, is not of the organisation, or the days are turned round or past."""

    code = "delegation_unfit"
    title_zh = "委托无效"
    title_en = "The delegation is not valid"
    remedy_zh = "请委托本单位在职人员，并填写有效期限和委托书编号。"
    remedy_en = "Name somebody of the organisation, the days, and the paper."


class DecisionNumberMissing(Malformed):
    """The last approval of a case carries the number of the paper that says so."""

    code = "decision_number_missing"
    title_zh = "缺少决策文件编号"
    title_en = "The decision's document number is missing"
    remedy_zh = "最后一步同意时，请填写会议纪要或批复的编号。"
    remedy_en = "With the last approval, give the number of the minutes or the reply."


class CaseStage(Conflict):
    """The case is not in a state that allows this. Data: `status_now`, `status_needed`."""

    code = "case_stage"
    title_zh = "审批事项的当前状态不允许此操作"
    title_en = "Not possible in the case's present state"


class CaseExists(Conflict):
    """The organisation is deciding on this already. Data: `case_id`."""

    code = "case_exists"
    title_zh = "该事项已有在办的内部审批"
    title_en = "The organisation is deciding on this already"


class StepNotOpen(Conflict):
    """The case has not come to this step, or is past it."""

    code = "step_not_open"
    title_zh = "未到该步骤或该步骤已办结"
    title_en = "The case is not at this step"


class ApproverSpoke(Conflict):
    """One opinion for each person and step, for himself or for somebody else."""

    code = "approver_spoke"
    title_zh = "您已对本步骤发表意见"
    title_en = "You have given your opinion on this step"
    remedy_zh = "每人对每个步骤只发表一次意见；请由其他审批人办理。"
    remedy_en = "One opinion for each person and step; let another approver decide."


class FolderIncomplete(Conflict):
    """Papers that the case needs are not in its folder. Data: `missing`."""

    code = "folder_incomplete"
    title_zh = "材料不齐"
    title_en = "The folder is not complete"
    remedy_zh = "请补齐列出的材料后再提交。"
    remedy_en = "Add the papers that are listed, then submit."


class ChainRetired(Conflict):
    """A newer version of the chain is in force, or it does not serve this kind of decision."""

    code = "chain_retired"
    title_zh = "该审批流程已停用或不适用于此类事项"
    title_en = "The chain is no longer in force, or is not for this kind of decision"
    remedy_zh = "请选择现行且适用的审批流程。"
    remedy_en = "Choose a chain that is in force for this kind of decision."
