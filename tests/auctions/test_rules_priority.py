"""Rights of first refusal in their three styles, and reserves."""

from typing import Any

import pytest

from app.auctions.rules.commands import BidVia, ExercisePriority, MarkReady, PlaceBid, WaivePriority
from app.auctions.rules.facts import BidPlaced, KnockedDown, PassedIn, PriorityOffered
from app.auctions.rules.snapshot import Holder
from app.auctions.rules.terms import PriorityStyle
from app.auctions.states import AuctionStatus
from tests.auctions.sale import (
    CLOSES,
    DEPOSIT_DUE,
    NOTICE,
    OPENS,
    START,
    WAN,
    Sale,
    bidder,
    notice,
    only,
    refused,
    seconds,
    started,
)

HOLDERS = (Holder(code="7001", rank=1), Holder(code="7002", rank=2), Holder(code="7003", rank=2))
END = START + seconds(3_900)


def sale_with(style: PriorityStyle, holders: tuple[Holder, ...] = HOLDERS, **changed: Any) -> Sale:
    """A sale with holders of first refusal, one bid of 200 万 in it."""
    sale = Sale(priority=style, **changed)
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    sale.ticks(CLOSES)
    sale.does(MarkReady(holders=holders), DEPOSIT_DUE)
    sale.ticks(START)
    sale.bids("3260", 200, START + seconds(10))
    return sale


def match(code: str, rank: int, wan: int) -> PlaceBid:
    """A holder's bid."""
    return PlaceBid(bidder=bidder(code, priority_rank=rank), amount_minor=wan * WAN)


def exercise(code: str) -> ExercisePriority:
    """A holder takes the lot."""
    return ExercisePriority(bidder=bidder(code))


def test_in_the_room_a_holder_matches_the_price_and_wins_unless_overbid() -> None:
    sale = sale_with(PriorityStyle.IN_ROOM)
    placed = only(sale.does(match("7002", 2, 200), START + seconds(20)), BidPlaced)
    assert (placed.via, placed.rank, sale.now.leader_code) == (BidVia.PRIORITY, 2, "7002")
    won = only(sale.ticks(END), KnockedDown)
    assert (won.bidder_code, won.amount_minor, won.by_priority) == ("7002", 200 * WAN, True)


def test_in_the_room_a_better_rank_matches_a_match_and_an_equal_one_does_not() -> None:
    sale = sale_with(PriorityStyle.IN_ROOM)
    sale.does(match("7002", 2, 200), START + seconds(20))
    assert refused(sale, match("7003", 2, 200)).code == "bid_not_above_current"
    sale.does(match("7001", 1, 200), START + seconds(30))
    sale.bids("3260", 210, START + seconds(40))
    sale.does(match("7003", 2, 210), START + seconds(50))
    assert (sale.now.leader_code, sale.now.current_minor) == ("7003", 210 * WAN)


@pytest.mark.parametrize("style", [PriorityStyle.NONE, PriorityStyle.AS_BIDDER, PriorityStyle.AFTER_CLOSE])
def test_where_the_notice_does_not_say_so_nobody_matches(style: PriorityStyle) -> None:
    assert refused(sale_with(style), match("7001", 1, 200)).code == "bid_not_above_current"


def test_who_holds_no_right_matches_nothing() -> None:
    sale = sale_with(PriorityStyle.IN_ROOM)
    command = PlaceBid(bidder=bidder("3172"), amount_minor=200 * WAN)
    assert refused(sale, command).code == "bid_not_above_current"


def test_after_the_close_the_price_is_offered_and_the_best_rank_takes_it() -> None:
    sale = sale_with(PriorityStyle.AFTER_CLOSE)
    offered = only(sale.ticks(END), PriorityOffered)
    assert (offered.until, sale.now.status) == (END + seconds(86_400), AuctionStatus.PRIORITY_PENDING)
    sale.does(exercise("7003"), END + seconds(60))
    assert sale.now.status is AuctionStatus.PRIORITY_PENDING, "a better rank has yet to answer"
    won = only(sale.does(exercise("7001"), END + seconds(120)), KnockedDown)
    assert (won.bidder_code, won.amount_minor, won.by_priority) == ("7001", 200 * WAN, True)


def test_of_equal_ranks_the_earlier_answer_takes_it() -> None:
    sale = sale_with(PriorityStyle.AFTER_CLOSE)
    sale.ticks(END)
    sale.does(exercise("7003"), END + seconds(60))
    won = only(sale.does(WaivePriority(bidder=bidder("7001")), END + seconds(70)), KnockedDown)
    assert won.bidder_code == "7003"


def test_when_the_period_lapses_the_best_bidder_wins() -> None:
    sale = sale_with(PriorityStyle.AFTER_CLOSE, priority_seconds=3_600)
    sale.ticks(END)
    won = only(sale.ticks(END + seconds(3_600)), KnockedDown)
    assert (won.bidder_code, won.by_priority) == ("3260", False)


def test_when_all_have_waived_the_best_bidder_wins_at_once() -> None:
    sale = sale_with(PriorityStyle.AFTER_CLOSE)
    sale.ticks(END)
    for code in ("7001", "7002"):
        sale.does(WaivePriority(bidder=bidder(code)), END + seconds(5))
    won = only(sale.does(WaivePriority(bidder=bidder("7003")), END + seconds(6)), KnockedDown)
    assert won.bidder_code == "3260"


def test_a_holder_answers_once_and_nobody_else_answers() -> None:
    sale = sale_with(PriorityStyle.AFTER_CLOSE)
    assert refused(sale, exercise("7001"), START + seconds(30)).code == "priority_refused"
    sale.ticks(END)
    sale.does(exercise("7003"), END + seconds(60))
    assert refused(sale, exercise("7003"), END + seconds(61)).code == "priority_answered"
    assert refused(sale, exercise("3260"), END + seconds(61)).code == "priority_refused"
    assert refused(sale, exercise("7001"), END + seconds(90_000)).code == "priority_refused"


def test_a_holder_who_won_by_bidding_is_offered_nothing() -> None:
    sale = sale_with(PriorityStyle.AFTER_CLOSE)
    sale.bids("7002", 210, START + seconds(20))
    assert only(sale.ticks(END), KnockedDown).bidder_code == "7002"


def test_below_an_announced_reserve_the_best_bid_has_no_effect() -> None:
    sale = started(reserve_minor=220 * WAN)
    sale.bids("3260", 210, START + seconds(10))
    assert only(sale.ticks(END), PassedIn).reason == "reserve_not_met"
    sale = started(reserve_minor=220 * WAN)
    sale.bids("3260", 220, START + seconds(10))
    assert only(sale.ticks(END), KnockedDown).amount_minor == 220 * WAN


def test_a_secret_reserve_decides_and_is_in_no_fact() -> None:
    sale = started(reserve_commitment="ab" * 32, secret_reserve=223_456_700)
    sale.bids("3260", 220, START + seconds(10))
    assert only(sale.ticks(END), PassedIn).reason == "reserve_not_met"
    assert "2234567" not in str(sale.facts)
