"""Who speaks for an approver while he is away."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import repository
from app.approvals.errors import DelegationUnfit
from app.approvals.schemas import DelegationIn
from app.approvals.tables import DelegationRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.kit.dates import market_date


async def delegate(session: AsyncSession, clock: Clock, *, actor: Actor, body: DelegationIn) -> DelegationRow:
    """Let a colleague speak for oneself from one day to another, by a paper. It is not passed on.

    Raises `DelegationUnfit` for oneself, for somebody who is no colleague, and for days that are turned round or past.
    """
    at = await clock.read(session)
    if body.to_user_id == actor.user_id or not await repository.is_member(
        session, actor.party_id, body.to_user_id
    ):
        raise DelegationUnfit(field="/body/to_user_id")
    if body.until_on < max(body.from_on, market_date(at)):
        raise DelegationUnfit(field="/body/until_on")
    row = DelegationRow(
        party_id=actor.party_id,
        from_user_id=actor.user_id,
        to_user_id=body.to_user_id,
        from_on=body.from_on,
        until_on=body.until_on,
        kinds=sorted({str(kind) for kind in body.kinds}),
        document_no=body.document_no,
        made_at=at,
    )
    session.add(row)
    await session.flush()
    return row


async def revoke(session: AsyncSession, clock: Clock, *, actor: Actor, delegation_id: UUID) -> DelegationRow:
    """End one's own delegation now. A second call finds it ended. Raises `NotFound`."""
    row = await repository.own_delegation(session, delegation_id, actor)
    row.revoked_at = row.revoked_at or await clock.read(session)
    await session.flush()
    return row
