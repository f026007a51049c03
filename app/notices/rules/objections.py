"""What an objection must be, who handles it, and by when. Pure.

Deadlines count in working days from the day on which the step before was taken (day 0) and end at 24:00. Overdue,
nothing is decided by itself: somebody is reminded, and the notice does not pass. House rule; a notice pins its own.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.kit.dates import end_of_day
from app.notices.errors import (
    ObjectionEffectMissing,
    ObjectionEvidenceMissing,
    ObjectionExtendedAlready,
    ObjectionFilerIsOwner,
    ObjectionHandlerConcerned,
    ObjectionOutsidePeriod,
    ObjectionStage,
    ReviewTooLate,
    ReviewUsed,
)
from app.notices.rules.clock import NoticeClock, takes_objections
from app.notices.states import STOPPING, NoticeStatus, ObjectionStatus, ReviewOutcome, UpheldEffect

_S = ObjectionStatus

FILES_MAX: Final = 20
"""How many files come with one objection."""

REVIEWABLE: Final = frozenset({_S.REJECTED_FORMAL, _S.UPHELD, _S.DISMISSED})


def check_filing(clock: NoticeClock, at: datetime, *, concerned: bool, has_evidence: bool) -> None:
    """Refuse an objection: outside the period, by whose notice it is, without evidence; in this order."""
    if not takes_objections(clock, at):
        raise ObjectionOutsidePeriod()
    if concerned:
        raise ObjectionFilerIsOwner()
    if not has_evidence:
        raise ObjectionEvidenceMissing(field="/body/file_ids")


def check_handler(
    *, user_id: UUID, belongs_to_filer: bool, filer_user_id: UUID, published_by: UUID | None
) -> None:
    """Whoever filed it, belongs to whoever filed it, or published the notice stays away (回避)."""
    if belongs_to_filer or user_id in {filer_user_id, published_by}:
        raise ObjectionHandlerConcerned()


def check_effect(*, upheld: bool, effect: UpheldEffect | None) -> None:
    """An upheld objection says what follows; a dismissed one has nothing to follow."""
    if upheld is (effect is None):
        raise ObjectionEffectMissing(field="/body/effect")


def check_extension(status: ObjectionStatus, extended_at: datetime | None) -> None:
    """The time for a decision is extended once, while the objection is accepted and undecided."""
    if status not in STOPPING:
        raise ObjectionStage()
    if extended_at is not None:
        raise ObjectionExtendedAlready()


def check_review_request(status: ObjectionStatus, review_due_on: date | None, at: datetime) -> None:
    """A review: once, of what was decided, until 24:00 of its last day."""
    if status in {_S.REVIEW_REQUESTED, _S.REVIEW_DECIDED}:
        raise ReviewUsed()
    if status not in REVIEWABLE or review_due_on is None:
        raise ObjectionStage()
    if at >= end_of_day(review_due_on):
        raise ReviewTooLate()


def due(
    status: ObjectionStatus, *, accept_due_on: date | None, decide_due_on: date | None
) -> datetime | None:
    """When somebody is reminded that a deadline is over."""
    if status is _S.FILED and accept_due_on is not None:
        return end_of_day(accept_due_on)
    if status in STOPPING and decide_due_on is not None:
        return end_of_day(decide_due_on)
    return None


def after_review(
    decided: ObjectionStatus, outcome: ReviewOutcome, notice: NoticeStatus
) -> NoticeStatus | None:
    """What becomes of the notice by a review of what was `decided`; None where it stays.

    A rejection or dismissal that is overturned ends a notice that has not failed yet; one that has passed is taken back.
    An upheld objection that is overturned brings nothing back: whose notice it was publishes anew.
    """
    if outcome is ReviewOutcome.CONFIRMED or decided is _S.UPHELD:
        return None
    if notice in {NoticeStatus.RUNNING, NoticeStatus.PAUSED}:
        return NoticeStatus.FAILED
    return NoticeStatus.REVOKED if notice is NoticeStatus.PASSED else None
