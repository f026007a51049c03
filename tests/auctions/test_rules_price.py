"""What a bid means: a lump sum, an entry fee, a royalty rate, a yearly fee."""

from dataclasses import replace
from typing import Any

import pytest

from app.auctions.errors import RoyaltyAboveWhole, TermsOutOfBounds
from app.auctions.rules.bounds import check_terms
from app.auctions.rules.commands import BidVia, PlaceBid, SetProxy
from app.auctions.rules.facts import BidPlaced, EnvelopesOpened
from app.auctions.rules.given import Proxy
from app.auctions.rules.ladder import Ladder
from app.auctions.rules.price import awarded, judge_ceiling, said_en, said_zh
from app.auctions.rules.sealed.state import Outcome, VoidReason
from app.auctions.rules.terms import CloseKind, Price, SessionProfile
from app.auctions.states import AuctionStatus
from app.kit.errors import Refusal
from app.markets.award import PriceForm, PriceKind
from tests.auctions.sale import START, WAN, Sale, bid, bidder, refused, started, terms
from tests.auctions.test_rules_sealed import found, opened, sealing

ROYALTY = Price(kind=PriceKind.ROYALTY_RATE, entry_fee_minor=20 * WAN)
ANNUAL = Price(kind=PriceKind.ANNUAL_FEE, years=5)
ENTRY = Price(kind=PriceKind.ENTRY_FEE, royalty_bp=300)


def test_each_kind_of_price_becomes_an_award_that_says_what_is_paid() -> None:
    assert awarded(Price(), 218 * WAN) == (218 * WAN, PriceForm())
    assert awarded(ENTRY, 80 * WAN) == (
        80 * WAN,
        PriceForm(kind=PriceKind.ENTRY_FEE, royalty_bp=300),
    )
    assert awarded(ROYALTY, 350) == (
        20 * WAN,
        PriceForm(kind=PriceKind.ROYALTY_RATE, royalty_bp=350),
    )
    assert awarded(ANNUAL, 12 * WAN) == (
        60 * WAN,
        PriceForm(kind=PriceKind.ANNUAL_FEE, annual_minor=12 * WAN, years=5),
    )


def test_numbers_are_said_in_the_unit_of_the_sale() -> None:
    assert (said_zh(ROYALTY, 350), said_en(ROYALTY, 350)) == ("3.50%", "3.50 %")
    assert (said_zh(ANNUAL, 12 * WAN), said_en(ANNUAL, 12 * WAN)) == ("12万元/年", "120000.00 a year")
    assert (said_zh(Price(), 218 * WAN), said_en(ENTRY, 218 * WAN)) == ("218万元", "2180000.00")


def test_a_royalty_is_bid_up_by_its_own_ladder() -> None:
    sale = started(price=ROYALTY, start_price_minor=200, ladder=Ladder.fixed(25), deposit_minor=WAN)
    sale.does(bid("3260", 200 / WAN), START)
    refusal = refused(sale, bid("3172", 210 / WAN))
    assert refusal.detail_zh == "当前价2.00%，下一口价为2.25%。"
    sale.does(bid("3172", 225 / WAN), START)
    assert sale.now.current_minor == 225


@pytest.mark.parametrize(
    ("price", "field"),
    [
        ({"kind": PriceKind.ENTRY_FEE}, "royalty_bp"),
        ({"kind": PriceKind.ENTRY_FEE, "royalty_bp": 300, "years": 3}, "years"),
        ({"kind": PriceKind.ROYALTY_RATE}, "entry_fee"),
        ({"kind": PriceKind.ANNUAL_FEE}, "years"),
        ({"kind": PriceKind.ANNUAL_FEE, "years": 21}, "years"),
        ({"royalty_bp": 300}, "royalty_bp"),
        ({"kind": PriceKind.EQUITY}, "kind"),
    ],
)
def test_a_price_fixes_its_other_part_and_no_other(price: dict[str, Any], field: str) -> None:
    with pytest.raises(TermsOutOfBounds) as caught:
        check_terms(terms(price=Price(**price)))
    assert caught.value.field == f"/body/terms/price/{field}"


# --- the whole of a royalty -----------------------------------------------------------------------------------------


def rated(step: int = 25, start: int = 9_000, **changed: Any) -> Sale:
    """A sale of a royalty rate that has started near the whole."""
    return started(
        price=ROYALTY, start_price_minor=start, ladder=Ladder.fixed(step), deposit_minor=WAN, **changed
    )


def maximum(max_minor: int, code: str = "3172") -> SetProxy:
    """A maximum, left by a bidder."""
    return SetProxy(bidder=bidder(code), max_minor=max_minor, no=1, commitment="ab" * 32)


