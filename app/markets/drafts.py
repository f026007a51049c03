"""From what a seller wrote to the row and to the facts that the guards judge."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.kit.dates import market_date
from app.kit.errors import Malformed, NotFound
from app.kit.money import fen
from app.listings.queries import OfferingSubject, offering_subject
from app.listings.states import AchievementStatus, SecrecyLevel
from app.markets import profiles, repository, rules
from app.markets.guards import Share, Subject, Submission
from app.markets.profiles import repository as published
from app.markets.states import Mode, Path
from app.markets.tables import OfferingRow, OfferingSubjectRow

TERRITORY: Final = "中国境内"

_PLAIN: Final = ("path", "mode", "title", "territory", "shares_declared")
"""Fields that are never empty: a null in a change leaves them as they are."""
_EMPTYABLE: Final = (
    "field_of_use",
    "term_months",
    "capacity",
    "buyer_conditions",
    "payment_terms",
    "period_days",
)
_AMOUNTS: Final = {"ask_amount": "ask_minor", "deposit_amount": "deposit_minor"}
_DOCUMENTS: Final = {
    "decision": {
        "document_no": "decision_document_no",
        "decided_on": "decided_on",
        "document_id": "decision_document_id",
    },
    "secrecy": {
        "reviewer": "secrecy_reviewer",
        "reviewed_on": "secrecy_reviewed_on",
        "document_no": "secrecy_document_no",
    },
}


class AchievementUnknown(Malformed):
    """An achievement that the offering names does not exist, or is named twice."""

    code = "achievement_unknown"
    title_zh = "成果不存在或重复"
    title_en = "An achievement does not exist, or is named twice"
    remedy_zh = "请核对成果编号。"
    remedy_en = "Check the achievements' ids."


async def subjects(
    session: AsyncSession, achievement_ids: Sequence[UUID], *, seller_party_id: UUID, lock: bool = False
) -> list[OfferingSubject]:
    """The achievements that an offering names.

    Raises `AchievementUnknown`, also for one that another party holds and has not published.
    """
    if len(set(achievement_ids)) < len(achievement_ids):
        raise AchievementUnknown(field="/body/achievement_ids")
    found = []
    for achievement_id in achievement_ids:
        try:
            one = await offering_subject(session, achievement_id, lock=lock)
        except NotFound as missing:
            raise AchievementUnknown(field="/body/achievement_ids") from missing
        if one.holder_party_id != seller_party_id and one.status is not AchievementStatus.PUBLISHED:
            raise AchievementUnknown(field="/body/achievement_ids")
        found.append(one)
    return found


def subject_rows(achievement_ids: Sequence[UUID]) -> list[OfferingSubjectRow]:
    """The rows of achievements that an offering is of."""
    return [OfferingSubjectRow(achievement_id=one) for one in achievement_ids]


def demand_rows(demand_id: UUID) -> list[OfferingSubjectRow]:
    """The row of the demand that an offering answers."""
    return [OfferingSubjectRow(demand_id=demand_id)]


def write(row: OfferingRow, given: Mapping[str, Any], user_id: UUID) -> None:
    """Put what was given into the row."""
    for name in _PLAIN:
        if given.get(name) is not None:
            setattr(row, name, given[name])
    for name in _EMPTYABLE:
        if name in given:
            setattr(row, name, given[name])
    for name, column in _AMOUNTS.items():
        if name in given:
            setattr(row, column, fen(given[name]) if given[name] is not None else None)
    for name, columns in _DOCUMENTS.items():
        if name in given:
            for part, column in columns.items():
                setattr(row, column, given[name][part] if given[name] else None)
    row.shares_declared_by = user_id if row.shares_declared else None


def check(row: OfferingRow) -> None:
    """Refuse terms that contradict each other."""
    rules.check_terms(
        mode=Mode(row.mode),
        path=Path(row.path),
        capacity=row.capacity,
        ask_minor=row.ask_minor,
        period_days=row.period_days,
    )


async def submission(
    session: AsyncSession, clock: Clock, row: OfferingRow, *, lock: bool = False
) -> tuple[Submission, datetime]:
    """The facts that the guards judge, and when: under the profile that is in force for the holder on that day."""
    achievement_ids = await repository.subject_ids(session, row.id)
    found = await subjects(session, achievement_ids, seller_party_id=row.seller_party_id, lock=lock)
    kind, region = await repository.party_seat(session, row.holder_party_id)
    code = profiles.code_for(kind, region)
    at = await clock.read(session)
    profile = await published.current(session, code, market_date(at))
    facts = Submission(
        profile=profile.in_region(region),
        path=Path(row.path),
        seller_party_id=row.seller_party_id,
        subjects=[_subject(one) for one in found],
        secrecy_reviewer=row.secrecy_reviewer,
        secrecy_reviewed_on=row.secrecy_reviewed_on,
        secrecy_document_no=row.secrecy_document_no,
        shares_declared=row.shares_declared,
        decision_document_no=row.decision_document_no,
        decided_on=row.decided_on,
        capacity=row.capacity,
        ask_minor=row.ask_minor,
        period_days=row.period_days,
        deposit_minor=row.deposit_minor or 0,
    )
    return facts, at


async def facts_of_subjects(
    session: AsyncSession, achievement_ids: Sequence[UUID], *, seller_party_id: UUID
) -> list[Subject]:
    """What the guards need to know of achievements that are sold again, locked."""
    found = await subjects(session, achievement_ids, seller_party_id=seller_party_id, lock=True)
    return [_subject(one) for one in found]


def _subject(one: OfferingSubject) -> Subject:
    return Subject(
        achievement_id=one.id,
        status=str(one.status),
        holder_party_id=one.holder_party_id,
        secret=one.secrecy_level is not SecrecyLevel.NONE,
        shares=tuple(
            Share(share.party_id, share.share_bp, share.confirmed_at is not None) for share in one.shares
        ),
    )
