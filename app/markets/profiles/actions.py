"""Proposing a version of a rule profile, publishing it, refusing it: by two supervisors of the province."""

from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.markets.profiles import repository, rules
from app.markets.profiles.events import RuleProfilePublished
from app.markets.profiles.model import ProfileCode
from app.markets.profiles.schemas import ProfileDraftIn
from app.markets.profiles.states import MACHINE, DraftStatus
from app.markets.profiles.tables import RuleProfileDraftRow


async def propose(
    session: AsyncSession, clock: Clock, *, actor: Actor, asked: ProfileDraftIn
) -> RuleProfileDraftRow:
    """Propose other values from a coming day on. Nothing changes by it.

    Raises `ProfileScopeTooNarrow`, `ProfileDocumentUnfit`, `ProfileOutOfBounds`, `ProfileEffectiveNotAhead`.
    """
    rules.check_scope(actor.region_prefix)
    last = await repository.latest(session, asked.code)
    at = await clock.read(session)
    rules.next_document(last.document, asked.changes)
    rules.check_effective(asked.effective_on, at, before_on=last.effective_on)
    return await repository.add_draft(
        session,
        RuleProfileDraftRow(
            code=asked.code,
            changes=asked.changes,
            effective_on=asked.effective_on,
            document_no=asked.document_no,
            note=asked.note,
            proposed_by=actor.user_id,
            proposed_at=at,
        ),
    )


async def publish(
    session: AsyncSession, clock: Clock, *, actor: Actor, draft_id: UUID, expected: int
) -> RuleProfileDraftRow:
    """Publish another person's proposal as the next version: the latest one with its values.

    What runs keeps the version that it pinned. Raises as `propose`, and `ProfileSamePerson`.
    """
    row = await _lock(session, actor, draft_id, expected)
    await repository.one_at_a_time(session)
    last = await repository.latest(session, row.code)
    at = await clock.read(session)
    MACHINE.advance(row, DraftStatus.PUBLISHED)
    document = rules.next_document(last.document, row.changes)
    rules.check_effective(row.effective_on, at, before_on=last.effective_on)
    row.decided_by, row.decided_at, row.published_version = actor.user_id, at, document["version"]
    await repository.add(session, document, draft=row, at=at, by=actor.user_id)
    await outbox.record(
        session,
        RuleProfilePublished(
            # A version has no id of its own; the same one always gets the same.
            subject_id=uuid5(NAMESPACE_OID, f"rule-profile:{row.code}:{document['version']}"),
            at=at,
            profile_code=ProfileCode(row.code),
            profile_version=document["version"],
            effective_on=row.effective_on,
            document_no=row.document_no,
        ),
    )
    return row


async def refuse(
    session: AsyncSession, clock: Clock, *, actor: Actor, draft_id: UUID, expected: int, reason: str
) -> RuleProfileDraftRow:
    """Refuse another person's proposal, with a reason."""
    row = await _lock(session, actor, draft_id, expected)
    at = await clock.read(session)
    MACHINE.advance(row, DraftStatus.REFUSED)
    row.decided_by, row.decided_at, row.reason = actor.user_id, at, reason
    await session.flush()
    return row


async def _lock(session: AsyncSession, actor: Actor, draft_id: UUID, expected: int) -> RuleProfileDraftRow:
    """A proposal of the province; to a city's supervisor there is none."""
    if len(actor.region_prefix) > 2:
        raise NotFound()
    row = await repository.lock_draft(session, draft_id)
    check_version(row.version, expected)
    rules.check_second_person(same=row.proposed_by == actor.user_id)
    return row
