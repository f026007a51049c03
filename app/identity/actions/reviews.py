"""The review of a party, and what a party changes of itself."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity import repository
from app.identity.access import Actor
from app.identity.events import PartyResubmitted, PartyReviewed
from app.identity.rules.codes import check_region, check_uscc
from app.identity.rules.parties import (
    check_identified_by,
    check_review,
    check_reviewer,
    check_within,
)
from app.identity.states import PARTY_REVIEW, PartyKind, ReviewStatus
from app.identity.tables import PartyRow


async def review_party(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    party_id: UUID,
    version: int,
    approved: bool,
    reason: str | None,
) -> PartyRow:
    """Approve or refuse a party that waits.

    Raises `NotFound` (also outside the reviewer's region), `Stale`, `ReviewOfOwnParty`, `ReviewReasonMissing`,
    `IllegalTransition`, in this order.
    """
    party = await repository.lock_party(session, party_id)
    check_within(actor.region_prefix, party.region_code)
    check_version(party.version, version)
    check_reviewer(
        party_id=party_id,
        reviewer_party_id=actor.party_id,
        reviewer_parties=await repository.parties_ever(session, actor.user_id),
    )
    check_review(approved=approved, reason=reason)
    at = await clock.read(session)
    status = ReviewStatus.APPROVED if approved else ReviewStatus.REFUSED
    PARTY_REVIEW.advance(party, status)
    repository.rights_changed(session)
    party.review_reason, party.reviewed_by = reason, actor.user_id
    await outbox.record(
        session,
        PartyReviewed(subject_id=party_id, at=at, parties=(party_id,), status=status, reason=reason),
    )
    return party


async def change_party(
    session: AsyncSession, *, actor: Actor, version: int, changes: Mapping[str, str | None]
) -> PartyRow:
    """Change what a party says of itself. changes: columns of `PartyPatch` that were given. Raises `Stale`."""
    party = await repository.lock_party(session, actor.party_id)
    check_version(party.version, version)
    _apply(party, changes)
    await session.flush()
    return party


async def resubmit_party(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    version: int,
    changes: Mapping[str, str | None],
) -> PartyRow:
    """Correct a refused entry and wait again. changes: columns of `ResubmissionIn` that were given.

    Raises `Stale`, `IllegalTransition`, `IdentificationUnfit`, `UsccInvalid`, `RegionUnknown`,
    `PartyAlreadyRegistered`.
    """
    party = await repository.lock_party(session, actor.party_id)
    check_version(party.version, version)
    at = await clock.read(session)
    PARTY_REVIEW.advance(party, ReviewStatus.PENDING)
    repository.rights_changed(session)
    check_identified_by(PartyKind(party.kind), frozenset(changes))
    uscc, region, registration_no = (changes.get(name) for name in ("uscc", "region_code", "registration_no"))
    if uscc is not None:
        check_uscc(uscc)
    if region is not None:
        check_region(region)
    with session.no_autoflush:
        await repository.check_party_new(
            session,
            uscc=uscc,
            country_code=party.country_code,
            registration_no=registration_no,
            person_number_hash=None,
            besides=party.id,
        )
    _apply(party, changes)
    await outbox.record(
        session, PartyResubmitted(subject_id=party.id, at=at, parties=(party.id,), name=party.name)
    )
    return party


def _apply(party: PartyRow, changes: Mapping[str, str | None]) -> None:
    for name, value in changes.items():
        setattr(party, name, value)
