"""Dates and instants: UTC inside and on wires, Asia/Shanghai for people and for legal days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, PlainSerializer, WithJsonSchema

SHANGHAI = ZoneInfo("Asia/Shanghai")


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
