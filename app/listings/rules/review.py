"""Who may move an achievement, and when. Who may see it at all is decided by the query that finds it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.listings.errors import (
    AchievementNotEditable,
    AuthorMayNotReview,
    BehalfNotAllowed,
    OwnerConfirmationMissing,
    OwnerConfirmationNotNeeded,
    SecretNotPublished,
    SubmissionNotAllowed,
)
from app.listings.states import EDITABLE, AchievementStatus, SecrecyLevel


@dataclass(frozen=True)
class Standing:
    """What rules need to know about an achievement."""

    status: AchievementStatus
    holder_party_id: UUID
    entered_by: UUID
    on_behalf: bool
    owner_confirmed_at: datetime | None
    secrecy_level: SecrecyLevel


def check_behalf(*, may_enter: bool, clerk_prefix: str, region_code: str) -> None:
    """A clerk enters for parties of his region's subtree only."""
    if not may_enter or not region_code.startswith(clerk_prefix):
        raise BehalfNotAllowed(field="/body/on_behalf_of")


def check_editable(standing: Standing) -> None:
    """Only drafts and what was returned."""
    if standing.status not in EDITABLE:
        raise AchievementNotEditable(status_now=str(standing.status))


def check_submission(standing: Standing, *, party_id: UUID, may_submit: bool, may_enter: bool) -> None:
    """The holder's officers submit; a clerk may where the owner has confirmed. Order: who, then the confirmation."""
    own = party_id == standing.holder_party_id
    if not (may_submit if own else may_enter):
        raise SubmissionNotAllowed()
    if standing.on_behalf and standing.owner_confirmed_at is None:
        raise OwnerConfirmationMissing()


def check_owner_confirmation(standing: Standing) -> None:
    """Only what somebody else typed in, and only once for each version of it."""
    check_editable(standing)
    if not standing.on_behalf or standing.owner_confirmed_at is not None:
        raise OwnerConfirmationNotNeeded()


def check_review(standing: Standing, *, reviewer: UUID) -> None:
    """Nobody reviews what he typed in himself."""
    if standing.entered_by == reviewer:
        raise AuthorMayNotReview()


def check_publication(standing: Standing) -> None:
    """What carries a level of secrecy is never published (促进科技成果转化法 art 11)."""
    if standing.secrecy_level is not SecrecyLevel.NONE:
        raise SecretNotPublished()
