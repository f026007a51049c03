"""What an offering tells: submitted, reviewed, on the market, off it."""

from typing import ClassVar, Literal
from uuid import UUID

from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money
from app.markets.states import Mode, Path


class OfferingSubmitted(Event):
    """The seller asked for the review. `parties`: the seller."""

    kind: ClassVar[str] = "markets.offering_submitted"
    subject: ClassVar[str] = "offering"

    offering_number: str
    title: str
    path: Path
    seller_party_id: UUID
    profile_code: str
    profile_version: int


class OfferingReviewed(Event):
    """The operator approved the offering or returned it with a reason. `parties`: the seller."""

    kind: ClassVar[str] = "markets.offering_reviewed"
    subject: ClassVar[str] = "offering"

    offering_number: str
    title: str
    approved: bool
    reason: str


class OfferingOpened(Event):
    """The offering is on the market. Public."""

    kind: ClassVar[str] = "markets.offering_opened"
    subject: ClassVar[str] = "offering"
    public: ClassVar[bool] = True

    offering_number: str
    title: str
    path: Path
    mode: Mode
    seller_party_id: UUID
    ask_amount: Money | None
    registration_opens_at: Instant | None
    registration_ends_at: Instant | None
    deposit_due_at: Instant | None


class OfferingClosed(Event):
    """The offering left the market. Public; the amount only where the path makes the price public."""

    kind: ClassVar[str] = "markets.offering_closed"
    subject: ClassVar[str] = "offering"
    public: ClassVar[bool] = True

    offering_number: str
    title: str
    path: Path
    outcome: Literal["awarded", "failed", "withdrawn"]
    awards: int
    amount: Money | None
    reason: str | None


class OfferingWithdrawn(Event):
    """The seller took back an offering that was never on the market. `parties`: the seller."""

    kind: ClassVar[str] = "markets.offering_withdrawn"
    subject: ClassVar[str] = "offering"

    offering_number: str
    title: str
    reason: str
