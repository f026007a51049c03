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


class TermsAgreed(Event):
    """Both sides agree on a term sheet; nothing is sold yet. `parties`: both sides."""

    kind: ClassVar[str] = "markets.terms_agreed"
    subject: ClassVar[str] = "negotiation"

    offering_id: UUID
    round: int
    term_hash: str
    origin: str
    """`inquiry`, or `offline` where it was agreed outside the market and the buyer has yet to confirm."""


class BuyerAnswered(Event):
    """The buyer stands by terms that were entered for it, or contests them. `parties`: both sides."""

    kind: ClassVar[str] = "markets.buyer_answered"
    subject: ClassVar[str] = "negotiation"

    offering_id: UUID
    confirms: bool
    reason: str | None


class TermsDecided(Event):
    """The seller's unit has decided to sell on the agreed terms. `parties`: both sides."""

    kind: ClassVar[str] = "markets.terms_decided"
    subject: ClassVar[str] = "negotiation"

    offering_id: UUID
    term_hash: str
    document_no: str


class ContractSigned(Event):
    """The contract on noticed terms was signed. `parties`: both sides."""

    kind: ClassVar[str] = "markets.noticed_terms_signed"
    subject: ClassVar[str] = "negotiation"

    offering_id: UUID
    notice_id: UUID | None
    term_hash: str
    document_no: str
