"""Formats: how bids compare and what wins. One module each, behind one protocol."""

from typing import Final, Protocol

from app.auctions.rules.formats import ascending, sealed
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Format, Terms


class AuctionFormat(Protocol):
    """A format: judges the amount of a bid, and says what happens when its time is over."""

    def judge_amount(self, snapshot: Snapshot, amount_minor: int) -> None:
        """Refuse an amount (fen) that does not count now."""

    def end(self, minutes: Minutes) -> None:
        """Enter what follows when the time for bids is over."""


FORMATS: Final[dict[Format, AuctionFormat]] = {
    Format.ASCENDING: ascending.Ascending(),
    Format.SEALED_ONCE: sealed.Sealed(),
    Format.SEALED_ROUNDS: sealed.Sealed(),
}


def format_of(terms: Terms) -> AuctionFormat:
    """The format that the terms name."""
    return FORMATS[terms.format]
