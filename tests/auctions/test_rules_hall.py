"""The hall: calls with a fair warning, the hammer, corrections, and the adjournment of a day of sale."""

from datetime import timedelta
from typing import Any

import pytest

from app.auctions.rules.commands import BidVia, Call, CorrectFloorBid, Hammer, OpenLot, PassIn, Tick
from app.auctions.rules.facts import BidCorrected, BidPlaced, Called, KnockedDown, PassedIn
from app.auctions.rules.ladder import Ladder
from app.auctions.rules.snapshot import Lead
from app.auctions.rules.terms import CloseKind, Day, SessionProfile
from app.auctions.states import AuctionStatus
from tests.auctions.sale import START, WAN, Sale, bid, only, ready, refused, seconds, started

HALL: dict[str, Any] = {
    "close": CloseKind.HAMMER,
    "session_profile": SessionProfile.HALL,
    "called_up": True,
    "free_seconds": 0,
    "call_seconds": 15,
}


def in_hall(**changed: Any) -> Sale:
    """A lot of a hall, on the block since the start: 200 万, steps of 10 万."""
    sale = ready(**(HALL | changed))
    sale.does(OpenLot(), START)
    return sale


def floor(sale: Sale, code: str, wan: float, after: float) -> BidPlaced:
    """A bid by paddle."""
    command = bid(code, wan)
    command = type(command)(bidder=command.bidder, amount_minor=command.amount_minor, via=BidVia.FLOOR)
    return only(sale.does(command, START + seconds(after)), BidPlaced)


def called(sale: Sale, number: int, after: float) -> Called:
    """A call of the auctioneer."""
    return only(sale.does(Call(number=number), START + seconds(after)), Called)


def test_a_lot_that_is_called_up_does_not_open_by_the_clock() -> None:
    sale = ready(**HALL)
    assert sale.ticks(START + timedelta(hours=3)) == ()
    assert refused(sale, bid("3260", 200)).code == "bidding_not_started"
    sale.does(OpenLot(), START + timedelta(hours=3))
    assert (sale.now.status, sale.now.ends_at) == (AuctionStatus.ON_THE_BLOCK, None)


def test_a_lot_opens_neither_before_its_session_nor_by_a_call_where_the_clock_opens_it() -> None:
    assert refused(ready(**HALL), OpenLot(), START - seconds(1)).code == "lot_too_early"
    assert refused(ready(), OpenLot(), START - seconds(1)).code == "lot_not_called_up"


def test_the_hammer_falls_after_three_calls_and_their_warnings() -> None:
    sale = in_hall()
    floor(sale, "3260", 200, 10)
    assert refused(sale, Hammer(), START + seconds(11)).code == "hammer_too_early"
    assert called(sale, 1, 20).warns_until == START + seconds(35)
    assert refused(sale, Call(number=2), START + seconds(34)).code == "call_too_early"
    assert refused(sale, Call(number=3), START + seconds(35)).code == "call_out_of_order"
    called(sale, 2, 35)
    called(sale, 3, 50)
    assert refused(sale, Hammer(), START + seconds(64)).code == "hammer_too_early"
    won = only(sale.does(Hammer(), START + seconds(65)), KnockedDown)
    assert (won.bidder_code, won.amount_minor, won.by_priority) == ("3260", 200 * WAN, False)
    assert sale.now.status is AuctionStatus.AWARDED


def test_a_web_bid_after_the_third_call_begins_the_calls_again() -> None:
    sale = in_hall()
    floor(sale, "3260", 200, 10)
    for number in (1, 2, 3):
        called(sale, number, 5 + 15 * number)
    sale.bids("3172", 210, START + seconds(60))
    assert (sale.now.hall.calls, sale.now.hall.warns_until) == (0, None)
    assert refused(sale, Hammer(), START + seconds(300)).code == "hammer_too_early"
    called(sale, 1, 61)


def test_nobody_calls_or_knocks_down_what_nobody_bids_for() -> None:
    sale = in_hall()
    assert refused(sale, Call(number=1)).code == "nothing_to_knock_down"
    assert refused(sale, Hammer()).code == "nothing_to_knock_down"
    assert only(sale.does(PassIn(), START + seconds(90)), PassedIn).reason == "auctioneer"


def test_a_lot_with_a_bid_is_not_passed_in_unless_the_reserve_is_not_met() -> None:
    sale = in_hall()
    floor(sale, "3260", 200, 10)
    assert refused(sale, PassIn()).code == "bid_stands"
    sale = in_hall(reserve_minor=260 * WAN)
    floor(sale, "3260", 200, 10)
    assert only(sale.does(PassIn(), START + seconds(90)), PassedIn).reason == "reserve_not_met"


def test_a_floor_bid_keyed_in_wrongly_is_struck_before_the_next_bid() -> None:
    sale = in_hall()
    floor(sale, "3260", 200, 10)
    wrong = floor(sale, "3172", 2_100, 20)
    struck = only(sale.does(CorrectFloorBid(bid_no=2), START + seconds(25)), BidCorrected)
    assert (struck.bid_no, struck.last_bid_no) == (wrong.bid_no, 2)
    assert struck.lead == Lead(amount_minor=200 * WAN, code="3260", seq=sale.facts[-3].seq, bid_no=1)
    right = floor(sale, "3172", 210, 26)
    assert (right.bid_no, sale.now.current_minor, sale.now.leader_code) == (3, 210 * WAN, "3172")


