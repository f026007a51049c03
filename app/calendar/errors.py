"""The calendar's refusals."""

from app.kit.errors import Conflict, Malformed


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


class CalendarYearUnfit(Malformed):
    """A day is of another year, is named twice, is off anyway, or is worked anyway. Data: `days`."""

    code = "calendar_year_unfit"
    title_zh = "年度安排有误"
    title_en = "The year's decision does not fit the year"
    remedy_zh = "放假日只填周一至周五，调休上班日只填周六、周日，均须属于该年度，每日只填一次。"
    remedy_en = (
        "Days off are weekdays, days worked in exchange are weekend days, all of that year, each once."
    )


class CalendarDayDecidedBefore(Conflict):
    """The year is decided, or some of its days were decided otherwise. Data: `days`."""

    code = "calendar_day_decided_before"
    title_zh = "该年度或其中的日期已有决定"
    title_en = "The year, or some of its days, have been decided before"
    remedy_zh = "已有决定的日期请逐日更正，并注明依据的通知。"
    remedy_en = "Correct a decided day by itself, and name its notice."
