"""What a bid means in money: the one number of a sale, said to people, how high it may be, and turned into the price of an award."""

from typing import Final

from app.auctions.errors import RoyaltyAboveWhole
from app.auctions.rules.terms import Price
from app.kit.money import wan, yuan
from app.markets.award import PriceForm, PriceKind

RATE_MAX: Final = 10_000
"""The whole of what a royalty is counted on, in hundredths of a percent: nobody can owe more of it. House rule."""


def said_zh(price: Price, amount_minor: int) -> str:
    """A number of this sale for Chinese readers: `218万元`, `3.50%`, `12万元/年`."""
    if price.kind is PriceKind.ROYALTY_RATE:
        return f"{yuan(amount_minor)}%"
    return wan(amount_minor) + ("/年" if price.kind is PriceKind.ANNUAL_FEE else "")


def said_en(price: Price, amount_minor: int) -> str:
    """A number of this sale for English readers: `2180000.00`, `3.50 %`, `120000.00 a year`."""
    if price.kind is PriceKind.ROYALTY_RATE:
        return f"{yuan(amount_minor)} %"
    return yuan(amount_minor) + (" a year" if price.kind is PriceKind.ANNUAL_FEE else "")


def ceiling_of(price: Price) -> int | None:
    """The highest number that can be offered: 100.00 % of a royalty. None: money knows no such end."""
    return RATE_MAX if price.kind is PriceKind.ROYALTY_RATE else None


def exceeds(price: Price, amount_minor: int) -> bool:
    """Whether a number is above what can be offered at all."""
    ceiling = ceiling_of(price)
    return ceiling is not None and amount_minor > ceiling


def judge_ceiling(price: Price, amount_minor: int, *, field: str) -> None:
    """Refuse a royalty above the whole: `RoyaltyAboveWhole`. `field`: where the number stands in the request."""
    ceiling = ceiling_of(price)
    if ceiling is not None and amount_minor > ceiling:
        raise RoyaltyAboveWhole(
            f"提成比例最高为{said_zh(price, ceiling)}，所报为{said_zh(price, amount_minor)}。",
            f"A royalty is at most {said_en(price, ceiling)}; this is {said_en(price, amount_minor)}.",
            field=field,
            highest_amount=yuan(ceiling),
        )


def awarded(price: Price, amount_minor: int) -> tuple[int, PriceForm]:
    """What an award at this bid fixes to be paid in all, in fen, and what comes beside it."""
    match price.kind:
        case PriceKind.ENTRY_FEE:
            return amount_minor, PriceForm(kind=price.kind, royalty_bp=price.royalty_bp)
        case PriceKind.ROYALTY_RATE:
            return price.entry_fee_minor or 0, PriceForm(kind=price.kind, royalty_bp=amount_minor)
        case PriceKind.ANNUAL_FEE:
            years = price.years or 1
            form = PriceForm(kind=price.kind, annual_minor=amount_minor, years=years)
            return amount_minor * years, form
        case _:
            return amount_minor, PriceForm()
