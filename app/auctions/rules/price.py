"""What a bid means in money: the one number of a sale, said to people, and turned into the price of an award."""

from app.auctions.rules.terms import Price
from app.kit.money import wan, yuan
from app.markets.award import PriceForm, PriceKind


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
