"""A worked example of a lot in a hall 拍卖会, to be read by somebody who knows the trade and no programming.

Lot 07 of a session: start price 240 万元, "10 万一加"; paddles 201 to 320 in the hall, and online bidders in the same
sale. The auctioneer opens the lot at 10:00:00 and closes it by the hammer. Money is in 万元.

House rules; 拍卖法 binds licensed auction houses and is named where a rule follows it.
"""

from datetime import datetime, timedelta

from app.auctions.rules.commands import BidVia, Call, CorrectFloorBid, Hammer, OpenLot, PassIn, PlaceBid
from app.auctions.rules.facts import BidCorrected, KnockedDown, PassedIn, PassReason
from app.auctions.rules.terms import CloseKind, SessionProfile
from app.auctions.states import AuctionStatus
from tests.auctions.sale import START, WAN, Sale, bidder, only, ready, refused


def at(seconds: float) -> datetime:
    """So many seconds after the lot was called up."""
    return START + timedelta(seconds=seconds)


def lot(start: int = 240, **changed: object) -> Sale:
    """A lot of the hall, called up. The fair warning at each call is 15 seconds."""
    sale = ready(
        start_price_minor=start * WAN,
        deposit_minor=0,
        close=CloseKind.HAMMER,
        session_profile=SessionProfile.HALL,
        called_up=True,
        free_seconds=0,
        window_seconds=0,
        call_seconds=15,
        **changed,
    )
    sale.does(OpenLot(), at(0))
    return sale


def paddle(number: int, amount: int) -> PlaceBid:
    """A paddle that was raised, as the auctioneer's desk enters it."""
    return PlaceBid(bidder=bidder(str(number)), amount_minor=amount * WAN, via=BidVia.FLOOR)


def online(code: int, amount: int) -> PlaceBid:
    """A bid from the web."""
    return PlaceBid(bidder=bidder(str(code)), amount_minor=amount * WAN, confirmed=True)


def test_from_two_hundred_and_forty_to_three_hundred_and_twenty_under_the_hammer() -> None:
    sale = lot()

    # Floor and web stand in one order: each bid has the next number, whoever made it. (House rule.)
    for seconds, one in (
        (5, paddle(260, 240)),
        (11, online(288, 250)),
        (14, paddle(211, 260)),
        (21, paddle(260, 270)),
        (26, online(288, 280)),
        (35, paddle(260, 300)),
    ):
        sale.does(one, at(seconds))
    assert sale.now.bid_no == 6

    # Of two bids of one amount the first one counts; the other is told the next amount. (House rule.)
    late = refused(sale, online(288, 300), at(36))
    assert (late.code, late.data["next_amount"]) == ("bid_not_above_current", "3100000.00")

    # "300 万第一次": online bidders are warned for 15 seconds; the next call does not come before that.
    sale.does(Call(number=1), at(40))
    assert refused(sale, Call(number=2), at(54)).code == "call_too_early"
    sale.does(Call(number=2), at(55))

    # A bid during the calls is a bid: the calls begin again.
    sale.does(online(288, 320), at(62))
    assert refused(sale, Call(number=3), at(70)).code == "call_out_of_order"
    sale.does(Call(number=1), at(75))
    sale.does(Call(number=2), at(90))
    sale.does(Call(number=3), at(105))

    # The hammer falls after the third call and its warning, and not before.
    assert refused(sale, Hammer(), at(119)).code == "hammer_too_early"

    # With its fall the lot is sold at the highest bid. (拍卖法 art. 51 for licensed houses.)
    won = only(sale.does(Hammer(), at(120)), KnockedDown)
    assert (won.bidder_code, won.amount_minor) == ("288", 320 * WAN)
    assert sale.now.status is AuctionStatus.AWARDED

    # Nothing counts after it.
    assert refused(sale, paddle(260, 330), at(121)).code == "bidding_ended"


def test_a_mis_keyed_floor_bid_is_struck_in_public_before_the_next_bid_and_not_after_it() -> None:
    sale = lot(start=160)
    sale.does(paddle(211, 160), at(5))

    # 211 raised to 170; the desk keyed 1,700 for 260. Before anybody has answered, the desk strikes it.
    sale.does(paddle(260, 1_700), at(9))
    struck = only(sale.does(CorrectFloorBid(bid_no=2), at(12)), BidCorrected)

    # The mark is public, the number stays used, and who led before leads again.
    assert struck.bid_no == 2
    assert (sale.now.current_minor, sale.now.leader_code, sale.now.bid_no) == (160 * WAN, "211", 2)

    # Once somebody has bid, what stands stands.
    sale.does(paddle(260, 170), at(15))
    sale.does(online(288, 180), at(18))
    assert refused(sale, CorrectFloorBid(bid_no=3), at(19)).code == "correction_too_late"


def test_a_lot_that_nobody_wants_is_passed_in_by_the_auctioneer() -> None:
    sale = lot(start=900)
    assert refused(sale, Hammer(), at(30)).code == "nothing_to_knock_down"
    passed = only(sale.does(PassIn(), at(60)), PassedIn)
    assert passed.reason is PassReason.AUCTIONEER


def test_below_an_announced_reserve_the_highest_bid_has_no_effect() -> None:
    """拍卖法 art. 50 says so of licensed houses; here it is a house rule."""
    sale = lot(start=160, reserve_minor=200 * WAN)
    sale.does(paddle(211, 190), at(5))
    for number in (1, 2, 3):
        sale.does(Call(number=number), at(10 + 15 * number))
    passed = only(sale.does(Hammer(), at(80)), PassedIn)
    assert passed.reason is PassReason.RESERVE_NOT_MET

    # At the reserve it is sold, and the auctioneer may not pass in what a bidder has bought.
    sale = lot(start=160, reserve_minor=200 * WAN)
    sale.does(paddle(211, 200), at(5))
    assert refused(sale, PassIn(), at(10)).code == "bid_stands"
