"""Who may move an achievement, and when. Who may see it at all is decided by the query that finds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.listings.errors import (
    AchievementNotEditable,
    AuthorMayNotReview,
    BehalfNotAllowed,
    NothingToConfirm,
    OwnerConfirmationMissing,
    OwnerConfirmationNotNeeded,
    SecretNotPublished,
    SubmissionNotAllowed,
    WithdrawalNotAllowed,
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


def check_holder(*, own: bool, may_enter: bool, clerk_prefix: str, region_code: str | None) -> None:
    """Everybody enters for his own party, a clerk for others of his region's subtree. `None`: no such party."""
    if own:
        return
    if not may_enter or region_code is None or not region_code.startswith(clerk_prefix):
        raise BehalfNotAllowed(field="/body/on_behalf_of")


def behalf(holder_party_id: UUID, clerk_party_id: UUID) -> UUID | None:
    """For whom something is typed in, where that is not one's own party."""
    return None if holder_party_id == clerk_party_id else holder_party_id


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


def check_withdrawal(standing: Standing, *, may_write: bool, may_submit: bool) -> None:
    """may_submit: the actor may submit, enter for others or review; may_write: he may write drafts."""
    if not (may_submit or (may_write and standing.status in EDITABLE)):
        raise WithdrawalNotAllowed()


def check_owner_confirmation(standing: Standing) -> None:
    """Only what somebody else typed in, and only once for each version of it."""
    check_editable(standing)
    if not standing.on_behalf or standing.owner_confirmed_at is not None:
        raise OwnerConfirmationNotNeeded()


def confirmation_after_change(
    confirmed_at: datetime | None, confirmed_by: UUID | None, *, own: bool
) -> tuple[datetime | None, UUID | None]:
    """The owner's own change leaves his confirmation standing; anybody else's asks for it again."""
    return (confirmed_at, confirmed_by) if own else (None, None)


def shares_to_confirm(
    shares: Sequence[tuple[UUID | None, str | None, datetime | None]],
    *,
    party_id: UUID,
    holder_party_id: UUID,
) -> list[int]:
    """Which shares (party, agreement, confirmed at) a party may confirm now; none at all is refused.

    Each party confirms its own. For a holder without an account the achievement's holder does, on the strength of an
    agreement that the share names. House rule.
    """
    waiting = [
        index
        for index, (party, agreement, confirmed_at) in enumerate(shares)
        if confirmed_at is None
        and (party == party_id or (party is None and agreement and party_id == holder_party_id))
    ]
    if not waiting:
        raise NothingToConfirm()
    return waiting


def check_review(standing: Standing, *, reviewer: UUID, concerned: bool = False) -> None:
    """Nobody reviews what he typed in himself, or what a party holds to which he belongs (concerned)."""
    if concerned or standing.entered_by == reviewer:
        raise AuthorMayNotReview()


def check_publication(standing: Standing) -> None:
    """What carries a level of secrecy is never published (促进科技成果转化法 art. 11)."""
    if standing.secrecy_level is not SecrecyLevel.NONE:
        raise SecretNotPublished()
