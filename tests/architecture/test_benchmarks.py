"""The table of `make bench`: a row that was not measured counts as not met, one that is only reported has no goal."""

from benchmarks import rows


def test_a_row_that_was_not_measured_counts_as_not_met() -> None:
    told = rows.told(rows.SEARCH, [])
    assert (told["value"], told["met"], told["row"].endswith("(not measured)")) == (None, False, True)


def test_a_row_that_is_only_reported_has_no_goal_to_meet() -> None:
    assert rows.told(rows.PAINT, [12.0])["met"] is None


def test_the_median_of_the_rounds_is_judged_by_the_must() -> None:
    met, missed = rows.told(rows.HOT_CALL, [9.0, 3.1, 1.0]), rows.told(rows.FANOUT, [0.2, 0.3, 0.4])
    assert (met["value"], met["met"], met["spread"]) == (3.1, True, [1.0, 9.0])
    assert (missed["value"], missed["met"]) == (0.3, False)
    assert set(met) == {"row", "value", "must", "aim", "met", "rounds", "spread"}
