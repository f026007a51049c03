"""Refusals about granted rights.

Refusal
├── Malformed  GrantUnfit
└── Conflict   RightConflict · GrantEnded
"""

from app.kit.errors import Conflict, Malformed


class GrantUnfit(Malformed):
    """The grantee is named twice or not at all, the days are turned round, or a right is none of the achievement's."""

    code = "grant_unfit"
    title_zh = "授权登记信息有误"
    title_en = "The grant is not described as it should be"
    remedy_zh = "请填写被许可人（单位或名称之一）、起止日期，并从该成果的知识产权中选择。"
    remedy_en = "Name the grantee once, give the days in order, and choose among the achievement's rights."


class RightConflict(Conflict):
    """Another grant, or another sale on the market, stands in the way within the same scope. Data: `conflicts`."""

    code = "right_conflict"
    title_zh = "与已有授权或在售项目的范围冲突"
    title_en = "Another grant or sale stands in the way"
    remedy_zh = "请调整方式、地域、领域或期限；先在售的一方优先。范围不清的，由交易机构人员认定。"
    remedy_en = "Change mode, territory, field or term; what is on the market first comes first. Where the scope is unclear, the exchange decides."
    source = "house rule, after 技术合同司法解释 art. 25"


class GrantEnded(Conflict):
    """The grant has ended before, or its award ends it."""

    code = "grant_ended"
    title_zh = "该授权已终止，或须随成交结果终止"
    title_en = "The grant has ended, or ends with its award"
