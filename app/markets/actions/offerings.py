"""A seller's verbs on an offering, and the review: draft, change, submit, decide, take back."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.markets import drafts, guards, repository, rules
from app.markets.actions.awards import close_offering
from app.markets.bundles.repository import require_allocated
from app.markets.events import OfferingReviewed, OfferingSubmitted, OfferingWithdrawn
from app.markets.registrations import actions as registrations
from app.markets.schemas import OfferingIn, OfferingPatch, ReviewIn, WithdrawalIn
from app.markets.states import EDITABLE, MACHINE, OfferingStatus, Path, SubjectKind
from app.markets.tables import OfferingRow

_S = OfferingStatus


async def create_offering(
    session: AsyncSession, clock: Clock, *, actor: Actor, body: OfferingIn
) -> OfferingRow:
    """A new draft of the actor's party. Anybody who may offer may draft; the guards wait for the submission."""
    subjects = await drafts.subjects(session, body.achievement_ids, seller_party_id=actor.party_id)
    at = await clock.read(session)
    row = OfferingRow(
        number=await next_number(session, "JY", at),
        title=body.title or subjects[0].title,
        seller_party_id=actor.party_id,
        holder_party_id=subjects[0].holder_party_id,
        status=MACHINE.initial,
        subject_kind=SubjectKind.ACHIEVEMENT,
        region_code=actor.party_region,
        entered_by=actor.user_id,
        sorted_at=at,
        path=body.path,
        mode=body.mode,
        territory=body.territory,
    )
    drafts.write(row, body.model_dump(exclude={"title", "achievement_ids"}), actor.user_id)
    drafts.check(row)
    return await repository.add(session, row, drafts.subject_rows(body.achievement_ids))


async def edit_offering(
    session: AsyncSession, *, actor: Actor, offering_id: UUID, expected: int, body: OfferingPatch
) -> OfferingRow:
    """Change the terms of a draft or a returned offering."""
    row = await repository.lock_own(session, offering_id, actor.party_id)
    check_version(row.version, expected)
    rules.require_status(OfferingStatus(row.status), *EDITABLE)
    if body.achievement_ids is not None:
        subjects = await drafts.subjects(session, body.achievement_ids, seller_party_id=actor.party_id)
        row.holder_party_id = subjects[0].holder_party_id
        await repository.put_subjects(session, row.id, drafts.subject_rows(body.achievement_ids))
    drafts.write(row, body.model_dump(exclude={"achievement_ids"}, exclude_unset=True), actor.user_id)
    drafts.check(row)
    await session.flush()
    return row


async def submit(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, expected: int
) -> OfferingRow:
    """Ask for the review. Pins the rule profile of the holder; every guard must pass."""
    row = await repository.lock_own(session, offering_id, actor.party_id)
    check_version(row.version, expected)
    rules.require_status(OfferingStatus(row.status), *EDITABLE)
    facts, at = await drafts.submission(session, clock, row, lock=True)
    guards.require(facts)
    row.profile_code, row.profile_version = facts.profile.code, facts.profile.version
    MACHINE.advance(row, _S.SUBMITTED)
    row.submitted_at = row.sorted_at = at
    await outbox.record(
        session,
        OfferingSubmitted(
            subject_id=row.id,
            at=at,
            parties=(row.seller_party_id,),
            offering_number=row.number,
            title=row.title,
            path=Path(row.path),
            seller_party_id=row.seller_party_id,
            profile_code=facts.profile.code,
            profile_version=facts.profile.version,
        ),
    )
    return row


