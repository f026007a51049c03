"""A worked example of network bidding 网络竞价, to be read by somebody who knows the trade and no programming.

The lot: a patent, start price 200 万元, raises of 10 万元. Bidding is free for an hour from 09:00; then it ends once nobody
has bid for five minutes. Bidders are known by a code of four digits. Times are Beijing time; money is in 万元.

Every rule is the market's own (house rule), pinned in the notice. Where a sentence follows a text that binds others,
that text is named: 法释〔2016〕18号 binds courts that sell online; 拍卖法 binds licensed auction houses.
"""

from datetime import datetime, timedelta

from app.auctions.rules.commands import Cancel, CancelReason, Resume, Suspend, SuspendReason
from app.auctions.rules.facts import KnockedDown, PassedIn
from app.auctions.rules.ladder import Ladder, Step
from app.auctions.states import AuctionStatus
from app.kit.dates import SHANGHAI
from tests.auctions.sale import START, WAN, Sale, bid, only, refused, started


def clock(text: str) -> datetime:
    """The instant at which the market's clock shows this time of the day."""
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    morning = START.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0)
    return morning + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def shown(sale: Sale) -> str:
    """When the bidding ends as things stand, as everybody sees it."""
    assert sale.now.ends_at is not None
    return f"{sale.now.ends_at.astimezone(SHANGHAI):%H:%M:%S}"


def test_from_two_hundred_to_three_hundred_in_ten_bids() -> None:
    sale = started()

    # The first bid is at least the start price. (After 法释〔2016〕18号 art. 20.)
    assert refused(sale, bid("3260", 190), clock("09:01:00")).code == "bid_below_start"
    sale.bids("3260", 200, clock("09:02:00"))

    # Each later bid is above the highest by a positive whole number of increments. (House rule, pinned in the notice.)
    assert refused(sale, bid("3172", 200), clock("09:03:00")).code == "bid_not_above_current"
    assert refused(sale, bid("3172", 215), clock("09:03:00")).code == "bid_off_ladder"
    sale.bids("3172", 210, clock("09:04:00"))

    # Nobody raises his own bid. (House rule.)
    assert refused(sale, bid("3172", 220), clock("09:05:00")).code == "already_highest"

    for code, amount, at in (
        ("3211", 220, "09:20:00"),
        ("3260", 230, "09:31:00"),
        ("3172", 240, "09:44:00"),
        ("3211", 250, "09:58:00"),
    ):
        sale.bids(code, amount, clock(at))

    # The free phase ends at 10:00; one full window of five minutes follows it.
    sale.ticks(clock("10:00:00"))
    assert sale.now.status is AuctionStatus.TIMED_BIDDING
    assert shown(sale) == "10:05:00"

    # A bid in the last five minutes moves the end to its own time plus five minutes, as often as bids come.
    # (After 法释〔2016〕18号 art. 20, second paragraph.)
    for code, amount, at, end in (
        ("3260", 260, "10:04:30", "10:09:30"),
        ("3172", 270, "10:09:29", "10:14:29"),
        ("3260", 290, "10:14:00", "10:19:00"),
        ("3172", 300, "10:18:59", "10:23:59"),
    ):
        sale.bids(code, amount, clock(at))
        assert shown(sale) == end

    # A bid counts if the market's time is before the end, not at it. (House rule.)
    assert refused(sale, bid("3260", 310), clock("10:23:59")).code == "bidding_ended"

    # The last bid is the price, its bidder the buyer. (After 法释〔2016〕18号 art. 20.)
    won = only(sale.ticks(clock("10:23:59")), KnockedDown)
    assert (won.bidder_code, won.amount_minor) == ("3172", 300 * WAN)
    assert won.bid_no == 10


