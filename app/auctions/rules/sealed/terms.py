"""What the notice fixes of a sealed sale: who can open, how long further rounds last, who drops out of them."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.auctions.errors.sealed import CustodyIncomplete, CustodyNotIndependent

SPLITS: Final = {3: 2, 5: 3}
"""Seats → how many of them open together."""


class SealingMethod(StrEnum):
    """Who holds the means to open. Each is named in the notice as exactly what it is."""

    CUSTODIANS = "custodians"
    """托管人开标: nobody short of two custodians of three (three of five) can open; not the market, nobody with its database."""
    SERVER = "server"
    """平台代封: the market holds the key outside its database, and two officers must release it. Who runs the server could
    open; for small lots."""


class Office(StrEnum):
    """For whom a custodian stands."""

    EXCHANGE = "exchange"
    SELLER = "seller"
    SUPERVISOR = "supervisor"
    NOTARY = "notary"
    SERVER = "server"


class DropRule(StrEnum):
    """Who drops out after a round, beside those who sealed nothing in it."""

    NONE = "none"
    LOWEST = "lowest"
    """The lowest offer of the round, of equal ones that received last, while more than two are left; nobody where all are
    equal, for then the lowest is the highest.
    """


@dataclass(frozen=True, kw_only=True)
class SeatTerms:
    """One seat: whom it stands for, its holder's public name, and the public keys (hex), a custodian's and his deputies'."""

    no: int
    office: Office
    holder: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SealedTerms:
    """What a sealed sale's notice adds. `threshold` seats open together."""

    method: SealingMethod = SealingMethod.CUSTODIANS
    threshold: int = 0
    seats: tuple[SeatTerms, ...] = ()
    round_seconds: int = 3_600
    drop: DropRule = DropRule.NONE


def check_custody(sealed: SealedTerms) -> None:
    """Refuse a notice whose seats are not taken as its method asks: `CustodyIncomplete`, `CustodyNotIndependent`.

    Custodians: three seats of which two open, or five of which three; seats 1 to n, exchange and seller and a supervisor
    or notary among them; no key twice; no holder with so many seats that he could open alone. Source: house rule.
    """
    if sealed.method is SealingMethod.SERVER:
        if (sealed.threshold, [seat.office for seat in sealed.seats]) != (1, [Office.SERVER]):
            raise CustodyIncomplete(method=str(sealed.method))
        return
    offices = {seat.office for seat in sealed.seats}
    keys = [key for seat in sealed.seats for key in seat.keys]
    complete = (
        SPLITS.get(len(sealed.seats)) == sealed.threshold
        and [seat.no for seat in sealed.seats] == list(range(1, len(sealed.seats) + 1))
        and all(seat.keys for seat in sealed.seats)
        and {Office.EXCHANGE, Office.SELLER} <= offices
        and offices & {Office.SUPERVISOR, Office.NOTARY}
        and Office.SERVER not in offices
    )
    if not complete:
        raise CustodyIncomplete(method=str(sealed.method))
    most = max(Counter(seat.holder for seat in sealed.seats).values())
    if most >= sealed.threshold or len(set(keys)) != len(keys):
        raise CustodyNotIndependent(threshold=sealed.threshold)
