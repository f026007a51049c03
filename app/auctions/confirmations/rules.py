"""Who signs next, what the record says in words. Pure."""

from datetime import date
from typing import Final

from app.auctions.confirmations.errors import ConfirmationVoided, OnePersonSignsOnce, SignedBefore
from app.auctions.confirmations.states import ConfirmationStatus, Signatory
from app.auctions.rules.terms import Organiser, Price
from app.kit.money import capital, yuan
from app.markets.award import PriceKind

STATUTORY: Final = "拍卖法 art. 52"
"""Buyer and auctioneer sign a confirmation on the spot: binds where a licensed auction house sells."""
HOUSE: Final = "house rule, after 拍卖法 art. 52"

_FIRST: Final = {
    Signatory.BUYER: ConfirmationStatus.BUYER_SIGNED,
    Signatory.ORGANISER: ConfirmationStatus.ORGANISER_SIGNED,
}


def source_of(organiser: Organiser) -> str:
    """By which rule the record is made."""
    return STATUTORY if organiser is Organiser.LICENSED_AUCTION_HOUSE else HOUSE


def after_signature(status: ConfirmationStatus, side: Signatory, *, same_person: bool) -> ConfirmationStatus:
    """The state after a signature. Refuses: a void record, a side's second signature, one person for both sides."""
    if status is ConfirmationStatus.VOIDED:
        raise ConfirmationVoided()
    if status in (_FIRST[side], ConfirmationStatus.SIGNED):
        raise SignedBefore(status_now=str(status))
    if same_person:
        raise OnePersonSignsOnce()
    return _FIRST[side] if status is ConfirmationStatus.ISSUED else ConfirmationStatus.SIGNED


def is_overdue(status: ConfirmationStatus, due_on: date, today: date) -> bool:
    """Whether a record that is not signed by both has passed its last day."""
    return status not in (ConfirmationStatus.SIGNED, ConfirmationStatus.VOIDED) and today > due_on


def price_words(price: Price, amount_minor: int) -> tuple[str, str | None]:
    """The price in figures, and in capitals 大写 where it is a sum of money; the number means what the terms say."""
    if price.kind is PriceKind.ROYALTY_RATE:
        entry = f"，另付入门费人民币{yuan(price.entry_fee_minor or 0)}元"
        return f"提成率{yuan(amount_minor)}%{entry if price.entry_fee_minor else ''}", None
    figures = f"人民币{yuan(amount_minor)}元"
    if price.kind is PriceKind.ENTRY_FEE:
        return f"入门费{figures}，提成率{yuan(price.royalty_bp or 0)}%", capital(amount_minor)
    if price.kind is PriceKind.ANNUAL_FEE:
        return f"年费{figures}，共{price.years}年", capital(amount_minor)
    return figures, capital(amount_minor)
