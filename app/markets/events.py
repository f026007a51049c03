"""What the room tells: closed, versioned, each with its audience. Public ones carry no buyer and no hidden amount."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money, yuan
from app.markets.award import AwardRule, PriceForm, PriceKind
from app.markets.states import Mode, Path, SubjectKind


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


class PriceTold(BaseModel):
    """How a price is made up beside its fixed sum: a royalty in basis points, a yearly fee for some years."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: PriceKind = PriceKind.LUMP_SUM
    royalty_bp: int | None = None
    annual_fee: Money | None = None
    years: int | None = None

    @classmethod
    def of(cls, price: PriceForm) -> "PriceTold":
        """As it is told."""
        annual = yuan(price.annual_minor) if price.annual_minor is not None else None
        return cls(kind=price.kind, royalty_bp=price.royalty_bp, annual_fee=annual, years=price.years)


class OfferingAwarded(Event):
    """A buyer has it. `parties`: seller and buyer; nobody else learns it from this."""

    kind: ClassVar[str] = "markets.offering_awarded"
    subject: ClassVar[str] = "offering"

    award_id: UUID
    offering_id: UUID
    offering_number: str
    title: str
    path: Path
    mode: Mode
    rule: AwardRule
    seller_party_id: UUID
    buyer_party_id: UUID
    co_buyer_party_ids: tuple[UUID, ...]
    """Who buys jointly with the buyer, who bid for all of them."""
    registration_id: UUID | None
    amount: Money
    price: PriceTold = PriceTold()
    subject_kind: SubjectKind
    subject_ids: tuple[UUID, ...]
    region_code: str
    entered_by: UUID


class AwardRescinded(Event):
    """An award no longer counts: its buyer defaulted. `parties`: seller and buyer."""

    kind: ClassVar[str] = "markets.award_rescinded"
    subject: ClassVar[str] = "offering"

    award_id: UUID
    offering_id: UUID
    offering_number: str
    title: str
    seller_party_id: UUID
    buyer_party_id: UUID
    amount: Money
    document_no: str
    reason: str


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


class Registered(Event):
    """A buyer registered its intent. `parties`: that buyer alone."""

    kind: ClassVar[str] = "markets.registered"
    subject: ClassVar[str] = "registration"

    registration_number: str
    offering_id: UUID
    offering_number: str
    title: str
    deposit_amount: Money
    deposit_due_at: Instant | None


class RegistrationDecided(Event):
    """The operator decided on a registration. `parties`: that buyer alone."""

    kind: ClassVar[str] = "markets.registration_decided"
    subject: ClassVar[str] = "registration"

    registration_number: str
    offering_id: UUID
    passed: bool
    reason: str
    status: str


class RegistrationQualified(Event):
    """Decided and paid: the buyer may take part. `parties`: that buyer alone."""

    kind: ClassVar[str] = "markets.registration_qualified"
    subject: ClassVar[str] = "registration"

    registration_number: str
    offering_id: UUID


class RegistrationConcluded(Event):
    """How a registration ended: winner, not_winner, waived, disqualified, defaulted. `parties`: that buyer alone."""

    kind: ClassVar[str] = "markets.registration_concluded"
    subject: ClassVar[str] = "registration"

    registration_number: str
    offering_id: UUID
    status: str


class AgentAppointed(Event):
    """Somebody now acts for a registered buyer, alone. `parties`: that buyer alone."""

    kind: ClassVar[str] = "markets.agent_appointed"
    subject: ClassVar[str] = "registration"

    registration_number: str
    offering_id: UUID
    agent_user_id: UUID
    document_no: str
    cause: str


class JointMemberInvited(Event):
    """A lead has named this party as a joint buyer; its consent is asked. `parties`: that party alone."""

    kind: ClassVar[str] = "markets.joint_member_invited"
    subject: ClassVar[str] = "registration"

    registration_number: str
    offering_id: UUID
    lead_party_id: UUID
    share_bp: int


class JointMemberConsented(Event):
    """A joint buyer has consented. `parties`: it and its lead."""

    kind: ClassVar[str] = "markets.joint_member_consented"
    subject: ClassVar[str] = "registration"

    registration_number: str
    offering_id: UUID
    party_id: UUID


class LateDepositAccepted(Event):
    """逾期到账经同意: a deposit that came late counts, by the seller's written consent. Public, without the payer."""

    kind: ClassVar[str] = "markets.late_deposit_accepted"
    subject: ClassVar[str] = "offering"
    public: ClassVar[bool] = True

    offering_number: str
    title: str
    minutes: int
    consent_document_no: str


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


EVENTS: tuple[type[Event], ...] = (
    OfferingSubmitted,
    OfferingReviewed,
    OfferingOpened,
    CompetitionRequired,
    OfferingAwarded,
    AwardRescinded,
    OfferingClosed,
    OfferingWithdrawn,
    EvaluationPutOff,
    DeadlinePostponed,
    Registered,
    RegistrationDecided,
    RegistrationQualified,
    RegistrationConcluded,
    AgentAppointed,
    JointMemberInvited,
    JointMemberConsented,
    LateDepositAccepted,
    NegotiationOpened,
    NegotiationOffered,
    NegotiationEnded,
)
