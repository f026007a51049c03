"""Writing a demand: posting a draft, changing it, confirming what a clerk typed in, submitting it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import next_number
from app.demands import repository, rules
from app.demands.events import DemandConfirmed, DemandSubmitted
from app.demands.repository import facts
from app.demands.states import DEMAND, Confidentiality, DemandStatus
from app.demands.tables import DemandRow
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.identity.permissions import Permission


async def post_demand(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    written: Mapping[str, Any],
    source: tuple[str, str] | None = None,
    on_behalf_of: UUID | None = None,
) -> DemandRow:
    """Keep a draft, for one's own party or, as a clerk, for another that confirms it later."""
    posting = rules.posting(
        own_party_id=actor.party_id,
        on_behalf_of=on_behalf_of,
        may_on_behalf=actor.may(Permission.ENTER_ON_BEHALF),
        owner_region=await repository.region_of(session, on_behalf_of),
        region_prefix=actor.region_prefix,
    )
    fields = repository.columns(written)
    rules.check_budget(fields["budget_min_minor"], fields["budget_max_minor"])
    if source is not None:
        await repository.check_source_new(session, posting.poster_party_id, *source)
    at = await clock.read(session)
    region = rules.public_region(Confidentiality(fields["confidentiality"]), fields["region_code"])
    row = DemandRow(
        **fields,
        status=DEMAND.initial,
        number=await next_number(session, "XQ", at),
        poster_party_id=posting.poster_party_id,
        clerk_party_id=posting.clerk_party_id,
        entered_on_behalf_of=posting.poster_party_id if posting.clerk_party_id else None,
        entered_by=actor.user_id,
        region_public_code=region,
        source_system=source[0] if source else None,
        external_id=source[1] if source else None,
    )
    session.add(row)
    await session.flush()
    return row


async def change_demand(
    session: AsyncSession,
    _clock: Clock,
    *,
    actor: Actor,
    demand_id: UUID,
    version: int,
    changes: Mapping[str, Any],
) -> DemandRow:
    """Change a draft or a returned demand. What a clerk changes, the owner confirms again."""
    row = await repository.lock_written_by(session, demand_id, actor.party_id)
    check_version(row.version, version)
    rules.check_editable(facts(row))
    fields = repository.columns(changes)
    rules.check_budget(
        fields.get("budget_min_minor", row.budget_min_minor),
        fields.get("budget_max_minor", row.budget_max_minor),
    )
    if not rules.confirmation_after_change(facts(row), party_id=actor.party_id):
        fields |= {"confirmed_at": None, "confirmed_by": None}
    for name, value in fields.items():
        setattr(row, name, value)
    row.region_public_code = rules.public_region(Confidentiality(row.confidentiality), row.region_code)
    await session.flush()
    return row


async def confirm_demand(
    session: AsyncSession, clock: Clock, *, actor: Actor, demand_id: UUID, version: int
) -> DemandRow:
    """The owner confirms what was typed in on its behalf."""
    row = await repository.lock_posted_by(session, demand_id, actor.party_id)
    check_version(row.version, version)
    rules.check_confirmable(facts(row))
    row.confirmed_at, row.confirmed_by = await clock.read(session), actor.user_id
    await outbox.record(
        session,
        DemandConfirmed(
            subject_id=row.id,
            at=row.confirmed_at,
            demand_number=row.number,
            title=row.title,
            parties=writers(row),
        ),
    )
    return row


async def submit_demand(
    session: AsyncSession, clock: Clock, *, actor: Actor, demand_id: UUID, version: int
) -> DemandRow:
    """Ask for the review. An owner who submits what a clerk typed in thereby confirms it."""
    row = await repository.lock_written_by(session, demand_id, actor.party_id)
    check_version(row.version, version)
    at = await clock.read(session)
    rules.check_submittable(facts(row), party_id=actor.party_id, at=at)
    if rules.submission_confirms(facts(row), party_id=actor.party_id):
        row.confirmed_at, row.confirmed_by = at, actor.user_id
    DEMAND.advance(row, DemandStatus.SUBMITTED)
    row.review_reason = None
    await outbox.record(
        session,
        DemandSubmitted(
            subject_id=row.id, at=at, demand_number=row.number, title=row.title, parties=writers(row)
        ),
    )
    return row


def writers(row: DemandRow) -> tuple[UUID, ...]:
    """Poster and, where there is one, the party whose clerk typed it in."""
    return (row.poster_party_id, *([row.clerk_party_id] if row.clerk_party_id else []))
