"""What identity tells, to the party concerned only."""

from typing import ClassVar
from uuid import UUID

from app.events.model import Event
from app.identity.states import CreditKind, PartyKind, ReviewStatus


class PartyRegistered(Event):
    """A party has registered, or was entered by a clerk. It may look, draft and ask; its review is pending."""

    kind: ClassVar[str] = "identity.party_registered"
    subject: ClassVar[str] = "party"

    party_kind: PartyKind
    name: str
    region_code: str
    entered_on_behalf: bool


class PartyReviewed(Event):
    """The operator has reviewed a party."""

    kind: ClassVar[str] = "identity.party_reviewed"
    subject: ClassVar[str] = "party"

    status: ReviewStatus
    reason: str | None


class PartyResubmitted(Event):
    """A refused party has put its entry right and waits again."""

    kind: ClassVar[str] = "identity.party_resubmitted"
    subject: ClassVar[str] = "party"

    name: str


class MembershipEnded(Event):
    """Somebody no longer belongs to a party; his sessions and keys for it have ended."""

    kind: ClassVar[str] = "identity.membership_ended"
    subject: ClassVar[str] = "membership"

    user_id: UUID


class CreditNoted(Event):
    """An entry was made in a party's credit record."""

    kind: ClassVar[str] = "identity.credit_noted"
    subject: ClassVar[str] = "party"

    credit_kind: CreditKind
    reference: str
    document_no: str
