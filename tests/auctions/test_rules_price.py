"""What a bid means: a lump sum, an entry fee, a royalty rate, a yearly fee."""

from typing import Any

import pytest

from app.auctions.errors import TermsOutOfBounds
from app.auctions.rules.bounds import check_terms
from app.auctions.rules.ladder import Ladder
from app.auctions.rules.price import awarded, said_en, said_zh
from app.auctions.rules.terms import Price
from app.markets.award import PriceForm, PriceKind
from tests.auctions.sale import START, WAN, bid, refused, started, terms

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
    ],
)
def test_a_price_fixes_its_other_part_and_no_other(price: dict[str, Any], field: str) -> None:
    with pytest.raises(TermsOutOfBounds) as caught:
        check_terms(terms(price=Price(**price)))
    assert caught.value.field == f"/body/terms/price/{field}"
