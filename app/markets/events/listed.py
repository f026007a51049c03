"""What a listed sale tells."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money


class CompetitionRequired(Event):
    """A listed sale ended with two or more qualified buyers: they now bid, on the same registrations.

    For the market's own rooms only: how many there are and that there are any is not told before the close.
    `amount` is the ask, from which the bidding starts.
    """

    kind: ClassVar[str] = "markets.competition_required"
    subject: ClassVar[str] = "offering"

    offering_id: UUID
    offering_number: str
    title: str
    seller_party_id: UUID
    region_code: str
    entered_by: UUID
    amount: Money
    deposit_amount: Money
    registration_opens_at: Instant
    registration_ends_at: Instant
    deposit_due_at: Instant
    profile_code: str
    profile_version: int


class EvaluationPutOff(Event):
    """A listing's evaluation waits a working day: somebody paid in time and is not decided on. `parties`: none."""

    kind: ClassVar[str] = "markets.evaluation_put_off"
    subject: ClassVar[str] = "offering"

    offering_number: str
    evaluates_at: Instant


class DeadlinePostponed(Event):
    """Nobody could register for a while, by a fault of ours: the listing ends later. Public, with the reason."""

    kind: ClassVar[str] = "markets.deadline_postponed"
    subject: ClassVar[str] = "offering"
    public: ClassVar[bool] = True

    offering_number: str
    title: str
    outage_no: int
    outage_began_at: Instant
    outage_ended_at: Instant
    registration_ends_at: Instant
    deposit_due_at: Instant
    reason_zh: str
    reason_en: str