def test_the_first_floor_bid_can_be_struck_and_leaves_no_price() -> None:
    sale = in_hall()
    floor(sale, "3260", 2_000, 10)
    sale.does(CorrectFloorBid(bid_no=1), START + seconds(12))
    assert (sale.now.lead, sale.now.bid_no, sale.now.next_minor) == (None, 1, 200 * WAN)


@pytest.mark.parametrize("answer", ["web", "floor"])
def test_a_floor_bid_that_somebody_has_answered_stands(answer: str) -> None:
    sale = in_hall()
    floor(sale, "3260", 200, 10)
    sale.bids("3172", 210, START + seconds(20)) if answer == "web" else floor(sale, "3172", 210, 20)
    refusal = refused(sale, CorrectFloorBid(bid_no=1))
    assert refusal.code == "correction_too_late"


def test_a_web_bid_is_never_struck() -> None:
    sale = in_hall()
    sale.bids("3172", 200, START + seconds(20))
    assert refused(sale, CorrectFloorBid(bid_no=1)).code == "correction_too_late"


def test_calls_and_floor_bids_belong_to_a_hall() -> None:
    sale = started()
    sale.bids("3172", 200, START + seconds(20))
    for command in (Call(number=1), Hammer(), PassIn(), CorrectFloorBid(bid_no=1)):
        assert refused(sale, command).code == "not_in_hall"
    placed = bid("3260", 210)
    by_paddle = type(placed)(bidder=placed.bidder, amount_minor=placed.amount_minor, via=BidVia.FLOOR)
    assert refused(sale, by_paddle).code == "not_in_hall"


def test_a_hall_is_never_extended_and_never_closes_by_itself() -> None:
    sale = in_hall()
    floor(sale, "3260", 200, 10)
    assert "extended" not in sale.kinds()
    assert sale.does(Tick(), START + timedelta(days=2)) == ()


# --- the day of sale ------------------------------------------------------------------------------------------------

# The sale of 2026-03-12 begins at 09:00; the day ends at 09:20 here, the next opens on Friday at 09:05.
LIMIT = START + timedelta(minutes=20)
NEXT = START + timedelta(days=1, minutes=5)
LATER = START + timedelta(days=4, minutes=5)
SHORT: dict[str, Any] = {
    "free_seconds": 900,
    "window_seconds": 180,
    "session_profile": SessionProfile.ONLINE_SESSION,
    "day": Day(starts_local="09:05", ends_local="09:20"),
}


def test_bidding_that_passes_the_day_adjourns_with_the_price_held() -> None:
    sale = started(days=(NEXT, LATER), **SHORT)
    sale.bids("3260", 200, START + seconds(1_079))
    assert sale.now.ends_at == START + seconds(1_259)
    sale.ticks(LIMIT + seconds(40))
    assert sale.now.status is AuctionStatus.ADJOURNED
    assert refused(sale, bid("3172", 210), LIMIT + seconds(50)).code == "bidding_not_started"
    sale.ticks(NEXT + seconds(7))
    # 59 s were left: bidders get a full window instead.
    assert (sale.now.status, sale.now.ends_at) == (AuctionStatus.TIMED_BIDDING, NEXT + seconds(180))
    assert (sale.now.leader_code, sale.now.current_minor) == ("3260", 200 * WAN)
    sale.ticks(NEXT + seconds(180))
    assert sale.now.status is AuctionStatus.AWARDED


def test_a_phase_that_ends_before_the_limit_is_followed_by_the_next_one() -> None:
    sale = started(days=(NEXT, LATER), **(SHORT | {"free_seconds": 1_100}))
    sale.ticks(START + seconds(1_101))
    assert sale.now.status is AuctionStatus.TIMED_BIDDING
    sale.ticks(LIMIT)
    assert sale.now.status is AuctionStatus.ADJOURNED


def test_a_sale_that_ends_by_the_limit_ends_today() -> None:
    sale = started(days=(NEXT, LATER), **(SHORT | {"day": Day(starts_local="09:05", ends_local="09:18")}))
    sale.bids("3260", 200, START + seconds(10))
    sale.ticks(START + seconds(1_080))
    assert sale.now.status is AuctionStatus.AWARDED


def test_without_hours_in_the_notice_the_bidding_goes_on() -> None:
    sale = started(days=(NEXT, LATER), **(SHORT | {"day": None}))
    sale.bids("3260", 200, START + seconds(1_079))
    sale.ticks(LIMIT + seconds(1))
    assert sale.now.status is AuctionStatus.TIMED_BIDDING


def test_a_lot_on_the_block_adjourns_and_its_calls_begin_again() -> None:
    sale = in_hall(days=(NEXT, LATER), day=Day(starts_local="09:05", ends_local="09:20"))
    floor(sale, "3260", 200, 1_190)
    called(sale, 1, 1_195)
    sale.ticks(LIMIT)
    assert sale.now.status is AuctionStatus.ADJOURNED
    sale.ticks(NEXT)
    assert (sale.now.status, sale.now.hall.calls) == (AuctionStatus.ON_THE_BLOCK, 0)
    assert sale.now.terms.ladder == Ladder.fixed(10 * WAN)
