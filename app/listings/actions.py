"""What can be done with an achievement, one verb a function, one transaction a verb."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import next_number
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.queries import PartyFacts, party_facts, party_names
from app.kit.ids import new_id
from app.listings import events, repository
from app.listings.rules import content as content_rules
from app.listings.rules import review
from app.listings.rules.description import AchievementContent, AchievementPatch, ShareIn
from app.listings.schemas import AchievementIn
from app.listings.states import MACHINE, AchievementStatus
from app.listings.tables import AchievementRow

S = AchievementStatus
NUMBER_PREFIX = "CG"
_WITHDRAWERS = (Permission.ACHIEVEMENT_SUBMIT, Permission.ENTER_ON_BEHALF, Permission.ACHIEVEMENT_REVIEW)


async def holder_of(session: AsyncSession, actor: Actor, on_behalf_of: UUID | None) -> PartyFacts:
    """The party that will own what the actor types in: his own, or another of his region for a clerk.

    Raises `BehalfNotAllowed`, also for a party that does not exist.
    """
    facts = await party_facts(session, on_behalf_of or actor.party_id)
    review.check_holder(
        own=facts is not None and facts.id == actor.party_id,
        may_enter=actor.may(Permission.ENTER_ON_BEHALF),
        clerk_prefix=actor.region_prefix,
        region_code=facts.region_code if facts is not None else None,
    )
    assert facts is not None
    return facts


async def post_achievement(
    session: AsyncSession, clock: Clock, *, actor: Actor, posted: AchievementIn
) -> AchievementRow:
    """Post an achievement as a draft. Raises what `content.check_content` and `holder_of` refuse."""
    content_rules.check_content(posted)
    holder = await holder_of(session, actor, posted.on_behalf_of)
    names = await share_names(session, posted.ownership_shares, holder)
    at = await clock.read(session)
    row = AchievementRow(
        id=new_id(),
        status=MACHINE.initial,
        number=await next_number(session, NUMBER_PREFIX, at),
        holder_party_id=holder.id,
        region_code=posted.region_code or holder.region_code,
        entered_by=actor.user_id,
        entered_by_party_id=actor.party_id,
        entered_on_behalf_of=review.behalf(holder.id, actor.party_id),
    )
    repository.describe(row, posted)
    session.add(row)
    await session.flush()
    await repository.replace_rights(session, row.id, posted.ip_rights)
    await repository.replace_shares(
        session, row.id, posted.ownership_shares, names, holder_party_id=holder.id
    )
    return row


async def amend_achievement(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    achievement_id: UUID,
    patch: AchievementPatch,
    expected_version: int,
) -> AchievementRow:
    """Change a draft or a returned achievement. A clerk's change asks for the owner's confirmation again."""
    row = await repository.lock(session, achievement_id, repository.own(actor))
    check_version(row.version, expected_version)
    review.check_editable(repository.standing(row))
    rights = await repository.rights_of(session, row.id)
    shares = await repository.shares_of(session, row.id)
    amended = content_rules.amended(repository.content_of(row, rights, shares), patch)
    content_rules.check_content(amended)
    at = await clock.read(session)
    await rewrite(session, row, amended, patch.model_fields_set)
    row.owner_confirmed_at, row.owner_confirmed_by = review.confirmation_after_change(
        row.owner_confirmed_at, row.owner_confirmed_by, own=actor.party_id == row.holder_party_id
    )
    repository.touch(row, at)
    await session.flush()
    return row


async def rewrite(
    session: AsyncSession, row: AchievementRow, content: AchievementContent, fields: set[str]
) -> None:
    """Write a new description over an old one; rights and shares only where they are among the fields."""
    repository.describe(row, content)
    if "ip_rights" in fields:
        await repository.replace_rights(session, row.id, content.ip_rights)
    if "ownership_shares" in fields:
        holder = await party_facts(session, row.holder_party_id)
        assert holder is not None
        names = await share_names(session, content.ownership_shares, holder)
        await repository.replace_shares(
            session, row.id, content.ownership_shares, names, holder_party_id=holder.id
        )


async def confirm_by_owner(
    session: AsyncSession, clock: Clock, *, actor: Actor, achievement_id: UUID, expected_version: int
) -> AchievementRow:
    """The owner stands by what somebody else typed in for him."""
    row = await repository.lock(session, achievement_id, repository.held(actor))
    check_version(row.version, expected_version)
    review.check_owner_confirmation(repository.standing(row))
    at = await clock.read(session)
    row.owner_confirmed_at, row.owner_confirmed_by = at, actor.user_id
    await outbox.record(session, events.OwnerConfirmed(**_told(row), at=at, parties=_parties(row)))
    return row


async def confirm_shares(
    session: AsyncSession, clock: Clock, *, actor: Actor, achievement_id: UUID, expected_version: int
) -> AchievementRow:
    """Confirm the shares that wait for the actor's party: its own; for the holder also those without an account."""
    row = await repository.lock(session, achievement_id, repository.shared_with(actor))
    check_version(row.version, expected_version)
    shares = await repository.shares_of(session, row.id)
    waiting = review.shares_to_confirm(
        [(share.party_id, share.agreement, share.confirmed_at) for share in shares],
        party_id=actor.party_id,
        holder_party_id=row.holder_party_id,
    )
    at = await clock.read(session)
    for index in waiting:
        shares[index].confirmed_at, shares[index].confirmed_by = at, actor.user_id
    repository.touch(row, at)
    await session.flush()
    return row


