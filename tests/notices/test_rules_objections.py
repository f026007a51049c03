"""Objections: who files and handles them, by when, and what a review does."""

from datetime import date, timedelta

import pytest

from app.kit.dates import end_of_day
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.notices import errors
from app.notices.rules import objections as rules
from app.notices.states import NoticeStatus, ObjectionStatus, ReviewOutcome, UpheldEffect
from tests.notices.test_rules_clock import running

S = ObjectionStatus
MICROSECOND = timedelta(microseconds=1)
LAST = date(2026, 12, 17)


@pytest.mark.parametrize(
    ("concerned", "has_evidence", "refusal"),
    [
        (False, True, None),
        (True, False, errors.ObjectionFilerIsOwner),
        (False, False, errors.ObjectionEvidenceMissing),
    ],
)
def test_a_named_party_with_evidence_objects(
    concerned: bool, has_evidence: bool, refusal: type[Refusal] | None
) -> None:
    told = running()
    assert told.ends_at is not None
    at = told.ends_at - MICROSECOND
    if refusal is None:
        rules.check_filing(told, at, concerned=concerned, has_evidence=has_evidence)
        return
    with pytest.raises(refusal):
        rules.check_filing(told, at, concerned=concerned, has_evidence=has_evidence)


@pytest.mark.parametrize("status", [status for status in NoticeStatus if status not in {"running", "paused"}])
def test_only_a_notice_in_its_period_is_objected_to(status: NoticeStatus) -> None:
    told = running(status=status)
    assert told.starts_at is not None
    with pytest.raises(errors.ObjectionOutsidePeriod):
        rules.check_filing(told, told.starts_at, concerned=False, has_evidence=True)


def test_whoever_is_concerned_stays_away() -> None:
    filer, publisher, other = new_id(), new_id(), new_id()
    for user, belongs in ((filer, False), (publisher, False), (other, True)):
        with pytest.raises(errors.ObjectionHandlerConcerned):
            rules.check_handler(
                user_id=user, belongs_to_filer=belongs, filer_user_id=filer, published_by=publisher
            )
    rules.check_handler(user_id=other, belongs_to_filer=False, filer_user_id=filer, published_by=publisher)


def test_an_upheld_objection_says_what_follows() -> None:
    rules.check_effect(upheld=True, effect=UpheldEffect.TERMINATE)
    rules.check_effect(upheld=False, effect=None)
    for upheld, effect in ((True, None), (False, UpheldEffect.RETURN_TO_DRAFT)):
        with pytest.raises(errors.ObjectionEffectMissing):
            rules.check_effect(upheld=upheld, effect=effect)


@pytest.mark.parametrize("status", list(ObjectionStatus))
def test_the_time_for_a_decision_is_extended_once(status: ObjectionStatus) -> None:
    if status in {S.ACCEPTED, S.INVESTIGATING}:
        rules.check_extension(status, None)
        with pytest.raises(errors.ObjectionExtendedAlready):
            rules.check_extension(status, end_of_day(LAST))
    else:
        with pytest.raises(errors.ObjectionStage):
            rules.check_extension(status, None)


@pytest.mark.parametrize(("offset", "late"), [(-1, False), (0, True), (1, True)])
def test_a_review_is_asked_for_until_midnight_of_its_last_day(offset: int, late: bool) -> None:
    at = end_of_day(LAST) + offset * MICROSECOND
    if late:
        with pytest.raises(errors.ReviewTooLate):
            rules.check_review_request(S.DISMISSED, LAST, at)
    else:
        rules.check_review_request(S.DISMISSED, LAST, at)


@pytest.mark.parametrize("status", list(ObjectionStatus))
def test_there_is_one_review_of_what_was_decided(status: ObjectionStatus) -> None:
    at = end_of_day(LAST) - MICROSECOND
    if status in rules.REVIEWABLE:
        rules.check_review_request(status, LAST, at)
        return
    used = status in {S.REVIEW_REQUESTED, S.REVIEW_DECIDED}
    with pytest.raises(errors.ReviewUsed if used else errors.ObjectionStage):
        rules.check_review_request(status, LAST, at)


def test_deadlines_end_at_midnight_and_only_where_something_is_awaited() -> None:
    asked = {"accept_due_on": LAST, "decide_due_on": LAST}
    assert rules.due(S.FILED, **asked) == end_of_day(LAST)
    assert rules.due(S.INVESTIGATING, **asked) == end_of_day(LAST)
    for status in (S.REJECTED_FORMAL, S.UPHELD, S.DISMISSED, S.WITHDRAWN, S.REVIEW_REQUESTED):
        assert rules.due(status, **asked) is None


@pytest.mark.parametrize(
    ("decided", "outcome", "notice", "becomes"),
    [
        (S.DISMISSED, ReviewOutcome.CONFIRMED, NoticeStatus.RUNNING, None),
        (S.DISMISSED, ReviewOutcome.OVERTURNED, NoticeStatus.RUNNING, NoticeStatus.FAILED),
        (S.DISMISSED, ReviewOutcome.OVERTURNED, NoticeStatus.PAUSED, NoticeStatus.FAILED),
        (S.REJECTED_FORMAL, ReviewOutcome.OVERTURNED, NoticeStatus.PASSED, NoticeStatus.REVOKED),
        (S.UPHELD, ReviewOutcome.OVERTURNED, NoticeStatus.FAILED, None),
        (S.DISMISSED, ReviewOutcome.OVERTURNED, NoticeStatus.SUPERSEDED, None),
    ],
)
def test_a_review_ends_a_notice_that_should_not_have_stood(
    decided: S, outcome: ReviewOutcome, notice: NoticeStatus, becomes: NoticeStatus | None
) -> None:
    assert rules.after_review(decided, outcome, notice) is becomes
