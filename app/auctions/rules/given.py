"""What else is given when a command is judged: what only the market knows. Never part of a fact, a reply or a log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.kit.outages import Outage
from app.notices.rules.gate import Held


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """A maximum that a bidder has left with the market. Fen; `no` counts the sale's proxies in the order of setting."""

    no: int
    code: str
    max_minor: int


@dataclass(frozen=True, kw_only=True)
class Published:
    """The envelopes of a round as they lie, to be published at its close: the Merkle root (hex) and how many there are."""

    root: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Given:
    """Read under the auction's lock, for every command: any command lets happen what is due."""

    reserve_minor: int | None = None
    """A secret reserve, in fen."""
    proxies: tuple[Proxy, ...] = ()
    """Those in force, one for each bidder."""
    days: tuple[datetime, ...] = ()
    """The openings of the coming days of sale, in order; empty where none are known."""
    outages: tuple[Outage, ...] = ()
    """Those by which this sale has not been judged, in their order."""
    notice: Held | None = None
    """What the sale's notice holds of it, read under the notice's lock; None where nothing had to be asked."""
    sealed: Published | None = None
    """Of a round whose sealing may be closed."""


NOTHING: Final = Given()
