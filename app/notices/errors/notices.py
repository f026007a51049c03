"""Refusals about a notice itself: what it must say, how long it must stand, whether it still runs."""

from app.kit.errors import Conflict, Malformed


class NoticeNotRunning(Conflict):
    """The notice has not begun, or has ended."""

    code = "notice_not_running"
    title_zh = "公示不在进行中"
    title_en = "The notice is not running"


class NoticePeriodTooShort(Malformed):
    """The period is below its floor; `data` names the floor and its source."""

    code = "notice_period_too_short"
    title_zh = "公示期短于规定"
    title_en = "The notice is shorter than the rule allows"
    remedy_zh = "请把公示期改为不短于规定的期限。"
    remedy_en = "Give a period that is not below the floor."


class NoticeContentIncomplete(Malformed):
    """The notice lacks what it must say."""

    code = "notice_content_incomplete"
    title_zh = "公告缺少必备内容"
    title_en = "The notice lacks what it must say"


class NoticeContentUnknown(Malformed):
    """A field that no notice of this kind has: it would belong to no way of mending."""

    code = "notice_content_unknown"
    title_zh = "公告中有未登记的内容项"
    title_en = "The notice has a field that no notice of its kind has"


class ObjectionProcedureMissing(Conflict):
    """The unit has published no procedure for objections, without which it publishes no price notice."""

    code = "objection_procedure_missing"
    title_zh = "单位尚未公布异议处理办法"
    title_en = "The unit has published no procedure for objections"
    remedy_zh = "请先在单位资料中填写异议处理办法。"
    remedy_en = "Fill in the unit's procedure for objections first."


class PlaceMissing(Conflict):
    """A place where the notice has to appear is not named, or is none of its own."""

    code = "place_missing"
    title_zh = "缺少规定的发布渠道"
    title_en = "A place where the notice has to appear is missing"


class NoticeLiveAlready(Conflict):
    """A subject has one live notice of a kind."""

    code = "notice_live_already"
    title_zh = "该事项已有进行中的公示"
    title_en = "This matter has a live notice already"
    remedy_zh = "请等待现有公示结束，或以变更公告取代它。"
    remedy_en = "Wait for its end, or put a changed notice in its place."


class NoticePaused(Conflict):
    """The notice's clock stands still: nothing that rests on its end may happen."""

    code = "notice_paused"
    title_zh = "公示已中止"
    title_en = "The notice is paused"
    remedy_zh = "请等待异议处理完毕或恢复公示。"
    remedy_en = "Wait until the objection is decided or the notice goes on."


class ObjectionOpen(Conflict):
    """An objection is not decided yet: nothing that rests on the notice's end may happen."""

    code = "objection_open"
    title_zh = "尚有未处理完毕的异议"
    title_en = "An objection is not decided yet"
    remedy_zh = "请等待异议处理完毕。"
    remedy_en = "Wait for the decision."


class NoticeOfSale(Conflict):
    """The notice of a listing or of an auction ends with its sale, by the sale's own rules."""

    code = "notice_of_sale"
    title_zh = "该公告属于交易项目，随项目撤回"
    title_en = "The notice belongs to a sale and is taken back with it"
    remedy_zh = "请在交易项目中办理撤回或撤销。"
    remedy_en = "Withdraw or call off the sale."