def test_a_royalty_of_the_whole_counts_and_one_hundredth_more_is_refused() -> None:
    sale = rated()
    refusal = refused(sale, bid("3260", 10_001 / WAN))
    assert isinstance(refusal, RoyaltyAboveWhole)
    assert (refusal.code, refusal.status, refusal.field) == ("royalty_above_whole", 409, "/body/amount")
    assert refusal.detail_zh == "提成比例最高为100.00%，所报为100.01%。"
    assert refusal.detail_en == "A royalty is at most 100.00 %; this is 100.01 %."
    assert refusal.data == {"highest_amount": "100.00"}
    sale.does(bid("3260", 10_000 / WAN), START)
    assert sale.now.current_minor == 10_000
    assert refused(sale, bid("3172", 10_025 / WAN)).code == "royalty_above_whole"
    assert refused(sale, bid("3172", 10_000 / WAN)).code == "bid_not_above_current"


def test_a_maximum_reaches_the_whole_of_a_royalty_and_no_further() -> None:
    sale = rated()
    refusal = refused(sale, maximum(10_001))
    assert (refusal.code, refusal.field) == ("royalty_above_whole", "/body/maximum")
    sale.does(maximum(10_000), START)
    assert sale.now.current_minor == 9_000


def test_a_floor_bid_is_held_to_the_whole_of_a_royalty_as_well() -> None:
    hall = {
        "close": CloseKind.HAMMER,
        "session_profile": SessionProfile.HALL,
        "free_seconds": 0,
        "window_seconds": 0,
    }
    sale = rated(**hall)
    assert sale.now.status is AuctionStatus.ON_THE_BLOCK
    for amount, code in ((10_001, "royalty_above_whole"), (10_000, None)):
        asked = PlaceBid(bidder=bidder("3260"), amount_minor=amount, via=BidVia.FLOOR)
        assert (refused(sale, asked, START).code if code else sale.does(asked, START) and None) == code


def test_the_whole_is_judged_after_the_bidder_and_before_the_ladder() -> None:
    sale = rated()
    stranger = PlaceBid(bidder=bidder("3172", limit_minor=10_000), amount_minor=10_001)
    assert refused(sale, stranger).code == "mandate_exceeded"
    assert refused(sale, bid("3172", 10_013 / WAN)).code == "royalty_above_whole"
    off = refused(sale, bid("3172", 9_990 / WAN))
    assert (off.data["lower_amount"], off.data["higher_amount"]) == ("99.75", "100.00")
    coarse = rated(step=600)
    off = refused(coarse, bid("3172", 9_990 / WAN))
    assert (off.data["lower_amount"], off.data["higher_amount"]) == ("96.00", None)
    assert off.detail_zh == "加价幅度为6.00%，最接近的有效价格为96.00%。"


def test_automatic_bids_stop_at_the_whole_of_a_royalty() -> None:
    sale = rated()
    sale.does(maximum(10_000, "3260"), START)
    sale.left = [Proxy(no=1, code="3260", max_minor=10_000)]
    told = sale.does(replace(maximum(10_000), no=2), START)
    assert [(one.bidder_code, one.amount_minor) for one in told if isinstance(one, BidPlaced)] == [
        ("3172", 9_975),
        ("3260", 10_000),
    ]
    assert refused(sale, bid("3172", 10_025 / WAN)).code == "royalty_above_whole"


def test_a_sealed_royalty_above_the_whole_is_void_and_says_why() -> None:
    rate = {"price": ROYALTY, "start_price_minor": 200, "ladder": Ladder.fixed(25), "deposit_minor": WAN}
    sale = opened(sealing(**rate), found("3260", 10_001 / WAN, 1), found("3172", 10_000 / WAN, 2))
    fact = next(fact for fact in sale.facts if isinstance(fact, EnvelopesOpened))
    told = {one.code: (one.outcome, one.reason, one.culprit) for one in fact.results}
    assert told == {
        "3260": (Outcome.VOID, VoidReason.ABOVE_WHOLE, "3260"),
        "3172": (Outcome.BID, None, None),
    }
    assert (sale.now.status, sale.now.leader_code, sale.now.current_minor) == (
        AuctionStatus.AWARDED,
        "3172",
        10_000,
    )


def test_money_has_no_ceiling_of_a_rate() -> None:
    for price in (Price(), ENTRY, ANNUAL):
        judge_ceiling(price, 10_001, field="/body/amount")
    with pytest.raises(RoyaltyAboveWhole):
        judge_ceiling(ROYALTY, 10_001, field="/body/amount")


@pytest.mark.parametrize("name", ["start_price_minor", "reserve_minor"])
def test_terms_ask_for_no_more_than_the_whole_of_a_royalty(name: str) -> None:
    rate: dict[str, Any] = {"price": ROYALTY, "start_price_minor": 200, "ladder": Ladder.fixed(25)}
    check_terms(terms(**rate | {name: 10_000}))
    with pytest.raises(Refusal) as caught:
        check_terms(terms(**rate | {name: 10_001}))
    assert (caught.value.data["highest"], caught.value.data["unit"]) == ("100.00", "percent")
