"""Refusals about objections."""

from app.kit.errors import Conflict, Forbidden, Malformed


class ObjectionOutsidePeriod(Conflict):
    """Objections are taken within the notice's period, both ends included."""

    code = "objection_outside_period"
    title_zh = "不在公示期内，不能提出异议"
    title_en = "Objections are taken within the notice's period only"
    remedy_zh = "公示期外请向主管部门反映，或依法起诉。"
    remedy_en = "Outside it turn to the authority, or to the court."


class ObjectionEvidenceMissing(Malformed):
    """An objection comes with evidence: a file, or where to find it."""

    code = "objection_evidence_missing"
    title_zh = "异议须附证据"
    title_en = "An objection needs evidence"
    remedy_zh = "请上传证据材料，或写明证据来源。"
    remedy_en = "Add a file, or say where the evidence is found."


class ObjectionFilerIsOwner(Conflict):
    """Whose notice it is mends it instead."""

    code = "objection_filer_is_owner"
    title_zh = "不得对本单位的公告提出异议"
    title_en = "Nobody objects to a notice of his own organisation"
    remedy_zh = "请以更正、补充或变更方式处理。"
    remedy_en = "Mend it by a correction, a supplement or a change."


class ObjectionExists(Conflict):
    """A party has one undecided objection to a notice."""

    code = "objection_exists"
    title_zh = "贵方对本公告已有一件未办结的异议"
    title_en = "Your organisation has an undecided objection to this notice"
    remedy_zh = "请等待办结，或撤回后重新提出。"
    remedy_en = "Wait for its decision, or withdraw it first."


class ObjectionHandlerConcerned(Forbidden):
    """Whoever published the notice or filed the objection does not handle it."""

    code = "objection_handler_concerned"
    title_zh = "经办人与该异议有关，应当回避"
    title_en = "Whoever is concerned does not handle an objection"
    remedy_zh = "请由其他有权人员办理。"
    remedy_en = "Ask another person who holds the permission."


class ObjectionExtendedAlready(Conflict):
    """The time for the decision is extended once."""

    code = "objection_extended_already"
    title_zh = "办理期限只能延长一次"
    title_en = "The time for the decision is extended once"


class ObjectionStage(Conflict):
    """The objection is not at the stage for this."""

    code = "objection_stage"
    title_zh = "异议当前阶段不能这样办理"
    title_en = "The objection is not at the stage for this"


class ObjectionEffectMissing(Malformed):
    """An objection that is upheld ends the matter or sends it back: one of the two is said."""

    code = "objection_effect_missing"
    title_zh = "异议成立须写明处理结果"
    title_en = "An upheld objection says what follows"


class ReviewUsed(Conflict):
    """There is one review."""

    code = "review_used"
    title_zh = "只能申请复核一次"
    title_en = "There is one review"


class ReviewTooLate(Conflict):
    """A review is asked for within the days that the notice names."""

    code = "review_too_late"
    title_zh = "已过申请复核的期限"
    title_en = "The time for asking for a review is over"
