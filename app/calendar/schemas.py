"""The calendar's wire shapes."""

from datetime import date

from pydantic import Field

from app.kit.schemas import Input, Line, Output


class CalendarDayOut(Output):
    """One day. `provisional`: no notice has decided it yet, `is_working` is its weekday and `source` is null."""

    on: date
    is_working: bool
    provisional: bool
    note: str | None
    source: str | None


class CalendarOut(Output):
    """Every day of the range, in order."""

    data: list[CalendarDayOut]


class CalendarDayIn(Input):
    """What a government notice has decided for a day."""

    is_working: bool
    note: Line | None = Field(None, description="Why the day differs, such as 国庆节调休上班.")
    source: Line = Field(description="The notice that decided it, such as 国办发明电〔2025〕7号.")
