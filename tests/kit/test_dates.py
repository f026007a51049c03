"""Legal days are those of Shanghai; instants travel in UTC."""

from datetime import UTC, date, datetime, time

from app.kit.dates import at_local, end_of_day, market_date, wire


def test_a_legal_day_begins_at_midnight_in_shanghai() -> None:
    assert market_date(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert market_date(datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC)) == date(2026, 3, 2)


def test_the_end_of_a_day_is_the_first_moment_of_the_next() -> None:
    assert end_of_day(date(2026, 3, 1)) == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_five_in_the_afternoon_in_shanghai_is_nine_in_utc() -> None:
    assert at_local(date(2026, 3, 2), time(17)) == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_instants_are_written_in_utc_with_microseconds() -> None:
    assert wire(at_local(date(2026, 3, 2), time(17))) == "2026-03-02T09:00:00.000000Z"
