"""What a negotiation tells."""

from typing import ClassVar, Literal
from uuid import UUID

from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money


class NegotiationOpened(Event):
    """A buyer asked to negotiate. `parties`: seller and buyer."""

    kind: ClassVar[str] = "markets.negotiation_opened"
    subject: ClassVar[str] = "negotiation"

    offering_id: UUID
    title: str
    seller_party_id: UUID
    buyer_party_id: UUID


class NegotiationOffered(Event):
    """One side named a price. `parties`: seller and buyer."""

    kind: ClassVar[str] = "markets.negotiation_offered"
    subject: ClassVar[str] = "negotiation"

    offering_id: UUID
    offer_id: UUID
    round: int
    side: Literal["seller", "buyer"]
    amount: Money
    valid_until: Instant


class NegotiationEnded(Event):
    """The negotiation is over: agreed, declined, withdrawn, expired or closed. `parties`: seller and buyer."""

    kind: ClassVar[str] = "markets.negotiation_ended"
    subject: ClassVar[str] = "negotiation"

    offering_id: UUID
    status: str
    reason: str | None
