"""Name the holders of an offering, and check before its notice that each was told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.kit.dates import market_date
from app.markets import repository as offerings
from app.markets.priority import repository, rules
from app.markets.priority.errors import HoldersPinned, HolderUnfit
from app.markets.priority.rules import Told
from app.markets.priority.schemas import PriorityHoldersIn
from app.markets.priority.tables import HolderRow


async def name_holders(
    session: AsyncSession, *, actor: Actor, offering_id: UUID, asked: PriorityHoldersIn
) -> None:
    """Name all holders of the actor's own offering that is not yet on the market. They replace those before.

    Raises `NotFound`, `HoldersPinned`, `HolderUnfit`.
    """
    row = await offerings.lock_own(session, offering_id, actor.party_id)
    if row.opened_at is not None or row.closed_at is not None:
        raise HoldersPinned()
    named = [Told(one.party_id, one.rank, one.reach, one.told_on, one.document_no) for one in asked.holders]
    rules.check_holders(named, sellers=(row.seller_party_id, row.holder_party_id))
    parties = [one.party_id for one in asked.holders]
    if set(parties) - await repository.known(session, parties):
        raise HolderUnfit(field="/body/holders")
    made = [
        HolderRow(
            offering_id=row.id,
            position=position,
            party_id=one.party_id,
            rank=one.rank,
            basis=one.basis,
            reach=one.reach,
            told_on=one.told_on,
            document_no=one.document_no,
            entered_by=actor.user_id,
        )
        for position, one in enumerate(asked.holders, start=1)
    ]
    await repository.put(session, row.id, made)


async def require_told(session: AsyncSession, *, offering_id: UUID, at: datetime, has_style: bool) -> None:
    """Refuse a notice now for a locked offering whose holders were not told in time, or have no way to use their right.

    Raises `HolderNotTold`, `HoldersLeftOut`.
    """
    holders = await repository.holders_of(session, offering_id)
    if not holders:
        return
    row = await offerings.lock(session, offering_id)
    days = (await offerings.profile_of(session, row)).auction.priority_notice_days
    rules.check_told(
        [repository.told(one) for one in holders],
        notice_on=market_date(at),
        days=days.value,
        days_source=days.source,
        has_style=has_style,
    )
