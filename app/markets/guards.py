"""The guards of an offering, judged when it is submitted for review. Pure: facts in, outcomes out.

In this order, which is part of the API: the seller's profile, the path, registration, title, secrecy, the secrecy
statement, shares, the decision document, the ask, the period, the deposit. The first that fails is the refusal; its data
lists all of them with outcome and source.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kit.errors import HOUSE_RULE
from app.kit.money import yuan
from app.markets.errors import (
    AchievementNotRegistered,
    AchievementSecret,
    AskMissing,
    DecisionMissing,
    DepositOutOfBounds,
    PathNotOpen,
    PeriodOutOfBounds,
    SecrecyStatementMissing,
    SellerNotHolder,
    SharesNotConfirmed,
    StateEnterpriseCannotSell,
    SubmissionRefused,
)
from app.markets.parameters import Parameter
from app.markets.profiles import Profile
from app.markets.states import Path

WHOLE_BP: Final = 10_000
ON_REGISTER: Final = ("registered", "published")


class GuardOutcome(StrEnum):
    """How a guard stands. `not_applicable`: it does not bind this seller or path."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Share:
    """A part of the ownership, in basis points."""

    party_id: UUID | None
    basis_points: int
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the guards need to know of one achievement."""

    achievement_id: UUID
    status: str
    holder_party_id: UUID
    secret: bool
    shares: Sequence[Share]


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What the guards need to know of an offering. Amounts in fen; `period_days` in the profile's unit."""

    profile: Profile
    path: Path
    seller_party_id: UUID
    subjects: Sequence[Subject]
    secrecy_reviewer: str | None
    secrecy_reviewed_on: date | None
    secrecy_document_no: str | None
    shares_declared: bool
    decision_document_no: str | None
    decided_on: date | None
    capacity: int | None
    ask_minor: int | None
    period_days: int | None
    deposit_minor: int


@dataclass(frozen=True)
class Guard:
    """One guard's outcome, with the source of the rule."""

    guard: str
    outcome: GuardOutcome
    source: str
    refusal: SubmissionRefused | None = None


def period_of(profile: Profile, capacity: int | None) -> Parameter:
    """The bounds of a listing's period: a licence that several may take stays open for longer."""
    return profile.listing_days if capacity == 1 else profile.listing_days_licence


def judge(facts: Submission) -> tuple[Guard, ...]:
    """Every guard's outcome, in the documented order."""
    return tuple(
        Guard(name, _outcome(refusal), source(facts), refusal if isinstance(refusal, Refused) else None)
        for name, check, source in _GUARDS
        for refusal in (check(facts),)
    )


def require(facts: Submission) -> None:
    """Raise the first failing guard's refusal, which tells how all of them stand."""
    outcomes = judge(facts)
    for guard in outcomes:
        if guard.refusal is not None:
            guard.refusal.data["guards"] = [
                {"guard": one.guard, "outcome": str(one.outcome), "source": one.source} for one in outcomes
            ]
            raise guard.refusal


Refused = SubmissionRefused
_Judgement = SubmissionRefused | bool | None
"""A refusal: failed. True: passed. None: does not apply."""


def _outcome(judgement: _Judgement) -> GuardOutcome:
    if isinstance(judgement, Refused):
        return GuardOutcome.FAILED
    return GuardOutcome.PASSED if judgement else GuardOutcome.NOT_APPLICABLE


def _profile(facts: Submission) -> _Judgement:
    return facts.profile.sells or StateEnterpriseCannotSell(profile=str(facts.profile.code))


def _path(facts: Submission) -> _Judgement:
    if facts.path in facts.profile.paths:
        return True
    return PathNotOpen(
        field="/body/path", profile=str(facts.profile.code), paths=[str(p) for p in facts.profile.paths]
    )


def require_sellable(subjects: Sequence[Subject]) -> None:
    """Raise `AchievementNotRegistered` or `AchievementSecret` where what was reviewed before can be sold no more."""
    for refusal in (_off_register(subjects), _secret(subjects)):
        if isinstance(refusal, Refused):
            raise refusal


def _registered(facts: Submission) -> _Judgement:
    return _off_register(facts.subjects)


