"""The life of an internal decision and of its steps, and the words for what is decided, by whom, on which papers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class CaseStatus(StrEnum):
    """Where a decision stands: 草拟, 审批中, 退回修改, 已通过, 未通过, 已撤回."""

    DRAFT = "draft"
    RUNNING = "running"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class StepStatus(StrEnum):
    """Where a step stands: 未到, 待审批, 同意, 不同意, 退回, 无需审批（金额未达）."""

    WAITING = "waiting"
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"
    SKIPPED = "skipped"


class StepKind(StrEnum):
    """Who a step is put before: 院系（部门）, 成果转化部门, 国有资产管理, 法务, 领导小组, 校长办公会, 党委会, 其他."""

    DEPARTMENT = "department"
    TRANSFER_OFFICE = "transfer_office"
    ASSET = "asset"
    LEGAL = "legal"
    LEADING_GROUP = "leading_group"
    PRESIDENT_MEETING = "president_meeting"
    PARTY_COMMITTEE = "party_committee"
    OTHER = "other"


class StepQuorum(StrEnum):
    """Whether all who are named agree, or any one of them does."""

    ALL = "all"
    ANY = "any"


class Decision(StrEnum):
    """What somebody says to a step."""

    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"


class DecisionSubject(StrEnum):
    """What is decided on: 交易项目, 协议定价, 降价再挂牌, 撤回."""

    OFFERING = "offering"
    NEGOTIATION = "negotiation"
    RELISTING = "relisting"
    WITHDRAWAL = "withdrawal"


class FolderKind(StrEnum):
    """The papers of a deal by their real names, in the order in which they come about."""

    APPLICATION_FORM = "application_form"
    """科技成果转化申请表"""
    PRICE_REPORT = "price_report"
    """专利协议定价报告"""
    DEPARTMENT_RESOLUTION = "department_resolution"
    """所属院系（部门）决议"""
    RELATED_PARTY_STATEMENT = "related_party_statement"
    """关联关系说明（承诺）"""
    SECRECY_OPINION = "secrecy_opinion"
    """保密审查意见"""
    PRESIDENT_MINUTES = "president_minutes"
    """校长办公会纪要"""
    ENTRUSTMENT = "entrustment"
    """委托交易协议"""
    BIDDING_NOTICE = "bidding_notice"
    """竞买须知"""
    BIDDING_AGREEMENT = "bidding_agreement"
    """竞买协议"""
    BIDDING_APPLICATION = "bidding_application"
    """竞价申请书"""
    AUTHORISATION_LETTER = "authorisation_letter"
    """法定代表人授权委托书"""
    IDENTITY_PAPERS = "identity_papers"
    """法定代表人及代理人身份证"""
    DEFECTS_STATEMENT = "defects_statement"
    """标的瑕疵说明"""
    QUALIFICATION_NOTICE = "qualification_notice"
    """资格确认通知书"""
    MINUTES = "minutes"
    """拍卖笔录"""
    CONFIRMATION = "confirmation"
    """成交确认书"""
    CERTIFICATE = "certificate"
    """交易凭证（鉴证书）"""
    CONTRACT = "contract"
    """技术合同"""
    REGISTRATION_CERTIFICATE = "registration_certificate"
    """登记证明"""
    PATENT_CHANGE_NOTICE = "patent_change_notice"
    """著录项目变更手续合格通知书"""
    DISTRIBUTION_PLAN = "distribution_plan"
    """收益分配方案"""
    REWARD_NOTICE = "reward_notice"
    """奖励公示"""


class EntryKind(StrEnum):
    """What an entry of a case's record tells."""

    OPENED = "opened"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    REMINDED = "reminded"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


_C, _S = CaseStatus, StepStatus

CASE_TRANSITIONS: Final[Mapping[CaseStatus, frozenset[CaseStatus]]] = {
    _C.DRAFT: frozenset({_C.RUNNING, _C.CANCELLED}),
    _C.RUNNING: frozenset({_C.RETURNED, _C.APPROVED, _C.REFUSED, _C.CANCELLED}),
    _C.RETURNED: frozenset({_C.RUNNING, _C.CANCELLED}),
}
CASE: Final = Machine("approval_case", _C.DRAFT, CASE_TRANSITIONS)

STEP_TRANSITIONS: Final[Mapping[StepStatus, frozenset[StepStatus]]] = {
    _S.WAITING: frozenset({_S.OPEN, _S.SKIPPED}),
    _S.OPEN: frozenset({_S.APPROVED, _S.REFUSED, _S.RETURNED}),
}
STEP: Final = Machine("approval_step", _S.WAITING, STEP_TRANSITIONS)

LIVE: Final = (_C.DRAFT, _C.RUNNING, _C.RETURNED)
"""Nothing has been decided yet; a subject has at most one such case of an organisation."""
