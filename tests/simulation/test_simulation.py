"""A small seed of the simulation, and that it finds, shrinks and repeats what is wrong."""

from dataclasses import replace

import pytest

from app.auctions.rules import engine
from app.auctions.rules.commands import SuspendReason
from app.auctions.rules.facts import EnvelopesOpened, Suspended
from app.auctions.rules.sealed.state import Outcome, Result
from tests.auctions.sale import START, seconds
from tests.invariants import Step, Violation
from tests.simulation.day import Day, play
from tests.simulation.histories import is_sealed
from tests.simulation.histories import play as play_either
from tests.simulation.oracle import Entry
from tests.simulation.run import part
from tests.simulation.script import Move, Script, draw
from tests.simulation.sealed_checks import check_sealed_step
from tests.simulation.sealed_day import SealedDay
from tests.simulation.sealed_oracle import Offer, SealedOracle, in_order
from tests.simulation.sealed_script import draw_sealed
from tests.simulation.shrink import failure_of, shrink, told

HISTORIES = 250


def test_no_history_of_a_seed_violates_an_invariant() -> None:
    outcome = part(20_261_125, 0, HISTORIES)
    assert outcome.violations == []
    assert outcome.histories == HISTORIES


def test_the_histories_reach_what_they_are_there_to_try() -> None:
    met = part(1, 0, 200).met
    wanted = {
        "bid_placed", "extended", "suspended", "resumed", "knocked_down", "passed_in", "restart",
        "bidding_ended", "bidding_suspended", "already_highest", "bid_not_above_current", "bid_off_ladder",
        "called", "via floor", "via proxy", "bid_corrected", "priority_offered", "adjourned", "continued",
        "sealing_ended", "sealing_closed", "envelopes_opened", "further round", "round of the tied", "cheat refused",
        "outage", "postponed", "royalty_above_whole", "release", "envelope_superseded", "envelope void above_whole",
        "opening_halted", "opening_decided", "envelope struck", "envelope void below_floor", "envelopes_only",
    }  # fmt: skip
    assert wanted <= set(met), wanted - set(met)
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


def test_about_a_third_of_a_seeds_histories_are_sealed_and_always_the_same_ones() -> None:
    kinds = [is_sealed(1, number) for number in range(600)]
    assert 160 <= kinds.count(True) <= 240
    assert kinds == [is_sealed(1, number) for number in range(600)]
    assert draw_sealed(7, 3) == draw_sealed(7, 3) != draw_sealed(7, 4)
    assert play_either(draw_sealed(7, 3)).market.facts == play_either(draw_sealed(7, 3)).market.facts


class LaterWins(SealedOracle):
    """A reference that gives the lot to whoever of the tied was received last."""

    def lead(self) -> Entry | None:
        order = in_order(self.counted)
        tied = [offer for offer in order if offer.amount == order[0].amount]
        return Entry(tied[-1].code, tied[-1].amount) if tied else None


def play_later(script: Script) -> None:
    day = SealedDay(script)
    rules = day.market.rules
    day.market.rules = LaterWins(rules.terms, rules.starts_at, rules.holders, rules.reserve)
    day.play()


def test_a_tie_that_is_given_to_the_later_offer_is_found_and_shrunk() -> None:
    scripts = (draw_sealed(1, number) for number in range(200))
    script = next(s for s in scripts if failure_of(play_later, s))
    small = shrink(play_later, script)
    violation = failure_of(play_later, small)
    assert violation is not None and violation.invariant == "oracle"
    assert [move.kind for move in small.moves].count("seal") >= 2
    assert len(small.moves) <= 8 < len(script.moves)


def test_a_fact_that_tells_an_offer_before_the_opening_is_found() -> None:
    day = SealedDay(draw_sealed(1, 0))
    before = day.market.snapshot
    fact = Suspended(
        seq=before.seq + 1, at=START, reason=SuspendReason.OBJECTION, note="最高报价2345678.90元"
    )
    step = Step(before, engine.apply(before, fact), [fact], START)
    check_sealed_step(step, (), frozenset({1_111_111}))
    with pytest.raises(Violation, match="I-14"):
        check_sealed_step(step, (), frozenset({234_567_890}))


def test_a_set_that_is_not_the_committed_one_is_found() -> None:
    """One envelope less under the root, and one more in the opening."""
    opened = [("a", "00" * 32, "11" * 32), ("b", "22" * 32, "33" * 32)]
    results = tuple(Result(envelope_id=i, commitment=c, digest=d, outcome=Outcome.NONE) for i, c, d in opened)
    before = SealedDay(draw_sealed(1, 0)).market.snapshot
    fact = EnvelopesOpened(seq=before.seq + 1, at=START, round_no=1, results=results)
    step = Step(before, engine.apply(before, fact), [fact], START)
    check_sealed_step(step, opened, frozenset())
    for other in (opened[:1], opened[::-1], [opened[0], ("b", "22" * 32, "34" * 32)]):
        with pytest.raises(Violation, match="I-16"):
            check_sealed_step(step, other, frozenset())


def test_equal_offers_go_by_the_time_of_receipt_and_at_one_instant_by_the_envelope() -> None:
    early, late = START, START + seconds(1)
    offers = [
        Offer("a", "1", 7, late),
        Offer("b", "2", 7, early),
        Offer("c", "3", 7, early),
        Offer("d", "4", 9, late),
    ]
    assert [offer.code for offer in in_order(offers)] == ["4", "3", "2", "1"]
