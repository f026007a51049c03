"""What the room tells: closed, versioned, each with its audience. Public ones carry no buyer and no hidden amount."""

from app.events.model import Event
from app.markets.events.awards import (
    AwardRescinded,
    OfferingAwarded,
    PriceTold,
)
from app.markets.events.listed import (
    CompetitionRequired,
    DeadlinePostponed,
    EvaluationPutOff,
)
from app.markets.events.negotiated import (
    BuyerAnswered,
    ContractSigned,
    NegotiationEnded,
    NegotiationOffered,
    NegotiationOpened,
    TermsAgreed,
    TermsDecided,
)
from app.markets.events.offerings import (
    OfferingClosed,
    OfferingOpened,
    OfferingReviewed,
    OfferingSubmitted,
    OfferingWithdrawn,
)
from app.markets.events.registrations import (
    AgentAppointed,
    JointMemberConsented,
    JointMemberInvited,
    LateDepositAccepted,
    Registered,
    RegistrationConcluded,
    RegistrationDecided,
    RegistrationQualified,
)

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
    TermsAgreed,
    BuyerAnswered,
    TermsDecided,
    ContractSigned,
)

__all__ = [
    "EVENTS",
    "AgentAppointed",
    "AwardRescinded",
    "BuyerAnswered",
    "CompetitionRequired",
    "ContractSigned",
    "DeadlinePostponed",
    "EvaluationPutOff",
    "JointMemberConsented",
    "JointMemberInvited",
    "LateDepositAccepted",
    "NegotiationEnded",
    "NegotiationOffered",
    "NegotiationOpened",
    "OfferingAwarded",
    "OfferingClosed",
    "OfferingOpened",
    "OfferingReviewed",
    "OfferingSubmitted",
    "OfferingWithdrawn",
    "PriceTold",
    "Registered",
    "RegistrationConcluded",
    "RegistrationDecided",
    "RegistrationQualified",
    "TermsAgreed",
    "TermsDecided",
]