def test_one_bidder_suffices_and_without_any_the_lot_passes_in() -> None:
    # One who bids the start price buys at it. (After 法释〔2016〕18号 art. 11.)
    sale = started()
    sale.bids("3260", 200, clock("09:30:00"))
    won = only(sale.ticks(clock("10:05:00")), KnockedDown)
    assert (won.bidder_code, won.amount_minor) == ("3260", 200 * WAN)

    # Nobody bids: the lot passes in 流拍. (After 法释〔2016〕18号 art. 26; so did a drug patent at 900 万.)
    assert only(started(start_price_minor=900 * WAN).ticks(clock("10:05:00")), PassedIn)


def test_a_bid_cannot_be_withdrawn_and_lapses_only_when_overbid() -> None:
    """拍卖法 art. 36 says so of licensed houses; here it is a house rule. There is no command that takes a bid back."""
    sale = started()
    sale.bids("3260", 200, clock("09:10:00"))
    sale.bids("3172", 210, clock("09:11:00"))
    sale.ticks(clock("10:00:00"))
    won = only(sale.ticks(clock("10:05:00")), KnockedDown)
    assert (won.bidder_code, won.amount_minor) == ("3172", 210 * WAN)


def test_the_increment_grows_with_the_price() -> None:
    """Start 80 万: raises of 2 万 up to 100 万, of 5 万 from there on. In the hall somebody once went from 80 to 100 at once."""
    steps = (Step(from_minor=0, increment_minor=2 * WAN), Step(from_minor=100 * WAN, increment_minor=5 * WAN))
    sale = started(start_price_minor=80 * WAN, deposit_minor=8 * WAN, ladder=Ladder(steps=steps))
    sale.bids("3260", 80, clock("09:10:00"))

    # A jump is ten increments of 2 万 and so counts; the increment in force is that of the price before it.
    sale.bids("3172", 100, clock("09:11:00"))

    # From 100 万 on it is 5 万.
    assert refused(sale, bid("3260", 102), clock("09:12:00")).code == "bid_not_above_current"
    sale.bids("3260", 105, clock("09:12:00"))
    assert sale.now.next_minor == 110 * WAN


def test_a_large_jump_wants_to_be_meant() -> None:
    """A raise above five increments and above a fifth of the price is asked about once more (house rule)."""
    sale = started()
    sale.bids("3260", 200, clock("09:10:00"))
    slip = bid("3172", 2_100)
    unconfirmed = type(slip)(bidder=slip.bidder, amount_minor=slip.amount_minor, confirmed=False)
    assert refused(sale, unconfirmed, clock("09:11:00")).code == "bid_jump_unconfirmed"
    assert sale.now.current_minor == 200 * WAN
    modest = type(slip)(bidder=slip.bidder, amount_minor=250 * WAN, confirmed=False)
    sale.does(modest, clock("09:11:30"))
    assert sale.now.current_minor == 250 * WAN


def test_an_interruption_costs_bidders_nothing_and_an_order_ends_the_sale_without_a_buyer() -> None:
    sale = started()
    sale.bids("3260", 200, clock("09:59:00"))
    sale.ticks(clock("10:00:00"))

    # Interrupted at 10:03 with two minutes left, resumed at 10:33: at least a full window is left. (House rule.)
    sale.does(Suspend(reason=SuspendReason.OBJECTION, note="第三方提出权属异议"), clock("10:03:00"))
    assert refused(sale, bid("3172", 210), clock("10:10:00")).code == "bidding_suspended"
    sale.does(Resume(note="异议不成立"), clock("10:33:00"))
    assert shown(sale) == "10:38:00"

    # After the start the seller cannot withdraw; a court's order ends the sale. (拍卖法 art. 29 for licensed houses.)
    withdrawal = Cancel(reason=CancelReason.SELLER_WITHDRAWAL, document_no="甲1", note="不再转让")
    assert refused(sale, withdrawal, clock("10:34:00")).code == "withdrawal_after_start"
    order = Cancel(reason=CancelReason.COURT_ORDER, document_no="（2026）浙01执1号", note="依法院通知撤销")
    sale.does(order, clock("10:35:00"))
    assert sale.now.status is AuctionStatus.CANCELLED
