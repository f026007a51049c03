"""When a bid counts, what extends the sale, and what a timer may do."""

from datetime import timedelta

from app.auctions.rules import engine
from app.auctions.rules.facts import BidPlaced, Extended, KnockedDown
from app.auctions.states import AuctionStatus
from tests.auctions.sale import START, bid, only, ready, refused, seconds, started

FREE_END = START + seconds(3_600)
END = FREE_END + seconds(300)
DURING = START + seconds(60)


def test_a_bid_counts_strictly_before_the_end() -> None:
    last_microsecond = END - timedelta(microseconds=1)
    sale = started()
    told = sale.bids("3260", 200, last_microsecond)
    assert [fact.kind for fact in told] == ["timed_bidding_started", "bid_placed", "extended"]
    assert sale.now.ends_at == last_microsecond + seconds(300)

    refusal = refused(started(), bid("3260", 200), END)
    assert refusal.code == "bidding_ended"
    assert refusal.data == {
        "ends_at": "2026-03-12T02:05:00.000000Z",
        "judged_at": "2026-03-12T02:05:00.000000Z",
    }


def test_a_bid_of_the_free_phase_does_not_extend() -> None:
    sale = started()
    told = sale.bids("3260", 200, FREE_END - timedelta(microseconds=1))
    assert [fact.kind for fact in told] == ["bid_placed"]
    assert (sale.now.ends_at, sale.now.extension_count) == (END, 0)


def test_a_bid_exactly_one_window_before_the_end_moves_nothing() -> None:
    sale = started()
    assert [fact.kind for fact in sale.bids("3260", 200, FREE_END)] == ["timed_bidding_started", "bid_placed"]
    assert sale.now.ends_at == END


def test_an_extension_counts_from_the_bid_and_not_from_the_end() -> None:
    sale = started()
    told = sale.bids("3260", 200, END - seconds(1))
    moved = only(told, Extended)
    assert moved.ends_at == END + seconds(299)
    assert (moved.extension_count, moved.bid_seq) == (1, only(told, BidPlaced).seq)


def test_extensions_have_no_limit_unless_the_notice_sets_one() -> None:
    sale = started()
    at = END - seconds(1)
    for count in range(1, 151):
        sale.bids(f"{3000 + count % 2}", 190 + 10 * count, at)
        at += seconds(299)
    assert sale.now.extension_count == 150


def test_a_cap_on_extensions_lets_the_bid_count_and_the_end_stay() -> None:
    sale = started(extensions_max=1)
    sale.bids("3260", 200, END - seconds(1))
    end = END + seconds(299)
    told = sale.bids("3172", 210, end - seconds(1))
    assert [fact.kind for fact in told] == ["bid_placed"]
    assert sale.now.ends_at == end
    assert only(sale.ticks(end), KnockedDown).bidder_code == "3172"


def test_a_late_timer_shifts_nothing() -> None:
    on_time, late = started(), ready()
    late.ticks(START + seconds(45))
    assert late.now.free_ends_at == on_time.now.free_ends_at == FREE_END
    assert late.now.ends_at == on_time.now.ends_at == END


def test_a_bid_that_comes_before_the_timer_starts_the_phase_itself() -> None:
    sale = ready()
    told = sale.bids("3260", 200, START)
    assert [fact.kind for fact in told] == ["bidding_started", "bid_placed"]
    assert refused(ready(), bid("3260", 200), START - timedelta(microseconds=1)).code == "bidding_not_started"


def test_a_timer_before_its_time_does_nothing() -> None:
    sale = started()
    assert sale.ticks(FREE_END - timedelta(microseconds=1)) == ()
    sale.ticks(FREE_END)
    assert sale.now.status is AuctionStatus.TIMED_BIDDING
    assert sale.ticks(FREE_END) == ()


def test_a_clock_that_runs_back_is_held_at_the_latest_fact() -> None:
    sale = started()
    sale.bids("3260", 200, END - seconds(1))
    told = sale.bids("3172", 210, DURING)
    assert only(told, BidPlaced).at == END - seconds(1)
    assert sale.now.ends_at == END + seconds(299)


def test_due_is_the_next_instant_and_then_nothing() -> None:
    sale = ready()
    assert engine.due(sale.now) == START
    sale.ticks(START)
    assert engine.due(sale.now) == FREE_END
    sale.ticks(FREE_END)
    assert engine.due(sale.now) == END
    sale.bids("3260", 200, END - seconds(1))
    assert engine.due(sale.now) == END + seconds(299)
    sale.ticks(END + seconds(299))
    assert engine.due(sale.now) is None
