"""What the calendar tells."""

from datetime import date
from typing import ClassVar

from app.events.model import Event


class CalendarDayDecided(Event):
    """A day was entered or corrected. Rooms whose deadlines were provisional may count again."""

    kind: ClassVar[str] = "calendar.day_decided"
    subject: ClassVar[str] = "calendar_day"
    public: ClassVar[bool] = True

    on: date
    is_working: bool


class CalendarYearDecided(Event):
    """A year's decision was entered: what rested on its undecided days is counted again."""

    kind: ClassVar[str] = "calendar.year_decided"
    subject: ClassVar[str] = "calendar_year"
    public: ClassVar[bool] = True

    year: int
    source: str
