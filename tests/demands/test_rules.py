"""Decisions about demands, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.demands import rules
from app.demands.errors import (
    AnswersClosed,
    AnswersStillOpen,
    BudgetInvalid,
    DemandConfirmationMissing,
    DemandConfirmationNotNeeded,
    DemandDeadlineOutOfRange,
    DemandDeadlinePassed,
    DemandHasAward,
    DemandHasNoAward,
    DemandIncomplete,
    DemandNotEditable,
    DemandNotPublished,
    DemandOnBehalfNotAllowed,
    DemandOwnerNotFound,
    OwnDemandAnswered,
    OwnDemandReviewed,
    ProviderCannotSell,
    SolutionKnown,
)
from app.demands.rules import DemandFacts, Due, Posting
from app.demands.states import DEMAND, SOLUTION, Confidentiality, DemandOutcome, DemandStatus, DemandType
from app.identity.states import PartyKind
from app.kit.errors import Refusal

POSTER, CLERK, OTHER, TYPIST, REVIEWER = (UUID(int=n) for n in range(1, 6))
AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
ENDS_AT = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)

DRAFT = DemandFacts(
    status=DemandStatus.DRAFT,
    type=DemandType.PROBLEM,
    poster_party_id=POSTER,
    clerk_party_id=None,
    entered_by=TYPIST,
    confirmed=False,
    indicators=1,
    has_contact=True,
    deadline_on=date(2026, 12, 31),
    answers_end_at=None,
    chosen_count=0,
    live_answers=0,
)
SUBMITTED = replace(DRAFT, status=DemandStatus.SUBMITTED)
PUBLISHED = replace(DRAFT, status=DemandStatus.PUBLISHED, answers_end_at=ENDS_AT)
DECIDING = replace(PUBLISHED, status=DemandStatus.DECIDING)
CLOSED = replace(PUBLISHED, status=DemandStatus.CLOSED)


def _posting(**changes: object) -> Posting:
    asked: dict[str, object] = {
        "own_party_id": CLERK,
        "on_behalf_of": POSTER,
        "may_on_behalf": True,
        "owner_region": "330784",
        "region_prefix": "3307",
    }
    return rules.posting(**(asked | changes))  # type: ignore[arg-type]  # each test names one thing


def test_people_post_for_themselves() -> None:
    assert _posting(on_behalf_of=None) == Posting(CLERK, None)
    assert _posting(on_behalf_of=CLERK, may_on_behalf=False) == Posting(CLERK, None)


def test_a_clerk_posts_for_a_party_of_his_region() -> None:
    assert _posting() == Posting(POSTER, CLERK)
    assert _posting(region_prefix="") == Posting(POSTER, CLERK)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"may_on_behalf": False}, DemandOnBehalfNotAllowed),
        ({"owner_region": None}, DemandOwnerNotFound),
        ({"owner_region": "330106"}, DemandOwnerNotFound),
    ],
)
def test_nobody_else_posts_for_others(change: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        _posting(**change)
    assert refused.value.field == "/body/on_behalf_of_party_id"


@pytest.mark.parametrize(
    ("confidentiality", "region", "told"),
    [
        (Confidentiality.PUBLIC, "330784", "330784"),
        (Confidentiality.ANONYMOUS_ORG, "330784", "330700"),
        (Confidentiality.ANONYMOUS_ORG, "330700", "330700"),
        (Confidentiality.ANONYMOUS_ORG, "330000", "330000"),
        (Confidentiality.ANONYMOUS_ORG, "810000", "810000"),
    ],
)
def test_of_an_unnamed_poster_only_the_city_is_told(
    confidentiality: Confidentiality, region: str, told: str
) -> None:
    assert rules.public_region(confidentiality, region) == told


def test_answers_end_at_midnight_in_china() -> None:
    assert rules.answers_end(date(2026, 12, 31)) == ENDS_AT


@pytest.mark.parametrize(("low", "high"), [(None, None), (0, 0), (100, 100), (100, 200)])
def test_a_budget_is_a_range_or_open(low: int | None, high: int | None) -> None:
    rules.check_budget(low, high)


@pytest.mark.parametrize(("low", "high"), [(None, 1), (1, None), (2, 1)])
def test_half_a_budget_or_one_turned_round_is_refused(low: int | None, high: int | None) -> None:
    with pytest.raises(BudgetInvalid):
        rules.check_budget(low, high)


@pytest.mark.parametrize("status", DemandStatus)
def test_only_drafts_and_returned_demands_change(status: DemandStatus) -> None:
    demand = replace(DRAFT, status=status)
    if status in (DemandStatus.DRAFT, DemandStatus.RETURNED):
        rules.check_editable(demand)
        return
    with pytest.raises(DemandNotEditable):
        rules.check_editable(demand)


def test_a_confirmation_stands_until_somebody_else_changes_the_text() -> None:
    confirmed = replace(DRAFT, clerk_party_id=CLERK, confirmed=True)
    assert rules.confirmation_after_change(confirmed, party_id=POSTER) is True
    assert rules.confirmation_after_change(confirmed, party_id=CLERK) is False
    assert rules.confirmation_after_change(replace(confirmed, confirmed=False), party_id=POSTER) is False


def test_what_a_clerk_typed_in_is_confirmed_once_before_it_is_submitted() -> None:
    entered = replace(DRAFT, clerk_party_id=CLERK)
    rules.check_confirmable(entered)
    for demand in (DRAFT, replace(entered, confirmed=True), replace(entered, status=DemandStatus.SUBMITTED)):
        with pytest.raises(DemandConfirmationNotNeeded):
            rules.check_confirmable(demand)


def test_a_complete_draft_is_submitted() -> None:
    rules.check_submittable(DRAFT, party_id=POSTER, at=AT)
    rules.check_submittable(replace(DRAFT, status=DemandStatus.RETURNED), party_id=POSTER, at=AT)


def test_everything_that_is_missing_is_named_at_once() -> None:
    empty = replace(DRAFT, indicators=0, deadline_on=None, has_contact=False)
    with pytest.raises(DemandIncomplete) as refused:
        rules.check_submittable(empty, party_id=POSTER, at=AT)
    assert refused.value.data == {"missing": ["indicators", "deadline_on", "contact"]}


@pytest.mark.parametrize(
    ("deadline_on", "refusal"),
    [
        (date(2026, 11, 30), DemandDeadlinePassed),
        (date(2026, 12, 1), DemandDeadlinePassed),
        (date(2028, 12, 1), DemandDeadlineOutOfRange),
        (date(9999, 12, 31), DemandDeadlineOutOfRange),
    ],
)
def test_a_deadline_lies_ahead_but_not_too_far(deadline_on: date, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        rules.check_submittable(replace(DRAFT, deadline_on=deadline_on), party_id=POSTER, at=AT)


def test_the_day_of_the_market_counts_not_that_of_utc() -> None:
    evening = datetime(2026, 12, 30, 17, 0, tzinfo=UTC)
    with pytest.raises(DemandDeadlinePassed):
        rules.check_submittable(DRAFT, party_id=POSTER, at=evening)


def test_a_clerk_waits_for_the_owner_and_an_owner_who_submits_confirms() -> None:
    entered = replace(DRAFT, clerk_party_id=CLERK)
    with pytest.raises(DemandConfirmationMissing):
        rules.check_submittable(entered, party_id=CLERK, at=AT)
    rules.check_submittable(replace(entered, confirmed=True), party_id=CLERK, at=AT)
    rules.check_submittable(entered, party_id=POSTER, at=AT)
    assert rules.submission_confirms(entered, party_id=POSTER) is True
    assert rules.submission_confirms(DRAFT, party_id=POSTER) is False
    assert rules.submission_confirms(replace(entered, confirmed=True), party_id=CLERK) is False


@pytest.mark.parametrize(("user_id", "party_id"), [(REVIEWER, POSTER), (REVIEWER, CLERK), (TYPIST, OTHER)])
def test_nobody_reviews_what_is_his_own(user_id: UUID, party_id: UUID) -> None:
    with pytest.raises(OwnDemandReviewed):
        rules.check_reviewer(replace(SUBMITTED, clerk_party_id=CLERK), user_id=user_id, party_id=party_id)


def test_another_party_reviews() -> None:
    rules.check_reviewer(SUBMITTED, user_id=REVIEWER, party_id=OTHER)


def test_a_publication_takes_answers_to_the_end_of_the_deadline() -> None:
    assert rules.publication_end(SUBMITTED, AT) == ENDS_AT
    with pytest.raises(DemandDeadlinePassed):
        rules.publication_end(SUBMITTED, datetime(2026, 12, 30, 16, 0, tzinfo=UTC))


def _answer(demand: DemandFacts, **changes: object) -> None:
    asked: dict[str, object] = {
        "party_id": OTHER,
        "party_kind": PartyKind.UNIVERSITY,
        "answered": False,
        "at": AT,
    }
    rules.check_answerable(demand, **(asked | changes))  # type: ignore[arg-type]  # each test names one thing


def test_an_answer_is_taken_until_the_last_moment() -> None:
    _answer(PUBLISHED, at=ENDS_AT.replace(hour=15, minute=59, second=59, microsecond=999_999))
    with pytest.raises(AnswersClosed):
        _answer(PUBLISHED, at=ENDS_AT)


@pytest.mark.parametrize("status", [s for s in DemandStatus if s is not DemandStatus.PUBLISHED])
def test_no_other_state_takes_answers(status: DemandStatus) -> None:
    with pytest.raises(AnswersClosed):
        _answer(replace(PUBLISHED, status=status))


@pytest.mark.parametrize("party_id", [POSTER, CLERK])
def test_neither_poster_nor_clerk_answers(party_id: UUID) -> None:
    with pytest.raises(OwnDemandAnswered):
        _answer(replace(PUBLISHED, clerk_party_id=CLERK), party_id=party_id)


def test_a_party_answers_once() -> None:
    with pytest.raises(SolutionKnown):
        _answer(PUBLISHED, answered=True)


@pytest.mark.parametrize("kind", [PartyKind.GOVERNMENT, PartyKind.MILITARY_UNIT, PartyKind.EXCHANGE])
def test_who_does_not_sell_here_does_not_answer(kind: PartyKind) -> None:
    with pytest.raises(ProviderCannotSell):
        _answer(PUBLISHED, party_kind=kind)


def test_a_poster_chooses_from_the_first_answer_on() -> None:
    rules.check_choosable(PUBLISHED, AT)
    rules.check_choosable(DECIDING, AT)


def test_a_challenge_is_decided_after_its_deadline() -> None:
    challenge = replace(PUBLISHED, type=DemandType.CHALLENGE)
    with pytest.raises(AnswersStillOpen):
        rules.check_choosable(challenge, AT)
    rules.check_choosable(challenge, ENDS_AT)
    rules.check_choosable(replace(challenge, status=DemandStatus.DECIDING), AT)


@pytest.mark.parametrize("demand", [DRAFT, SUBMITTED, CLOSED])
def test_nothing_is_chosen_or_shortlisted_outside_the_public_phase(demand: DemandFacts) -> None:
    with pytest.raises(DemandNotPublished):
        rules.check_choosable(demand, AT)
    with pytest.raises(DemandNotPublished):
        rules.check_shortlistable(demand)


@pytest.mark.parametrize(
    ("demand", "outcome", "refusal"),
    [
        (PUBLISHED, DemandOutcome.AWARDED, DemandHasNoAward),
        (DECIDING, DemandOutcome.AWARDED, DemandHasNoAward),
        (replace(DECIDING, chosen_count=1), DemandOutcome.WITHDRAWN, DemandHasAward),
        (replace(DECIDING, chosen_count=1), DemandOutcome.NO_ANSWER, DemandHasAward),
        (replace(DECIDING, chosen_count=1), DemandOutcome.SOLVED_ELSEWHERE, DemandHasAward),
        (PUBLISHED, DemandOutcome.NO_ANSWER, AnswersStillOpen),
        (DRAFT, DemandOutcome.NO_ANSWER, DemandNotPublished),
        (SUBMITTED, DemandOutcome.SOLVED_ELSEWHERE, DemandNotPublished),
    ],
)
def test_an_end_that_does_not_fit_is_refused(
    demand: DemandFacts, outcome: DemandOutcome, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        rules.check_closable(demand, outcome, AT)


@pytest.mark.parametrize(
    ("demand", "outcome"),
    [
        (DRAFT, DemandOutcome.WITHDRAWN),
        (SUBMITTED, DemandOutcome.WITHDRAWN),
        (PUBLISHED, DemandOutcome.WITHDRAWN),
        (PUBLISHED, DemandOutcome.SOLVED_ELSEWHERE),
        (DECIDING, DemandOutcome.SOLVED_ELSEWHERE),
        (DECIDING, DemandOutcome.NO_ANSWER),
        (replace(DECIDING, chosen_count=2), DemandOutcome.AWARDED),
    ],
)
def test_all_four_ends_are_normal(demand: DemandFacts, outcome: DemandOutcome) -> None:
    rules.check_closable(demand, outcome, AT)


def test_nothing_is_due_before_the_deadline_or_after_it_was_met() -> None:
    assert rules.due(replace(PUBLISHED, live_answers=2), AT) is None
    for demand in (DRAFT, SUBMITTED, DECIDING, CLOSED):
        assert rules.due(demand, ENDS_AT) is None


def test_at_the_deadline_the_poster_decides_or_there_was_no_answer() -> None:
    assert rules.due(replace(PUBLISHED, live_answers=1), ENDS_AT) == Due(DemandStatus.DECIDING, None)
    assert rules.due(PUBLISHED, ENDS_AT) == Due(DemandStatus.CLOSED, DemandOutcome.NO_ANSWER)


def test_ended_demands_and_answers_stay_ended() -> None:
    assert DEMAND.transitions.get(DemandStatus.CLOSED) is None
    assert {s for s in SOLUTION.states if not SOLUTION.transitions.get(s)} == {
        "chosen",
        "not_chosen",
        "withdrawn",
    }
