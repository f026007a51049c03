"""Dividing a bundle's price, and agreeing to it: before the offering comes to market, never after."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.markets import repository as offerings
from app.markets.bundles import repository, rules
from app.markets.bundles.events import PriceAllocated, PriceAllocationAgreed
from app.markets.states import OfferingStatus


async def allocate(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    offering_id: UUID,
    shares: Sequence[tuple[UUID, int]],
) -> None:
    """Divide the price of the actor's own bundle over its rights (basis points). He agrees by it; other holders are asked."""
    row = await offerings.lock_own(session, offering_id, actor.party_id)
    rules.check_status(OfferingStatus(row.status))
    found = await repository.subjects(session, offering_id)
    rules.check_shares(shares, [one.id for one in found])
    at = await clock.read(session)
    await repository.put_shares(session, offering_id, shares)
    owners = repository.holders(found)
    if actor.party_id in owners:
        await repository.consent(session, offering_id, party_id=actor.party_id, user_id=actor.user_id, at=at)
    await outbox.record(
        session,
        PriceAllocated(
            subject_id=row.id,
            at=at,
            parties=tuple(dict.fromkeys((row.seller_party_id, *owners))),
            offering_number=row.number,
            title=row.title,
            shares_bp=tuple(share for _, share in shares),
        ),
    )


async def agree(session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID) -> None:
    """Agree, as a holder of one of the rights, to the division as it stands. Raises `NotFound` for anybody else."""
    row = await offerings.lock(session, offering_id)
    owners = repository.holders(await repository.subjects(session, offering_id))
    if actor.party_id not in owners or not await repository.shares(session, offering_id):
        raise NotFound()
    rules.check_status(OfferingStatus(row.status))
    at = await clock.read(session)
    await repository.consent(session, offering_id, party_id=actor.party_id, user_id=actor.user_id, at=at)
    await outbox.record(
        session,
        PriceAllocationAgreed(
            subject_id=row.id,
            at=at,
            parties=tuple(dict.fromkeys((row.seller_party_id, *owners))),
            offering_number=row.number,
            party_id=actor.party_id,
        ),
    )
