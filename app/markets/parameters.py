"""One value of a rule profile: its unit, its bounds, and where it comes from."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Final

from app.calendar.rules import Period, PeriodUnit
from app.kit.errors import HOUSE_RULE

HOUSE_AFTER_COURTS: Final = "house rule, after 法释〔2016〕18号"
"""The courts' rules for online sales do not bind this market; bidders expect them."""


class Unit(StrEnum):
    """Units of parameters; a period never goes without one."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    SECOND = "second"
    BASIS_POINT = "basis_point"
    LOCAL_MINUTE = "local_minute"
    """A minute of the day, Asia/Shanghai: 570 is 09:30, 1440 is 24:00."""
    MONTH = "month"
    FEN = "fen"
    """An amount of money, in fen."""
    COUNT = "count"
    FLAG = "flag"


@dataclass(frozen=True)
class Parameter:
    """One value with its unit, its bounds (None: the law and the house leave it open) and where it comes from.

    The value is what holds where nobody chooses; a choice keeps the bounds, both included.
    """

    value: int
    unit: Unit
    source: str = HOUSE_RULE
    floor: int | None = None
    ceiling: int | None = None

    @property
    def period(self) -> Period:
        """The value as a period that the calendar counts. Raises `ValueError` for a parameter that is none."""
        return Period(self.value, PeriodUnit(self.unit))

    @property
    def least(self) -> Period:
        """The floor as a period, 0 where there is none."""
        return Period(self.floor or 0, PeriodUnit(self.unit))


def time_of_day(parameter: Parameter) -> time:
    """The time of day, Asia/Shanghai, of a parameter in minutes of the day."""
    return time(*divmod(parameter.value, 60))
