"""A sale whose notice is objected to: interrupted with the notice, going on with it, or called off.

The gate of every decision (`rules.objections`) closes what lies between the objection's acceptance and the suspension.
"""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions.closing import decide
from app.auctions.rules.commands import Cancel, CancelReason, Resume, Suspend, SuspendReason, Tick
from app.auctions.rules.facts import Suspended
from app.auctions.rules.objections import NOTE, OURS
from app.auctions.states import ENDED, PUBLISHED, AuctionStatus
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.notices import actions as notices
from app.notices.states import NoticeStatus

RESUMED: Final = "异议已办结，本场恢复。"
CALLED_OFF: Final = "异议成立，本场撤销。"


async def interrupt(session: AsyncSession, clock: Clock, *, auction_id: UUID) -> None:
    """Suspend a sale whose notice stands still; one that is suspended already, or has ended, stays as it is."""
    row = await repository.lock(session, auction_id)
    at = await clock.read(session)
    if row.status == AuctionStatus.SUSPENDED or row.status in ENDED or not await _stands_still(session, row):
        return
    # What is due finds the standstill itself.
    await decide(session, clock, row, Tick(), at)
    if row.status != AuctionStatus.SUSPENDED and row.status not in ENDED:
        await decide(session, clock, row, Suspend(reason=SuspendReason.OBJECTION, note=NOTE), at)


async def go_on(session: AsyncSession, clock: Clock, *, auction_id: UUID) -> None:
    """Resume a sale that an objection has interrupted: once its notice runs again, or, where its bidding had begun or was
    to begin, once its notice has passed.
    """
    row = await repository.lock(session, auction_id)
    at = await clock.read(session)
    if row.status != AuctionStatus.SUSPENDED or row.notice_id is None:
        return
    said = await repository.announcement_of(session, row)
    if not isinstance(said, Suspended) or said.reason not in OURS:
        return
    told = await notices.clock_of(session, row.notice_id)
    snapshot = repository.snapshot_of(row)
    ahead = snapshot.stage in PUBLISHED and not _was_to_begin(row)
    if told.status is NoticeStatus.PASSED or (ahead and told.status is NoticeStatus.RUNNING):
        await decide(session, clock, row, Resume(note=RESUMED), at)


async def call_off(session: AsyncSession, clock: Clock, *, auction_id: UUID, document_no: str) -> None:
    """End a sale whose notice has failed by an objection that was upheld."""
    row = await repository.lock(session, auction_id)
    at = await clock.read(session)
    if row.status not in ENDED:
        command = Cancel(reason=CancelReason.OBJECTION_UPHELD, document_no=document_no, note=CALLED_OFF)
        await decide(session, clock, row, command, at)


async def _stands_still(session: AsyncSession, row: AuctionRow) -> bool:
    if row.notice_id is None:
        return False
    return (await notices.clock_of(session, row.notice_id)).status is NoticeStatus.PAUSED


def _was_to_begin(row: AuctionRow) -> bool:
    since = repository.snapshot_of(row).suspended_at
    return since is not None and row.starts_at is not None and since >= row.starts_at
