"""A small seed of the simulation, and that it finds, shrinks and repeats what is wrong."""

from dataclasses import replace

import pytest

from tests.invariants import Violation
from tests.simulation.day import Day, play
from tests.simulation.run import part
from tests.simulation.script import Move, Script, draw
from tests.simulation.shrink import failure_of, shrink, told

HISTORIES = 250


def test_no_history_of_a_seed_violates_an_invariant() -> None:
    outcome = part(20_261_125, 0, HISTORIES)
    assert outcome.violations == []
    assert outcome.histories == HISTORIES


def test_the_histories_reach_what_they_are_there_to_try() -> None:
    met = part(1, 0, 150).met
    wanted = {
        "bid_placed", "extended", "suspended", "resumed", "knocked_down", "passed_in", "restart",
        "bidding_ended", "bidding_suspended", "already_highest", "bid_not_above_current", "bid_off_ladder",
        "called", "via floor", "via proxy", "bid_corrected", "priority_offered", "adjourned", "continued",
    }  # fmt: skip
    assert wanted <= set(met)
    assert met["bid_placed"] >= 300


def test_a_history_is_the_same_each_time_it_is_drawn_and_played() -> None:
    assert draw(7, 3) == draw(7, 3) != draw(7, 4)
    assert play(draw(7, 3)).market.facts == play(draw(7, 3)).market.facts


class Shortened(Day):
    """A day whose reference thinks that the window is a second shorter than the notice says."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        oracle = self.market.oracle
        assert oracle is not None
        oracle.terms = replace(oracle.terms, window_seconds=script.terms.window_seconds - 1)


def play_shortened(script: Script) -> None:
    day = Shortened(script)
    day.play()


def test_a_rule_that_is_off_by_a_second_is_found_and_shrunk_to_the_bid_that_shows_it() -> None:
    scripts = (draw(1, number) for number in range(200))
    script = next(s for s in scripts if s.terms.day is None and failure_of(play_shortened, s))
    small = shrink(play_shortened, script)
    violation = failure_of(play_shortened, small)
    assert violation is not None and violation.invariant == "oracle"
    assert len(small.moves) <= 4 < len(script.moves)
    assert {"bid", "proxy"} & {move.kind for move in small.moves}
    printed = told(small, violation)
    assert printed.startswith(f"history {script.name}: oracle: ")
    assert printed.count("\n") == len(small.moves) + 1


def test_dropping_moves_leaves_the_others_at_their_times() -> None:
    script = Script(
        "x", draw(1, 1).terms, (Move("tick", after=1), Move("tick", after=2), Move("tick", after=4))
    )
    assert [move.after for move in script.without({0, 1}).moves] == [7]
    assert [move.after for move in script.without({1}).moves] == [1, 6]


def test_a_server_that_forgets_a_bid_is_found() -> None:
    day = Day(draw(1, 0))
    day.play()
    day.market.facts.pop()
    with pytest.raises(Violation, match="I-34"):
        day.market.restart()
