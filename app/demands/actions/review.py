"""Reviewing a demand: the operator returns it or puts it before the public."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.demands import repository, rules
from app.demands.actions.post import writers
from app.demands.events import DemandPublished, DemandReturned
from app.demands.repository import facts
from app.demands.states import DEMAND, DemandStatus, DemandType, TechField
from app.demands.tables import DemandRow
from app.events import outbox
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.dates import market_date


async def return_demand(
    session: AsyncSession, clock: Clock, *, actor: Actor, demand_id: UUID, version: int, reason: str
) -> DemandRow:
    """Send it back with what must be changed."""
    row = await repository.lock_in_region(session, demand_id, actor.region_prefix)
    check_version(row.version, version)
    rules.check_reviewer(
        facts(row),
        user_id=actor.user_id,
        party_id=actor.party_id,
        belongs_to_poster=actor.belongs_to(row.poster_party_id),
    )
    DEMAND.advance(row, DemandStatus.RETURNED)
    row.reviewed_by, row.review_reason = actor.user_id, reason
    at = await clock.read(session)
    await outbox.record(
        session,
        DemandReturned(
            subject_id=row.id,
            at=at,
            demand_number=row.number,
            title=row.title,
            reason=reason,
            parties=writers(row),
        ),
    )
    return row


async def publish_demand(
    session: AsyncSession, clock: Clock, *, actor: Actor, demand_id: UUID, version: int
) -> DemandRow:
    """Put it before the public and take answers until the end of its deadline."""
    row = await repository.lock_in_region(session, demand_id, actor.region_prefix)
    check_version(row.version, version)
    at = await clock.read(session)
    rules.check_reviewer(
        facts(row),
        user_id=actor.user_id,
        party_id=actor.party_id,
        belongs_to_poster=actor.belongs_to(row.poster_party_id),
    )
    ends_at = rules.publication_end(facts(row), at)
    DEMAND.advance(row, DemandStatus.PUBLISHED)
    row.reviewed_by, row.published_at = actor.user_id, at
    row.answers_end_at = row.next_due_at = ends_at
    await outbox.record(
        session,
        DemandPublished(
            subject_id=row.id,
            at=at,
            demand_number=row.number,
            title=row.title,
            type=DemandType(row.type),
            tech_field=TechField(row.tech_field) if row.tech_field else None,
            region_code=row.region_public_code,
            deadline_on=row.deadline_on or market_date(ends_at),
            answers_end_at=ends_at,
            parties=writers(row),
        ),
    )
    return row
