"""Dates and instants: UTC inside and on wires, Asia/Shanghai for people and for legal days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, PlainSerializer, WithJsonSchema

SHANGHAI = ZoneInfo("Asia/Shanghai")

DAY_MINUTES = 1_440
"""24:00, in minutes of the day."""


@lru_cache(maxsize=1_024)
def wire(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds and `Z`."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")


def market_date(at: datetime) -> date:
    """The legal day on which an instant falls: the date in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


def end_of_day(on: date) -> datetime:
    """24:00 of a legal day, as an instant: the first moment that no longer belongs to it."""
    return datetime.combine(on + timedelta(days=1), time(0), SHANGHAI).astimezone(UTC)


def at_minute(on: date, minute: int) -> datetime:
    """A minute of a legal day, as an instant. minute: 0 to 1440; 1440 is 24:00 of the same day, and is written so."""
    if not 0 <= minute <= DAY_MINUTES:
        raise ValueError(f"a day has no minute {minute}")
    return end_of_day(on) if minute == DAY_MINUTES else at_local(on, time(*divmod(minute, 60)))


def local_text(minute: int) -> str:
    """A minute of the day as it is announced: `17:00`, and `24:00` for the end of the day."""
    return "{:02d}:{:02d}".format(*divmod(minute, 60))


def closing_minute(at: datetime) -> tuple[date, int]:
    """On which legal day, at which minute something ends. Midnight is 24:00 of the day that is over.

    Seconds are cut off: an announced end has none.
    """
    shown = beijing(at)
    if (shown.hour, shown.minute) == (0, 0):
        return shown.date() - timedelta(days=1), DAY_MINUTES
    return shown.date(), shown.hour * 60 + shown.minute


def beijing(at: datetime) -> datetime:
    """An instant as clocks in China show it, for people."""
    return at.astimezone(SHANGHAI)


def at_local(on: date, clock: time) -> datetime:
    """A wall-clock time of a legal day, as an instant."""
    return datetime.combine(on, clock, SHANGHAI).astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    PlainSerializer(wire, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant on the wire: any offset is accepted, `Z` is written."""