async def review(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, expected: int, body: ReviewIn
) -> OfferingRow:
    """Approve a submission or return it with a reason.

    A negotiated offering is on the market once approved: of several rights, with its price divided and agreed
    (`BundleUnallocated`, `BundleNotAgreed`).
    """
    row = await repository.lock_in_region(session, offering_id, actor.region_prefix)
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.check_reviewer(concerned=actor.belongs_to(row.seller_party_id, row.holder_party_id))
    MACHINE.advance(row, _S.APPROVED if body.approved else _S.RETURNED)
    row.reviewed_at, row.reviewed_by, row.review_reason = at, actor.user_id, body.reason
    told = OfferingReviewed(
        subject_id=row.id,
        at=at,
        parties=(row.seller_party_id,),
        offering_number=row.number,
        title=row.title,
        approved=body.approved,
        reason=body.reason,
    )
    if not (body.approved and row.path == Path.NEGOTIATED):
        await outbox.record(session, told)
        return row
    await require_allocated(session, row.id)
    MACHINE.advance(row, _S.OPEN)
    row.opened_at = row.sorted_at = at
    await outbox.record(session, told, registrations.opened(row, at))
    return row


async def withdraw(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    offering_id: UUID,
    expected: int,
    body: WithdrawalIn,
) -> OfferingRow:
    """Take an offering back. On the market: with the approver's paper; registrations end, deposits are returned."""
    row = await repository.lock_own(session, offering_id, actor.party_id)
    check_version(row.version, expected)
    at = await clock.read(session)
    rules.check_withdrawal(
        status=OfferingStatus(row.status),
        with_auction=row.with_auction,
        reason=body.reason,
        document_no=body.document_no,
    )
    row.withdrawal_reason, row.withdrawal_document_no = body.reason, body.document_no
    if row.opened_at is not None:
        await close_offering(session, clock, row, _S.WITHDRAWN, at, reason=body.note)
        return row
    MACHINE.advance(row, _S.WITHDRAWN)
    row.closed_at, row.close_reason = at, body.note
    await outbox.record(
        session,
        OfferingWithdrawn(
            subject_id=row.id,
            at=at,
            parties=(row.seller_party_id,),
            offering_number=row.number,
            title=row.title,
            reason=body.note,
        ),
    )
    return row


async def offer_again(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    offering_id: UUID,
    decision_document_no: str | None,
    decided_on: date | None,
) -> OfferingRow:
    """A clone of the actor's own offering that found no buyer, or lost him: reviewed as it was, and not yet on the market.

    What it is of must still be registered and not secret. The pinned profile stays. `decision_document_no`: the unit's
    paper for new terms, else the one before. Raises `OfferingStage`, `AchievementNotRegistered`, `AchievementSecret`.
    """
    row = await repository.lock_own(session, offering_id, actor.party_id)
    at = await clock.read(session)
    rules.require_status(OfferingStatus(row.status), _S.FAILED)
    achievement_ids = await repository.subject_ids(session, row.id)
    guards.require_sellable(
        await drafts.facts_of_subjects(session, achievement_ids, seller_party_id=row.seller_party_id)
    )
    again = OfferingRow(
        **{name: getattr(row, name) for name in _REPEATED},
        number=await next_number(session, "JY", at),
        status=MACHINE.initial,
        decision_document_no=decision_document_no or row.decision_document_no,
        decided_on=decided_on or row.decided_on,
        entered_by=actor.user_id,
        previous_offering_id=row.id,
        first_offering_id=row.first_offering_id or row.id,
        submitted_at=at,
        sorted_at=at,
    )
    for step in (_S.SUBMITTED, _S.APPROVED):
        MACHINE.advance(again, step)
    return await repository.add(session, again, drafts.subject_rows(achievement_ids))


_REPEATED: Final = (
    "title",
    "seller_party_id",
    "holder_party_id",
    "path",
    "subject_kind",
    "mode",
    "territory",
    "field_of_use",
    "term_months",
    "capacity",
    "profile_code",
    "profile_version",
    "decision_document_id",
    "secrecy_reviewer",
    "secrecy_reviewed_on",
    "secrecy_document_no",
    "shares_declared",
    "shares_declared_by",
    "buyer_conditions",
    "payment_terms",
    "reviewed_at",
    "reviewed_by",
    "review_reason",
    "region_code",
    "entered_on_behalf_of",
)
"""What an offering that is put up again takes over, unchanged."""
