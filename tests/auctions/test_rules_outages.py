"""Our faults and a sale, on the pure rules: what an outage took is given back once, before anything is judged."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.auctions.rules import engine
from app.auctions.rules.commands import Call, Command, ExercisePriority, MarkReady, OpenLot, Resume, Tick
from app.auctions.rules.facts import Fact, KnockedDown, PassedIn, Postponed, Resumed, Suspended
from app.auctions.rules.given import Given
from app.auctions.rules.record import replay
from app.auctions.rules.snapshot import Holder
from app.auctions.rules.terms import CloseKind, PriorityStyle, SessionProfile
from app.auctions.states import AuctionStatus
from app.kit.outages import Outage
from tests.auctions.sale import (
    CLOSES,
    DEPOSIT_DUE,
    NOTICE,
    OPENS,
    START,
    Sale,
    bid,
    bidder,
    notice,
    only,
    ready,
    refused,
    seconds,
    started,
)
from tests.factories.outages import outage

FREE_END = START + seconds(3_600)
END = FREE_END + seconds(300)
HOUR = 3_600


def back(sale: Sale, command: Command, at: datetime, *outages: Outage) -> tuple[Fact, ...]:
    """The first command after these outages."""
    told = engine.decide(sale.now, command, at, replace(sale.given, outages=outages))
    sale.now = replay(sale.now, told)
    sale.facts += told
    return told


def kinds(told: tuple[Fact, ...]) -> list[str]:
    return [fact.kind for fact in told]


def test_a_close_that_passed_while_we_were_down_is_postponed_by_a_full_window_and_not_made() -> None:
    sale = started()
    sale.bids("3260", 200, END - seconds(400))
    down = outage(1, END - seconds(15), 30)
    told = back(sale, Tick(), down.ended_at, down)
    assert kinds(told) == ["timed_bidding_started", "postponed"]
    moved = only(told, Postponed)
    assert moved.ends_at == sale.now.ends_at == down.ended_at + seconds(300)
    assert (moved.outage_no, moved.began_at, moved.ended_at) == (1, down.began_at, down.ended_at)
    assert "系统故障" in moved.reason_zh and "fault of the system" in moved.reason_en
    told = sale.bids("4711", 210, down.ended_at + seconds(10))
    assert kinds(told) == ["bid_placed", "extended"]
    won = only(sale.ticks(down.ended_at + seconds(310)), KnockedDown)
    assert (won.bidder_code, won.amount_minor) == ("4711", 210_000_000)


def test_a_bid_that_comes_first_after_an_outage_across_the_end_is_accepted() -> None:
    sale = started()
    down = outage(1, END - seconds(15), 30)
    told = back(sale, bid("3260", 200), down.ended_at, down)
    assert kinds(told) == ["timed_bidding_started", "postponed", "bid_placed"]
    assert sale.now.ends_at == down.ended_at + seconds(300)


@pytest.mark.parametrize(
    ("lasted", "counts"), [(10, False), (10.001, True)], ids=["at the threshold", "above it"]
)
def test_an_outage_of_the_timed_phase_counts_above_ten_seconds(lasted: float, counts: bool) -> None:
    sale = started()
    told = back(sale, Tick(), END + seconds(20), outage(1, END - seconds(5), lasted))
    assert kinds(told) == ["timed_bidding_started", "postponed" if counts else "passed_in"]


@pytest.mark.parametrize(
    ("after", "counts"), [(299.999, True), (300, False)], ids=["less than a window", "a full window"]
)
def test_an_end_that_leaves_a_full_window_after_an_outage_stays(after: float, counts: bool) -> None:
    sale = started()
    down = outage(1, END - seconds(after) - seconds(60), 60)
    told = back(sale, Tick(), down.ended_at, down)
    # The free phase was over within the outage: the postponement comes first, then what was due.
    assert kinds(told) == ([*(["postponed"] if counts else []), "timed_bidding_started"])
    assert (sale.now.ends_at == END) is not counts
    assert counts is (sale.now.ends_at == END + seconds(300))


def test_what_ended_before_the_outage_began_stays_ended() -> None:
    sale = started()
    sale.bids("3260", 200, END - seconds(400))
    down = outage(1, END + seconds(0.001), 60)
    told = back(sale, Tick(), down.ended_at, down)
    assert kinds(told) == ["timed_bidding_started", "knocked_down"]


def test_an_end_at_the_very_beginning_of_an_outage_is_postponed() -> None:
    sale = started()
    down = outage(1, END, 60)
    assert kinds(back(sale, Tick(), down.ended_at, down)) == ["timed_bidding_started", "postponed"]


def test_an_outage_is_compensated_once_whoever_asks_again() -> None:
    sale = started()
    down = outage(1, END - seconds(15), 30)
    back(sale, Tick(), down.ended_at, down)
    assert back(sale, Tick(), down.ended_at + seconds(1), down) == ()
    ended = back(sale, Tick(), down.ended_at + seconds(300), down)
    assert kinds(ended) == ["passed_in"]
    assert only(ended, PassedIn).at == down.ended_at + seconds(300)


def test_two_outages_postpone_twice_also_where_both_are_judged_at_once() -> None:
    apart = started()
    first = outage(1, END - seconds(15), 30)
    back(apart, Tick(), first.ended_at, first)
    second = outage(2, first.ended_at + seconds(290), 30)
    told = back(apart, Tick(), second.ended_at, second)
    assert only(told, Postponed).outage_no == 2
    assert apart.now.ends_at == second.ended_at + seconds(300)

    together = started()
    close_by = outage(2, first.ended_at + seconds(3), 30)
    told = back(together, Tick(), close_by.ended_at, first, close_by)
    # The first is judged now, so that its postponed end lies a full window after both.
    assert kinds(told) == ["timed_bidding_started", "postponed"]
    assert together.now.ends_at == close_by.ended_at + seconds(300)


def test_past_the_limit_the_sale_is_suspended_and_gets_back_what_it_had_left() -> None:
    sale = started()
    sale.bids("3260", 200, END - seconds(400))
    down = outage(1, END - seconds(100), 1_801)
    told = back(sale, Tick(), down.ended_at, down)
    stopped = only(told, Suspended)
    assert (stopped.reason, stopped.since, stopped.outage_no) == ("system_fault", down.began_at, 1)
    assert "系统故障" in stopped.note
    assert refused(sale, bid("4711", 210), down.ended_at + seconds(1)).code == "bidding_suspended"
    resumed_at = down.ended_at + seconds(HOUR)
    assert only(back(sale, Resume(note="已恢复"), resumed_at, down), Resumed).ends_at == resumed_at + seconds(
        300
    )
    sale = started()
    early = outage(1, END - seconds(250), 1_801)
    back(sale, Tick(), early.ended_at, early)
    told = back(sale, Resume(note="已恢复"), resumed_at, early)
    assert only(told, Resumed).ends_at == resumed_at + seconds(300)


def test_up_to_the_limit_the_sale_is_postponed_and_not_suspended() -> None:
    sale = started()
    down = outage(1, END - seconds(100), 1_800)
    assert kinds(back(sale, Tick(), down.ended_at, down)) == ["timed_bidding_started", "postponed"]


def test_a_long_outage_in_the_middle_of_the_free_phase_changes_nothing() -> None:
    sale = started(free_seconds=86_400)
    down = outage(1, START + seconds(HOUR), 4 * HOUR)
    assert back(sale, Tick(), down.ended_at, down) == ()


def test_a_start_that_would_bring_its_end_within_the_outage_comes_later() -> None:
    short = {"session_profile": SessionProfile.ONLINE_SESSION, "free_seconds": 900, "window_seconds": 60}
    sale = ready(**short)
    down = outage(1, START - seconds(5), 1_000)
    told = back(sale, Tick(), down.ended_at, down)
    assert kinds(told) == ["postponed"]
    assert sale.now.timetable is not None
    assert sale.now.timetable.starts_at == down.ended_at + seconds(300)

    enough = ready(free_seconds=86_400)
    told = back(enough, Tick(), down.ended_at, down)
    assert kinds(told) == ["bidding_started"]


def noticed() -> Sale:
    sale = Sale()
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    return sale


def test_a_registration_deadline_within_an_outage_comes_an_hour_after_it() -> None:
    sale = noticed()
    down = outage(1, CLOSES - seconds(60), 601)
    told = back(sale, Tick(), down.ended_at, down)
    assert kinds(told) == ["postponed"]
    table = only(told, Postponed).timetable
    assert table.registration_closes_at == down.ended_at + seconds(HOUR)
    assert (table.deposit_due_at, table.starts_at) == (DEPOSIT_DUE, START)
    assert kinds(sale.ticks(down.ended_at + seconds(HOUR))) == ["registration_closed"]


def test_ten_minutes_before_a_deadline_are_no_more_than_the_rule_bears() -> None:
    sale = noticed()
    down = outage(1, CLOSES - seconds(660), 600)
    assert kinds(back(sale, Tick(), CLOSES, down)) == ["registration_closed"]


def test_half_a_minute_over_a_deadline_postpones_it() -> None:
    sale = noticed()
    down = outage(1, CLOSES - seconds(20), 30)
    assert kinds(back(sale, Tick(), down.ended_at, down)) == ["postponed"]


def test_a_deposit_deadline_within_an_outage_is_postponed_and_the_start_stays() -> None:
    sale = noticed()
    sale.ticks(CLOSES)
    down = outage(1, DEPOSIT_DUE - seconds(60), 700)
    told = back(sale, Tick(), down.ended_at, down)
    table = only(told, Postponed).timetable
    assert table.deposit_due_at == down.ended_at + seconds(HOUR)
    assert table.starts_at == START
    assert refused(sale, MarkReady(), down.ended_at).code == "ready_too_early"


def test_deposits_that_would_be_due_on_a_later_day_move_the_start_by_as_many_days() -> None:
    sale = noticed()
    sale.ticks(CLOSES)
    # Due at 17:00; seven hours after that it is midnight in Shanghai.
    down = outage(1, DEPOSIT_DUE - seconds(60), 1_700, market_seconds=7 * HOUR)
    table = only(back(sale, Tick(), down.ended_at, down), Postponed).timetable
    assert table.starts_at == START + timedelta(days=1)


def test_deposits_are_never_due_before_registration_closes() -> None:
    sale = Sale()
    sale.does(notice(deposit_due_at=CLOSES), NOTICE)
    sale.ticks(OPENS)
    down = outage(1, CLOSES - seconds(60), 700)
    table = only(back(sale, Tick(), down.ended_at, down), Postponed).timetable
    assert table.registration_closes_at == table.deposit_due_at == down.ended_at + seconds(HOUR)


def test_a_registration_that_was_cut_off_past_the_limit_is_suspended_and_gets_its_time_back() -> None:
    sale = noticed()
    down = outage(1, CLOSES - seconds(60), 1_801)
    assert kinds(back(sale, Tick(), down.ended_at, down)) == ["suspended"]
    resumed_at = down.ended_at + seconds(HOUR)
    table = only(sale.does(Resume(note="已恢复"), resumed_at), Resumed).timetable
    assert table.registration_closes_at == resumed_at + seconds(60)


def test_an_auctioneers_calls_begin_again_after_an_outage() -> None:
    sale = ready(
        close=CloseKind.HAMMER,
        session_profile=SessionProfile.HALL,
        called_up=True,
        free_seconds=0,
        window_seconds=0,
    )
    sale.does(OpenLot(), START)
    sale.bids("3260", 200, START + seconds(5))
    sale.does(Call(number=1), START + seconds(10))
    sale.does(Call(number=2), START + seconds(30))
    down = outage(1, START + seconds(32), 11)
    told = back(sale, Tick(), down.ended_at, down)
    assert (kinds(told), sale.now.hall.calls) == (["postponed"], 0)
    assert refused(sale, Call(number=3), down.ended_at).code == "call_out_of_order"
    quiet = outage(2, down.ended_at + seconds(1), 11)
    assert back(sale, Tick(), quiet.ended_at, quiet) == ()


def test_a_holders_period_that_ended_within_an_outage_is_postponed() -> None:
    sale = Sale(priority=PriorityStyle.AFTER_CLOSE, priority_seconds=600)
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    sale.ticks(CLOSES)
    sale.does(MarkReady(holders=(Holder(code="8888", rank=1),)), DEPOSIT_DUE)
    sale.ticks(START)
    sale.bids("3260", 200, START + seconds(5))
    sale.ticks(END)
    assert sale.now.status is AuctionStatus.PRIORITY_PENDING
    down = outage(1, END + seconds(590), 30)
    told = back(sale, Tick(), down.ended_at, down)
    assert kinds(told) == ["postponed"]
    told = sale.does(ExercisePriority(bidder=bidder("8888", priority_rank=1)), down.ended_at + seconds(60))
    assert only(told, KnockedDown).bidder_code == "8888"


def test_an_outage_while_the_sale_is_suspended_is_left_to_the_resumption() -> None:
    sale = started()
    down = outage(1, END - seconds(100), 1_801)
    back(sale, Tick(), down.ended_at, down)
    again = outage(2, down.ended_at + seconds(5), 5_000)
    assert back(sale, Tick(), again.ended_at, again) == ()


def test_the_record_alone_gives_the_sale_after_an_outage() -> None:
    sale = started()
    down = outage(1, END - seconds(15), 30)
    back(sale, bid("3260", 200), down.ended_at, down)
    assert replay(sale.first, sale.facts) == sale.now


def test_nothing_is_given_where_there_was_no_outage() -> None:
    assert Given().outages == ()