def _off_register(subjects: Sequence[Subject]) -> _Judgement:
    missing = [str(s.achievement_id) for s in subjects if s.status not in ON_REGISTER]
    return AchievementNotRegistered(field="/body/achievement_ids", achievements=missing) if missing else True


def _title(facts: Submission) -> _Judgement:
    foreign = [str(s.achievement_id) for s in facts.subjects if s.holder_party_id != facts.seller_party_id]
    return SellerNotHolder(field="/body/achievement_ids", achievements=foreign) if foreign else True


def _secrecy(facts: Submission) -> _Judgement:
    return _secret(facts.subjects)


def _secret(subjects: Sequence[Subject]) -> _Judgement:
    secret = [str(s.achievement_id) for s in subjects if s.secret]
    return AchievementSecret(field="/body/achievement_ids", achievements=secret) if secret else True


def _secrecy_statement(facts: Submission) -> _Judgement:
    given = facts.secrecy_reviewer and facts.secrecy_reviewed_on and facts.secrecy_document_no
    return bool(given) or SecrecyStatementMissing(field="/body/secrecy")


def _shares(facts: Submission) -> _Judgement:
    if facts.shares_declared:
        return True
    open_ones = [str(s.achievement_id) for s in facts.subjects if not _whole(s.shares)]
    return SharesNotConfirmed(field="/body/shares_declared", achievements=open_ones) if open_ones else True


def _whole(shares: Sequence[Share]) -> bool:
    return all(share.confirmed for share in shares) and sum(s.basis_points for s in shares) == WHOLE_BP


def _decision(facts: Submission) -> _Judgement:
    if not facts.profile.decision_document.value:
        return None
    return bool(facts.decision_document_no and facts.decided_on) or DecisionMissing(field="/body/decision")


def _ask(facts: Submission) -> _Judgement:
    if facts.path is not Path.LISTED:
        return None
    return facts.ask_minor is not None or AskMissing(field="/body/ask_amount")


def _period(facts: Submission) -> _Judgement:
    if facts.path is not Path.LISTED or facts.period_days is None:
        return None
    bounds = period_of(facts.profile, facts.capacity)
    floor, ceiling = bounds.floor or 1, bounds.ceiling or facts.period_days
    if floor <= facts.period_days <= ceiling:
        return True
    return PeriodOutOfBounds(
        f"公告期须为{floor}至{ceiling}个工作日，现为{facts.period_days}个工作日。",
        f"The period is {floor} to {ceiling} working days, not {facts.period_days}.",
        field="/body/period_days",
        floor=floor,
        ceiling=ceiling,
        unit=str(bounds.unit),
        profile=str(facts.profile.code),
        rule_source=bounds.source,
    )


def _deposit(facts: Submission) -> _Judgement:
    if facts.ask_minor is None:
        return None
    bounds = facts.profile.deposit_bp
    highest = facts.ask_minor * (bounds.ceiling or WHOLE_BP) // WHOLE_BP
    if facts.deposit_minor <= highest:
        return True
    return DepositOutOfBounds(
        f"保证金不得高于{yuan(highest)}元。",
        f"The deposit is at most {yuan(highest)} yuan.",
        field="/body/deposit_amount",
        highest=yuan(highest),
        rule_source=bounds.source,
    )


def _house(_: Submission) -> str:
    return HOUSE_RULE


_GUARDS: Final[Sequence[tuple[str, Callable[[Submission], _Judgement], Callable[[Submission], str]]]] = (
    ("profile", _profile, lambda facts: facts.profile.source),
    ("path", _path, lambda facts: facts.profile.paths.get(facts.path, HOUSE_RULE)),
    ("registered", _registered, _house),
    ("title", _title, _house),
    ("secrecy", _secrecy, _house),
    ("secrecy_statement", _secrecy_statement, _house),
    ("shares", _shares, _house),
    ("decision", _decision, lambda facts: facts.profile.decision_document.source),
    ("ask", _ask, _house),
    ("period", _period, lambda facts: period_of(facts.profile, facts.capacity).source),
    ("deposit", _deposit, lambda facts: facts.profile.deposit_bp.source),
)
