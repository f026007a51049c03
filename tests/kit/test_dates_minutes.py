"""Minutes of a legal day: 24:00 belongs to the day that it ends."""

from datetime import UTC, date, datetime

import pytest

from app.kit.dates import at_minute, closing_minute, end_of_day, local_text

DAY = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("minute", "at", "text"),
    [
        (0, datetime(2026, 12, 9, 16, tzinfo=UTC), "00:00"),
        (570, datetime(2026, 12, 10, 1, 30, tzinfo=UTC), "09:30"),
        (1_020, datetime(2026, 12, 10, 9, tzinfo=UTC), "17:00"),
        (1_439, datetime(2026, 12, 10, 15, 59, tzinfo=UTC), "23:59"),
        (1_440, datetime(2026, 12, 10, 16, tzinfo=UTC), "24:00"),
    ],
)
def test_a_minute_of_the_day_is_an_instant_and_a_text(minute: int, at: datetime, text: str) -> None:
    assert (at_minute(DAY, minute), local_text(minute)) == (at, text)


def test_midnight_is_the_end_of_the_day_that_is_over() -> None:
    assert at_minute(DAY, 1_440) == end_of_day(DAY)
    assert closing_minute(end_of_day(DAY)) == (DAY, 1_440)
    assert closing_minute(at_minute(DAY, 1_020)) == (DAY, 1_020)
    assert closing_minute(at_minute(DAY, 1)) == (DAY, 1)


@pytest.mark.parametrize("minute", [-1, 1_441])
def test_a_day_has_no_other_minutes(minute: int) -> None:
    with pytest.raises(ValueError, match="no minute"):
        at_minute(DAY, minute)
