"""Refusals of terms and timetables, each naming its field."""

from app.kit.errors import Refusal


class TermsOutOfBounds(Refusal):
    """A term of the sale is outside its bounds. `field` names it; data: `lowest`, `highest` where they exist."""

    code = "terms_out_of_bounds"
    title_zh = "竞价条件超出允许范围"
    title_en = "A term of the sale is out of bounds"
    remedy_zh = "请按提示的范围修改。"
    remedy_en = "Change the term to within the bounds shown."


class NoticeRefused(Refusal):
    """The notice cannot be published with this timetable."""

    code = "notice_refused"
    title_zh = "公告的时间安排不符合规则"
    title_en = "The timetable of the notice breaks a rule"


class TimetableTooFar(NoticeRefused):
    """An instant of the timetable lies more than 400 days from now. Data: `days_max`."""

    code = "timetable_too_far"
    title_zh = "时间超出可安排的范围"
    title_en = "The timetable lies too far from now"
    remedy_zh = "各项时间须在当前时间前后 400 天之内，请检查年份。"
    remedy_en = "All instants lie within 400 days of now; check the year."


class TimetableOutOfOrder(NoticeRefused):
    """The instants of the timetable are not in their order. Data: `earlier`, `later`."""

    code = "timetable_out_of_order"
    title_zh = "时间先后顺序有误"
    title_en = "The instants of the timetable are out of order"
    remedy_zh = "顺序为：公告、报名开始、报名截止、保证金截止、竞价开始。"
    remedy_en = "The order is: notice, registration opens, closes, deposits due, bidding starts."


class NoticeTooShort(NoticeRefused):
    """Fewer calendar days between the notice and the day of the sale than the rule profile asks."""

    code = "notice_too_short"
    title_zh = "公告期不足"
    title_en = "The notice is too short"
    remedy_zh = "请推迟竞价开始日。"
    remedy_en = "Start the bidding on a later day."


class StatutoryNoticeTooShort(NoticeTooShort):
    """A licensed auction house must give notice seven days before the day of the sale."""

    code = "statutory_notice_too_short"
    source = "拍卖法 art. 45"


class DepositDueTooLate(NoticeRefused):
    """Deposits must be due a working day before the start, so that bank statements can be reconciled."""

    code = "deposit_due_too_late"
    title_zh = "保证金截止时间距竞价开始不足一个工作日"
    title_en = "Deposits are due less than a working day before the start"
    remedy_zh = "请提前保证金截止时间或推迟竞价开始。"
    remedy_en = "Make deposits due earlier, or start later."


class FormatMismatch(TermsOutOfBounds):
    """The format, the close and the profile of a session do not go together."""

    code = "format_mismatch"
    title_zh = "竞价方式、结束方式与专场类型不匹配"
    title_en = "Format, close and session profile do not go together"
    remedy_zh = "网络竞价用延时结束，拍卖会用落槌，密封报价用截止时间。"
    remedy_en = "Ascending sales close softly, halls by the hammer, sealed offers at a deadline."
