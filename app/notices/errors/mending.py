"""Refusals about mending what is public."""

from app.kit.errors import Conflict, Forbidden, Malformed


class MendFieldUnknown(Malformed):
    """No notice has such a field, or this one does not say it."""

    code = "mend_field_unknown"
    title_zh = "公告中没有这一项内容"
    title_en = "The notice has no such field"


class MendPriceNeverCorrection(Conflict):
    """A price is never clerical."""

    code = "mend_price_never_correction"
    title_zh = "价格不得以更正或补充方式修改"
    title_en = "A price is never corrected or supplemented"
    remedy_zh = "请作变更：发布新公告，公示期重新计算。"
    remedy_en = "Change it: a new notice, with the whole period again."


class MendClassUnfit(Conflict):
    """The field is mended in another way; `data` says in which."""

    code = "mend_class_unfit"
    title_zh = "该内容不属于此类修改"
    title_en = "This field is not mended in this way"
    remedy_zh = "请按该内容所属的方式修改：更正、补充或变更。"
    remedy_en = "Use the way that the field belongs to: correction, supplement or change."


class MendOtherRight(Conflict):
    """The new number names another right: that is another subject."""

    code = "mend_other_right"
    title_zh = "号码改后指向另一项知识产权"
    title_en = "The number then names another right"
    remedy_zh = "标的变了须作变更；若只是笔误，请核对号码及其校验位。"
    remedy_en = "Another subject needs a change; if it is a slip, check the number and its check digit."


class MendPaperMissing(Malformed):
    """A party's name is corrected by the registry's paper."""

    code = "mend_paper_missing"
    title_zh = "更名须注明登记机关的文件"
    title_en = "A changed name needs the registry's paper"
    remedy_zh = "请填写变更登记文件的编号。"
    remedy_en = "Give the number of the paper that shows the change."


class MendChangesNothing(Malformed):
    """The notice says that already."""

    code = "mend_changes_nothing"
    title_zh = "没有任何改动"
    title_en = "Nothing would change"


class MendSamePerson(Forbidden):
    """A mend is proposed by one person and decided by another."""

    code = "mend_same_person"
    title_zh = "提出修改的人不能自己确认"
    title_en = "Whoever proposed a mend does not decide it"
    remedy_zh = "请由另一位有权人员确认。"
    remedy_en = "Ask another person who holds the permission."


class MendTooLate(Conflict):
    """The notice's period is over."""

    code = "mend_too_late"
    title_zh = "公示已经结束，不能再修改"
    title_en = "The notice has ended: it is mended no more"


class MendWaiting(Conflict):
    """Another mend of the notice waits for its second person."""

    code = "mend_waiting"
    title_zh = "另有一项修改待确认"
    title_en = "Another mend waits to be decided"
    remedy_zh = "请先确认或退回前一项修改。"
    remedy_en = "Decide that one first."


class SupplementSellerCaused(Conflict):
    """What the seller has caused is a change, not a supplement."""

    code = "supplement_seller_caused"
    title_zh = "因出让方原因须作变更"
    title_en = "What the seller has caused needs a change"
    remedy_zh = "请发布变更公告，公示期重新计算。"
    remedy_en = "Publish a changed notice, with the whole period again."


class SupplementTooShort(Malformed):
    """A supplement extends the period by a minimum, so that readers have time."""

    code = "supplement_too_short"
    title_zh = "补充公告延长的时间过短"
    title_en = "The supplement extends the period by too little"


class PlaceTimeUnfit(Malformed):
    """A place is attested once it shows the notice, not before; and not from long before the notice."""

    code = "place_time_unfit"
    title_zh = "该渠道的发布时间不合理"
    title_en = "The place cannot have shown the notice since then"
    remedy_zh = "请填写该渠道实际发布的时间，不得晚于现在。"
    remedy_en = "Give the time since when it is shown there, not later than now."


class PlaceEvidenceMissing(Malformed):
    """A notice in the press is attested with a scan of the page."""

    code = "place_evidence_missing"
    title_zh = "报刊公告须附版面扫描件"
    title_en = "A notice in the press needs a scan of the page"
    remedy_zh = "请上传载有公告的版面。"
    remedy_en = "Upload the page that carries the notice."


class MendNeedsNewNotice(Conflict):
    """变更 is a new notice, which the sale itself publishes."""

    code = "mend_needs_new_notice"
    title_zh = "变更须重新发布公告"
    title_en = "A change is a new notice"
    remedy_zh = "请在交易项目中变更条件，由系统发布新公告，公示期重新计算。"
    remedy_en = "Change the terms of the sale: a new notice is published, with the whole period again."