async def submit(
    session: AsyncSession, clock: Clock, *, actor: Actor, achievement_id: UUID, expected_version: int
) -> AchievementRow:
    """Ask for the review, also again after a return."""
    row = await repository.lock(session, achievement_id, repository.own(actor))
    check_version(row.version, expected_version)
    review.check_submission(
        repository.standing(row),
        party_id=actor.party_id,
        may_submit=actor.may(Permission.ACHIEVEMENT_SUBMIT),
        may_enter=actor.may(Permission.ENTER_ON_BEHALF),
    )
    rights = await repository.rights_of(session, row.id)
    at = await clock.read(session)
    MACHINE.advance(row, S.SUBMITTED)
    content_rules.check_complete(contact=row.contact, ip_rights=len(rights))
    row.submitted_at = at
    await outbox.record(session, events.AchievementSubmitted(**_told(row), at=at, parties=_parties(row)))
    return row


async def return_for_correction(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    achievement_id: UUID,
    reason: str,
    expected_version: int,
) -> AchievementRow:
    """The operator wants something changed; the owner reads the reason."""
    row = await _reviewed(session, actor, achievement_id, expected_version)
    at = await clock.read(session)
    MACHINE.advance(row, S.RETURNED)
    row.returned_at, row.return_reason, row.reviewed_by = at, reason, actor.user_id
    event = events.AchievementReturned(**_told(row), reason=reason, at=at, parties=_parties(row))
    await outbox.record(session, event)
    return row


async def register(
    session: AsyncSession, clock: Clock, *, actor: Actor, achievement_id: UUID, expected_version: int
) -> AchievementRow:
    """The operator has found it in order: from now on it can be offered."""
    row = await _reviewed(session, actor, achievement_id, expected_version)
    at = await clock.read(session)
    MACHINE.advance(row, S.REGISTERED)
    row.registered_at, row.reviewed_by = at, actor.user_id
    await outbox.record(session, events.AchievementRegistered(**_told(row), at=at, parties=_parties(row)))
    return row


async def publish(
    session: AsyncSession, clock: Clock, *, actor: Actor, achievement_id: UUID, expected_version: int
) -> AchievementRow:
    """Put it into the public list. What carries a level of secrecy never gets there."""
    row = await _reviewed(session, actor, achievement_id, expected_version)
    review.check_publication(repository.standing(row))
    at = await clock.read(session)
    MACHINE.advance(row, S.PUBLISHED)
    row.published_at, row.reviewed_by = at, actor.user_id
    event = events.AchievementPublished(
        **_told(row), tech_field=row.tech_field, keywords=tuple(row.keywords), at=at, parties=_parties(row)
    )
    await outbox.record(session, event)
    return row


async def withdraw(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    achievement_id: UUID,
    reason: str,
    expected_version: int,
) -> AchievementRow:
    """Take it back, or off the list: its owner, whoever typed it in, or the operator of its region."""
    within = repository.reach(actor, Permission.ACHIEVEMENT_REVIEW)
    row = await repository.lock(session, achievement_id, within)
    check_version(row.version, expected_version)
    review.check_withdrawal(
        repository.standing(row),
        may_write=actor.may(Permission.ACHIEVEMENT_WRITE),
        may_submit=any(map(actor.may, _WITHDRAWERS)),
    )
    at = await clock.read(session)
    MACHINE.advance(row, S.WITHDRAWN)
    row.withdrawn_at, row.withdrawal_reason = at, reason
    told = _told(row)
    event = (
        events.AchievementWithdrawn(subject_id=row.id, number=row.number, at=at, parties=_parties(row))
        if row.published_at is not None
        else events.AchievementAbandoned(**told, reason=reason, at=at, parties=_parties(row))
    )
    await outbox.record(session, event)
    return row


async def _reviewed(
    session: AsyncSession, actor: Actor, achievement_id: UUID, expected_version: int
) -> AchievementRow:
    row = await repository.lock(session, achievement_id, repository.reviewable(actor))
    check_version(row.version, expected_version)
    review.check_review(
        repository.standing(row), reviewer=actor.user_id, concerned=actor.belongs_to(row.holder_party_id)
    )
    return row


async def share_names(
    session: AsyncSession, shares: Sequence[ShareIn], holder: PartyFacts
) -> dict[UUID, str]:
    """Names of the parties that shares speak of; an account that does not exist is refused by its share."""
    asked = [share.party_id for share in shares if share.party_id is not None]
    names = await party_names(session, asked) | {holder.id: holder.name}
    content_rules.check_share_parties(shares, names.keys())
    return names


def _told(row: AchievementRow) -> dict[str, object]:
    return {
        "subject_id": row.id,
        "number": row.number,
        "title": row.title,
        "holder_party_id": row.holder_party_id,
        "region_code": row.region_code,
    }


def _parties(row: AchievementRow) -> tuple[UUID, ...]:
    return (row.holder_party_id, row.entered_by_party_id)
