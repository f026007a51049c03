"""Decisions about demands and answers, on plain values. Pure.

No statute binds a private poster's choice; what stands here is the house's. Where public money is involved the rules
of bidding law would follow (design, domain 2.6); such demands are not taken yet.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

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
from app.demands.states import EDITABLE, Confidentiality, DemandOutcome, DemandStatus, DemandType
from app.identity.states import PartyKind
from app.kit.dates import end_of_day, market_date

DEADLINE_DAYS_MAX = 730
"""How far ahead a deadline may lie. House rule."""

NOT_PROVIDERS = (PartyKind.GOVERNMENT, PartyKind.MILITARY_UNIT, PartyKind.EXCHANGE)
"""Kinds of parties that answer nothing. House rule, the same as for sellers."""


@dataclass(frozen=True)
class DemandFacts:
    """What is known of a demand under its lock."""

    status: DemandStatus
    type: DemandType
    poster_party_id: UUID
    clerk_party_id: UUID | None
    entered_by: UUID
    confirmed: bool
    indicators: int
    has_contact: bool
    deadline_on: date | None
    answers_end_at: datetime | None
    chosen_count: int
    live_answers: int


@dataclass(frozen=True)
class Posting:
    """Whose demand it is, and whose clerk typed it in (None where people post for themselves)."""

    poster_party_id: UUID
    clerk_party_id: UUID | None


@dataclass(frozen=True)
class Due:
    """What the deadline does by itself."""

    to: DemandStatus
    outcome: DemandOutcome | None


def posting(
    *,
    own_party_id: UUID,
    on_behalf_of: UUID | None,
    may_on_behalf: bool,
    owner_region: str | None,
    region_prefix: str,
) -> Posting:
    """Whose demand a new one is.

    owner_region: the region of the party that is posted for, None where there is no such party. Raises
    `DemandOnBehalfNotAllowed` for who is no clerk, `DemandOwnerNotFound` for a party that is absent or elsewhere.
    """
    if on_behalf_of is None or on_behalf_of == own_party_id:
        return Posting(own_party_id, None)
    if not may_on_behalf:
        raise DemandOnBehalfNotAllowed(field="/body/on_behalf_of_party_id")
    if owner_region is None or not owner_region.startswith(region_prefix):
        raise DemandOwnerNotFound(field="/body/on_behalf_of_party_id")
    return Posting(on_behalf_of, own_party_id)


def public_region(confidentiality: Confidentiality, region_code: str) -> str:
    """The region that the public learns: the county, or only the city of a poster that stays unnamed."""
    return region_code if confidentiality is Confidentiality.PUBLIC else region_code[:4] + "00"


def answers_end(deadline_on: date) -> datetime:
    """The first instant that is too late: 24:00 of the deadline in Asia/Shanghai."""
    return end_of_day(deadline_on)


def check_budget(low_minor: int | None, high_minor: int | None) -> None:
    """Refuse a budget with one end, or with its ends turned round. Fen; both None is 面议."""
    if (low_minor is None) != (high_minor is None):
        raise BudgetInvalid(field="/body/budget_max_amount")
    if low_minor is not None and high_minor is not None and low_minor > high_minor:
        raise BudgetInvalid(field="/body/budget_max_amount")


def check_editable(demand: DemandFacts) -> None:
    """Refuse to change what has been submitted."""
    if demand.status not in EDITABLE:
        raise DemandNotEditable(status_now=str(demand.status))


def confirmation_after_change(demand: DemandFacts, *, party_id: UUID) -> bool:
    """Whether the owner's confirmation still stands after a change by this party: only its own changes keep it."""
    return demand.confirmed and party_id == demand.poster_party_id


def check_confirmable(demand: DemandFacts) -> None:
    """Refuse a confirmation that nobody waits for."""
    if demand.clerk_party_id is None or demand.confirmed or demand.status not in EDITABLE:
        raise DemandConfirmationNotNeeded(status_now=str(demand.status))


def check_submittable(demand: DemandFacts, *, party_id: UUID, at: datetime) -> None:
    """Refuse to submit what is incomplete, unconfirmed or too late.

    The order: is it a draft, is everything there, is the deadline to come, has the owner confirmed.
    """
    check_editable(demand)
    present = {
        "indicators": demand.indicators > 0,
        "deadline_on": demand.deadline_on is not None,
        "contact": demand.has_contact,
    }
    missing = [name for name, there in present.items() if not there]
    if missing or demand.deadline_on is None:
        raise DemandIncomplete(
            f"缺少：{'、'.join(missing)}。",
            f"Missing: {', '.join(missing)}.",
            missing=missing,
        )
    _check_deadline(demand.deadline_on, at)
    if demand.clerk_party_id is not None and not demand.confirmed and party_id != demand.poster_party_id:
        raise DemandConfirmationMissing()


