"""What a registration tells."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event
from app.kit.dates import Instant
from app.kit.money import Money


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
