"""The calendar's wire shapes."""

from datetime import date
from typing import Annotated

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
    """Every day of the range, in order. `horizon_on`: the last day up to which every day from the first on is decided."""

    data: list[CalendarDayOut]
    horizon_on: date | None


class CalendarDayIn(Input):
    """What a government notice has decided for a day."""

    is_working: bool
    note: Line | None = Field(None, description="Why the day differs, such as 国庆节调休上班.")
    source: Line = Field(description="The notice that decided it, such as 国办发明电〔2025〕7号.")


class CalendarYearIn(Input):
    """A year as the government's notice decides it; every other day is as its weekday has it."""

    year: Annotated[int, Field(ge=2004, le=2099)]
    days_off: Annotated[
        list[date], Field(min_length=1, max_length=60, description="Weekdays that are not worked.")
    ]
    days_worked: Annotated[
        list[date], Field(max_length=60, description="Weekend days that are worked in exchange 调休上班.")
    ]
    source: Line = Field(description="The notice that decided it, such as 国办发明电〔2026〕7号.")


class CalendarYearOut(Output):
    """A year that is decided. `days_new`: how many of its days nobody had decided before."""

    year: int
    days_new: int
    source: str