def submission_confirms(demand: DemandFacts, *, party_id: UUID) -> bool:
    """Whether a submission by this party is the owner's confirmation of what a clerk typed in."""
    return demand.clerk_party_id is not None and not demand.confirmed and party_id == demand.poster_party_id


def _check_deadline(deadline_on: date, at: datetime) -> None:
    today = market_date(at)
    if deadline_on <= today:
        raise DemandDeadlinePassed()
    if deadline_on > today + timedelta(days=DEADLINE_DAYS_MAX):
        raise DemandDeadlineOutOfRange(days_max=DEADLINE_DAYS_MAX)


def check_reviewer(
    demand: DemandFacts, *, user_id: UUID, party_id: UUID, belongs_to_poster: bool = False
) -> None:
    """Refuse a reviewer of the poster's party, of the party that typed it in, or who typed it in himself.

    belongs_to_poster: he is of the poster's party, though he acts for another.
    """
    own = party_id in (demand.poster_party_id, demand.clerk_party_id)
    if own or belongs_to_poster or user_id == demand.entered_by:
        raise OwnDemandReviewed()


def publication_end(demand: DemandFacts, at: datetime) -> datetime:
    """When the answers of a demand that is published now will end. Raises `DemandDeadlinePassed`."""
    if demand.deadline_on is None or demand.deadline_on <= market_date(at):
        raise DemandDeadlinePassed()
    return answers_end(demand.deadline_on)


def check_answerable(
    demand: DemandFacts,
    *,
    party_id: UUID,
    party_kind: PartyKind,
    answered: bool,
    at: datetime,
    belongs_to_poster: bool = False,
) -> None:
    """Refuse an answer.

    The order: may this kind of party sell, is it another's demand, does it take answers (strictly before the end), has
    the party not answered yet.
    """
    if party_kind in NOT_PROVIDERS:
        raise ProviderCannotSell(party_kind=str(party_kind))
    if belongs_to_poster or party_id in (demand.poster_party_id, demand.clerk_party_id):
        raise OwnDemandAnswered()
    if not _open(demand, at):
        raise AnswersClosed()
    if answered:
        raise SolutionKnown()


def _open(demand: DemandFacts, at: datetime) -> bool:
    return (
        demand.status is DemandStatus.PUBLISHED
        and demand.answers_end_at is not None
        and at < demand.answers_end_at
    )


def check_choosable(demand: DemandFacts, at: datetime) -> None:
    """Refuse a choice from a demand that is not before the public, or from a challenge whose answers are still open.

    Anybody else may choose from the first answer on, and thereby ends the collecting; a challenge (揭榜) is an open
    competition whose deadline all have read.
    """
    if demand.status not in (DemandStatus.PUBLISHED, DemandStatus.DECIDING):
        raise DemandNotPublished(status_now=str(demand.status))
    if demand.type is DemandType.CHALLENGE and _open(demand, at):
        raise AnswersStillOpen()


def check_shortlistable(demand: DemandFacts) -> None:
    """Refuse a shortlist of a demand that is not before the public."""
    if demand.status not in (DemandStatus.PUBLISHED, DemandStatus.DECIDING):
        raise DemandNotPublished(status_now=str(demand.status))


def check_closable(demand: DemandFacts, outcome: DemandOutcome, at: datetime) -> None:
    """Refuse an end that does not fit.

    Awarded needs a choice, and a choice allows no other end. "No answer" (none that solves it) waits for the deadline.
    What was never published can only be withdrawn.
    """
    if outcome is DemandOutcome.AWARDED and demand.chosen_count == 0:
        raise DemandHasNoAward(field="/body/outcome")
    if outcome is not DemandOutcome.AWARDED and demand.chosen_count > 0:
        raise DemandHasAward(field="/body/outcome")
    if outcome is DemandOutcome.NO_ANSWER and _open(demand, at):
        raise AnswersStillOpen(field="/body/outcome")
    never_public = (DemandStatus.DRAFT, DemandStatus.SUBMITTED, DemandStatus.RETURNED)
    if outcome is not DemandOutcome.WITHDRAWN and demand.status in never_public:
        raise DemandNotPublished(field="/body/outcome", status_now=str(demand.status))


def due(demand: DemandFacts, at: datetime) -> Due | None:
    """What happens by itself: at the deadline the poster decides on the answers; without one the demand ends."""
    if demand.status is not DemandStatus.PUBLISHED or _open(demand, at):
        return None
    if demand.live_answers:
        return Due(DemandStatus.DECIDING, None)
    return Due(DemandStatus.CLOSED, DemandOutcome.NO_ANSWER)
