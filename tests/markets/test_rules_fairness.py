"""Which ends an outage touches, to the second, and by how much they are postponed."""

from datetime import UTC, datetime, timedelta

import pytest

from app.markets import profiles
from app.markets.fairness import Fairness, deadline_touched, fairness_of, later, reason_en, reason_zh, touched
from app.markets.listed.rules import postponed
from tests.factories.outages import outage

DEADLINE = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
"""17:00 in Shanghai."""
NEXT_CUTOFF = DEADLINE + timedelta(days=1)
WINDOW = 3_600


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.mark.parametrize(
    ("lasted", "counts"), [(600, False), (600.001, True), (10, False)], ids=["at", "above", "short"]
)
def test_an_outage_counts_only_above_its_threshold(lasted: float, counts: bool) -> None:
    found = outage(1, DEADLINE - seconds(300), lasted)
    assert touched(DEADLINE, found, longer_than=600, window_seconds=WINDOW) is counts


@pytest.mark.parametrize(
    ("deadline_after_end", "counts"),
    [(-700, True), (-700.001, False), (0, True), (3_599.999, True), (3_600, False)],
    ids=["when it began", "before it began", "when it ended", "a moment less than a window", "a full window"],
)
def test_an_end_is_touched_from_the_outages_beginning_until_a_full_window_after_it(
    deadline_after_end: float, counts: bool
) -> None:
    found = outage(1, DEADLINE - seconds(700), 700)
    at = found.ended_at + seconds(deadline_after_end)
    assert touched(at, found, longer_than=600, window_seconds=WINDOW) is counts


def test_what_has_no_end_is_not_touched() -> None:
    assert not touched(None, outage(1, DEADLINE, 700), longer_than=600, window_seconds=WINDOW)


def test_the_threshold_is_of_real_time_and_the_place_of_market_time() -> None:
    """At 1,440 times the pace twelve real seconds are almost five hours of the market."""
    fast = outage(1, DEADLINE - seconds(60), 12, market_seconds=12 * 1_440)
    assert touched(DEADLINE + seconds(17_000), fast, longer_than=10, window_seconds=0)
    assert not touched(DEADLINE, fast, longer_than=12, window_seconds=WINDOW)


def test_an_end_moves_by_a_full_window_from_where_it_was_and_from_now() -> None:
    assert later(DEADLINE, DEADLINE - seconds(60), window_seconds=300) == DEADLINE + seconds(300)
    assert later(DEADLINE, DEADLINE + seconds(60), window_seconds=300) == DEADLINE + seconds(360)


def test_a_listing_ends_a_window_later_and_past_the_limit_on_the_next_working_day() -> None:
    usual = Fairness()

    def ends(lasted: float) -> datetime | None:
        found = outage(1, DEADLINE - seconds(60), lasted)
        return postponed(DEADLINE, found, found.ended_at, fairness=usual, cutoff=NEXT_CUTOFF)

    assert ends(59) is None
    assert ends(61) == DEADLINE + seconds(1 + WINDOW)
    assert ends(1_800) == DEADLINE + seconds(1_740 + WINDOW)
    assert ends(1_801) == NEXT_CUTOFF


@pytest.mark.parametrize(
    ("began_before", "lasted", "counts"),
    [(5, 10, False), (5, 10.001, True), (600, 599, False), (600, 601, True), (700, 601, True)],
    ids=["over it, too short", "over it", "before it, too short", "over it, long", "before it, long"],
)
def test_an_outage_over_a_deadline_counts_however_short_and_one_before_it_from_ten_minutes(
    began_before: float, lasted: float, counts: bool
) -> None:
    found = outage(1, DEADLINE - seconds(began_before), lasted)
    assert deadline_touched(DEADLINE, found, Fairness()) is counts


def test_the_thresholds_are_those_of_the_rule_profile() -> None:
    for profile in profiles.VERSIONS:
        assert fairness_of(profile.auction) == Fairness(
            bid_seconds=10, deadline_seconds=600, suspend_seconds=1_800, deadline_window_seconds=3_600
        )


def test_the_reason_says_when_nothing_could_be_accepted() -> None:
    found = outage(1, DEADLINE - seconds(31), 40)
    assert reason_zh(found) == ("因系统故障，2026-03-09 16:59:29至17:00:09无法受理，受影响的截止时间顺延。")
    assert "from 2026-03-09 16:59:29 to 2026-03-09 17:00:09 (UTC+8)" in reason_en(found)
