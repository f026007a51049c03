"""What the room refuses about new versions of rule profiles.

Refusal
├── Forbidden  ProfileScopeTooNarrow · ProfileSamePerson
├── Malformed  ProfileDocumentUnfit · ProfileEffectiveNotAhead
└── Conflict   ProfileOutOfBounds
"""

from app.kit.errors import Conflict, Forbidden, Malformed


class ProfileScopeTooNarrow(Forbidden):
    """The rules of the whole market are not a city's to change."""

    code = "profile_scope_too_narrow"
    title_zh = "仅省级主管部门可以调整规则方案"
    title_en = "Only a supervisor of the province may change the rule profiles"
    remedy_zh = "请由省级主管部门的监管人员办理。"
    remedy_en = "Ask a supervisor whose scope is the whole province."


class ProfileSamePerson(Forbidden):
    """Whoever proposes a version does not decide on it."""

    code = "profile_same_person"
    title_zh = "起草人不得自行发布或否决"
    title_en = "The proposer does not decide on his own version"
    remedy_zh = "请由另一位监管人员办理。"
    remedy_en = "Ask another supervisor."


class ProfileDocumentUnfit(Malformed):
    """A change names no parameter, or changes nothing. Data: `names`."""

    code = "profile_document_unfit"
    title_zh = "规则参数有误"
    title_en = "The changes do not fit the profile"
    remedy_zh = "请使用规则方案中的参数名，并至少改变一个数值。"
    remedy_en = "Use the profile's own names, and change at least one value."


class ProfileOutOfBounds(Conflict):
    """A value lies below its floor or above its ceiling. Data: `name`, `floor`, `ceiling`, `unit`, `rule_source`."""

    code = "profile_below_floor"
    title_zh = "参数低于下限或高于上限"
    title_en = "A value lies below its floor or above its ceiling"
    remedy_zh = "下限之上的数值由主管部门确定；下限及其依据见所列来源。"
    remedy_en = (
        "Values between floor and ceiling are the supervisor's; the bounds have the source that is named."
    )


class ProfileEffectiveNotAhead(Malformed):
    """A version is in force from a coming day on, and not before the version before it. Data: `earliest_on`."""

    code = "profile_effective_not_ahead"
    title_zh = "生效日须晚于今日，且不早于上一版本"
    title_en = "The effective date lies ahead, and not before that of the version before"
    remedy_zh = "请填写更晚的生效日；已提交的项目沿用原版本。"
    remedy_en = "Give a later day; what has been submitted keeps its version."
