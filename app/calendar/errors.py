"""The calendar's refusals."""

from app.kit.errors import Malformed


class WorkingDaysOutOfRange(Malformed):
    """A period in working days is longer than the market counts, or not positive."""

    code = "working_days_out_of_range"
    title_zh = "工作日数超出范围"
    title_en = "The number of working days is out of range"


class CalendarRangeInvalid(Malformed):
    """The range of dates is turned round or too long."""

    code = "calendar_range_invalid"
    title_zh = "日期范围无效"
    title_en = "The range of dates is not valid"
    remedy_zh = "起始日不得晚于截止日，一次最多查询 400 天。"
    remedy_en = "The first day is not after the last; one call answers at most 400 days."


class CalendarDayOutOfRange(Malformed):
    """The market decides days from 2004 to 2099 only."""

    code = "calendar_day_out_of_range"
    title_zh = "日期超出日历范围"
    title_en = "The day is outside the calendar"
    remedy_zh = "日历范围为 2004-01-01 至 2099-12-31。"
    remedy_en = "The calendar runs from 2004-01-01 to 2099-12-31."


class PeriodOutOfRange(Malformed):
    """A period in calendar days or months is longer than the market counts, or not positive."""

    code = "period_out_of_range"
    title_zh = "期限超出范围"
    title_en = "The period is out of range"
    remedy_zh = "请给出大于零且不超过上限的期限。"
    remedy_en = "Give a period above zero and within the longest that is counted."
