"""A worked example of a maximum left with the market 委托出价, to be read by somebody who knows the trade and no programming.

Start price 200 万元, raises of 10 万元. Nobody but the market knows a maximum; what is public is a commitment to it, a number
from which it cannot be found. The rule is written in `app/auctions/rules/proxies.py` and shown before anybody leaves a
maximum; its five sentences are quoted here. All are house rules. Money is in 万元.
"""

from datetime import datetime, timedelta

from app.auctions.rules.commands import BidVia, SetProxy
from app.auctions.rules.facts import BidPlaced, Fact, KnockedDown, ProxyCommitted
from app.auctions.rules.given import Proxy
from app.auctions.states import AuctionStatus
from tests.auctions.sale import START, WAN, Sale, bidder, only, refused, started


def at(minutes: float) -> datetime:
    """So many minutes after the start."""
    return START + timedelta(minutes=minutes)


def leaves(sale: Sale, code: str, wan: int, when: datetime) -> tuple[Fact, ...]:
    """A bidder leaves a maximum. The market keeps it; the record gets a commitment."""
    no = len(sale.left) + 1
    told = sale.does(SetProxy(bidder=bidder(code), max_minor=wan * WAN, no=no, commitment=f"{no:064x}"), when)
    sale.left = [one for one in sale.left if one.code != code]
    sale.left.append(Proxy(no=no, code=code, max_minor=wan * WAN))
    return told


def automatic(facts: tuple[Fact, ...]) -> list[tuple[str, int]]:
    """The bids that the market made: code and amount in 万元."""
    return [
        (fact.bidder_code, fact.amount_minor // WAN)
        for fact in facts
        if isinstance(fact, BidPlaced) and fact.via is BidVia.PROXY
    ]


def test_a_maximum_of_320_buys_at_what_the_others_make_necessary() -> None:
    sale = started()

    # 1. "A maximum is used only as far as others make it necessary. Alone, it bids the start price or the next amount."
    told = leaves(sale, "3260", 320, at(1))
    assert automatic(told) == [("3260", 200)]

    # What the public learns of it is that somebody has left a maximum, and neither who nor how much.
    public = only(told, ProxyCommitted)
    assert set(vars(public)) == {"seq", "at", "kind", "commitment"}

    # A person bids 210: the market answers for 3260 with the next amount, 220.
    assert automatic(sale.bids("3172", 210, at(5))) == [("3260", 220)]

    # 2. "Against another maximum it bids one increment above the highest step of the ladder that the other reaches, and
    #    no more; the lower one is bid at that step, so that everybody sees where it ended."
    assert automatic(leaves(sale, "3211", 285, at(10))) == [("3211", 280), ("3260", 290)]

    # 5. "A maximum that is raised, lowered above the price or taken back by who leads changes no price."
    assert automatic(leaves(sale, "3260", 400, at(12))) == []
    assert sale.now.current_minor == 290 * WAN

    # It buys at 290 万, though it would have gone to 400.
    sale.ticks(at(60))
    won = only(sale.ticks(at(65)), KnockedDown)
    assert (won.bidder_code, won.amount_minor) == ("3260", 290 * WAN)


def test_of_two_equal_maxima_the_one_that_was_left_earlier_stands() -> None:
    sale = started()
    leaves(sale, "3260", 300, at(1))

    # 3. "Where both reach the same step, the one that was left earlier stands at it."
    assert automatic(leaves(sale, "3172", 305, at(2))) == [("3172", 290), ("3260", 300)]


def test_a_maximum_must_be_worth_something_and_is_overbid_like_any_bid() -> None:
    sale = started()
    sale.bids("3172", 240, at(1))

    # It reaches at least the next amount.
    low = SetProxy(bidder=bidder("3260"), max_minor=245 * WAN, no=1, commitment="0" * 64)
    assert refused(sale, low, at(2)).code == "proxy_below_next"

    # 260 answers 240 with 250, answers nothing above 260, and is then overbid.
    assert automatic(leaves(sale, "3260", 260, at(3))) == [("3260", 250)]
    assert automatic(sale.bids("3172", 270, at(4))) == []
    assert sale.now.leader_code == "3172"


def test_a_late_automatic_bid_gives_the_others_their_five_minutes() -> None:
    """An automatic bid is a bid: in the last window it moves the end like any other, once for the whole answer."""
    sale = started()
    leaves(sale, "3260", 320, at(1))
    sale.ticks(at(60))
    assert sale.now.status is AuctionStatus.TIMED_BIDDING
    sale.bids("3172", 210, at(64))
    assert (sale.now.leader_code, sale.now.current_minor) == ("3260", 220 * WAN)
    assert sale.now.ends_at == at(69)
    assert sale.now.extension_count == 1
