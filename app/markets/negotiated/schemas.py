"""Wire shapes of negotiations. Both sides see the same; nobody else sees any of it."""

from uuid import UUID

from app.kit.dates import Instant
from app.kit.schemas import Input, MoneyOut, Output, Page, ShortText, Text
from app.markets.negotiated.states import NegotiationStatus, Side
from app.markets.schemas import Price


class NegotiationIn(Input):
    """A buyer asks to negotiate."""

    message: ShortText | None = None


class OfferIn(Input):
    """A price with its terms. It holds until `valid_until` (the profile's usual days unless given), or the next offer."""

    amount: Price
    terms: Text
    valid_until: Instant | None = None


class AcceptanceIn(Input):
    """Which offer is accepted: it must be the other side's, the latest, and still hold."""

    offer_id: UUID


class EndingIn(Input):
    """Why one side leaves."""

    reason: ShortText


class OfferOut(Output):
    """An offer. `live`: it is the latest of an open negotiation; whether it still holds is said by `valid_until`."""

    id: UUID
    round: int
    side: Side
    amount: MoneyOut
    terms: str
    valid_until: Instant
    made_at: Instant
    live: bool


class NegotiationLine(Output):
    """A negotiation in a list. `side` is the caller's."""

    id: UUID
    version: int
    offering_id: UUID
    offering_number: str
    offering_title: str
    status: NegotiationStatus
    side: Side | None
    seller_party_id: UUID
    seller_name: str
    buyer_party_id: UUID
    buyer_name: str
    rounds: int
    quiet_until: Instant
    created_at: Instant
    ended_at: Instant | None


class NegotiationOut(NegotiationLine):
    """A negotiation, whole, with everything that was offered."""

    message: str | None
    accepted_round: int | None
    end_reason: str | None
    offers: list[OfferOut]


NegotiationPage = Page[NegotiationLine]
