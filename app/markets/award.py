"""The award: the one small value that every path ends in. Whoever comes after knows only this."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class AwardRule(StrEnum):
    """By which rule the buyer and the price were found."""

    NEGOTIATED_ACCEPTANCE = "negotiated_acceptance"
    """The last live offer of a negotiation was accepted by the other side."""
    NEGOTIATED_NOTICED = "negotiated_noticed"
    """Negotiated terms that passed their public notice were signed as noticed."""
    NEGOTIATED_OFFLINE = "negotiated_offline"
    """Terms agreed outside the market, which the buyer has confirmed; for a seller who needs no public notice."""
    LISTED_SINGLE_BUYER = "listed_single_buyer"
    """One qualified buyer at the deadline: the ask, or his own quote where it is higher."""
    LISTED_FIXED_PRICE = "listed_fixed_price"
    """A licence for several: whoever is qualified and accepts the ask has one, until the capacity is used."""
    LISTED_COMPETITION = "listed_competition"
    """Two or more qualified buyers at the deadline, who then bid."""
    AUCTION_HIGHEST_BID = "auction_highest_bid"
    """The highest bid when the bidding ended."""
    DEMAND_CHOICE = "demand_choice"
    """The poster of a demand chose a solution."""


class AwardEnding(StrEnum):
    """How an award ended. One without an ending waits for its contract."""

    CONCLUDED = "concluded"
    """Both sides have concluded the contract."""
    RESCINDED = "rescinded"
    """The buyer defaulted 悔拍: by a decision, the award no longer counts."""


class PriceKind(StrEnum):
    """What the number that was agreed or bid means."""

    LUMP_SUM = "lump_sum"
    ENTRY_FEE = "entry_fee"
    """An entry fee in fen, with a fixed royalty."""
    ROYALTY_RATE = "royalty_rate"
    """A royalty in hundredths of a percent, with a fixed entry fee."""
    ANNUAL_FEE = "annual_fee"
    """A yearly fee in fen, for a fixed number of years."""
    EQUITY = "equity"
    """Shares in a company, and money beside them where so agreed. Never what is bid."""


@dataclass(frozen=True, kw_only=True)
class PriceForm:
    """How the price is made up beside the fixed sum: a royalty in basis points, a yearly fee in fen for some years, a share
    in basis points of a company, for a right that was valued at so many fen.
    """

    kind: PriceKind = PriceKind.LUMP_SUM
    royalty_bp: int | None = None
    annual_minor: int | None = None
    years: int | None = None
    share_bp: int | None = None
    valuation_minor: int | None = None
    company: str | None = None


LUMP_SUM: Final = PriceForm()


@dataclass(frozen=True, kw_only=True)
class Award:
    """Who has what, for how much, by which rule, since when.

    `amount_minor`: what is fixed to be paid in all, in fen (a royalty comes on top); `awarded_at` is market time.
    """

    award_id: UUID
    offering_id: UUID
    seller_party_id: UUID
    buyer_party_id: UUID
    registration_id: UUID | None
    amount_minor: int
    rule: AwardRule
    awarded_at: datetime
    price: PriceForm = LUMP_SUM
