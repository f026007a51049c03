"""Loading and saving listings. Whoever locks one has locked its offering before."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.db.heartbeat import COVERED_NOW
from app.markets.listed import rules
from app.markets.listed.rules import Result
from app.markets.listed.states import AFTER, MACHINE
from app.markets.listed.tables import ListingRow
from app.markets.states import ListingStatus, OfferingStatus
from app.markets.tables import OfferingRow


async def add(session: AsyncSession, row: ListingRow) -> ListingRow:
    """Store a new listing."""
    session.add(row)
    await session.flush()
    return row


async def lock(session: AsyncSession, offering_id: UUID) -> ListingRow | None:
    """The listing of an offering, locked; None for an offering that was never listed. The offering is locked before."""
    return await _locked(session, ListingRow.offering_id == offering_id)


async def take_due(session: AsyncSession) -> ListingRow | None:
    """One listing that is due by market time, locked after its offering; what somebody else holds is passed over."""
    return await _take(session, _DUE, ListingRow.next_due_at)


async def take_unjudged(session: AsyncSession) -> ListingRow | None:
    """One listing that is not over and has not been judged by the latest outage, locked after its offering."""
    return await _take(session, _UNJUDGED, ListingRow.ends_at)


_DUE: Final = ListingRow.next_due_at <= text(COVERED_NOW)
_UNJUDGED: Final = and_(
    ListingRow.evaluated_at.is_(None),
    ListingRow.outage_no < text("(SELECT coalesce(max(no), 0) FROM outages)"),
)
_NOT_PUT_OFF: Final = or_(ListingRow.retry_at.is_(None), ListingRow.retry_at <= text("clock_timestamp()"))


async def _take(
    session: AsyncSession, wanted: ColumnElement[bool], order: InstrumentedAttribute[Any]
) -> ListingRow | None:
    """The first listing that meets a condition: its offering is locked, then itself, then the condition asked again."""
    found = await session.execute(
        select(OfferingRow.id)
        .join(ListingRow, ListingRow.offering_id == OfferingRow.id)
        .where(wanted, _NOT_PUT_OFF)
        .order_by(order)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True, of=OfferingRow)
    )
    offering_id = found.scalar_one_or_none()
    if offering_id is None:
        return None
    return await _locked(session, ListingRow.offering_id == offering_id, wanted)


async def _locked(session: AsyncSession, *wanted: ColumnElement[bool]) -> ListingRow | None:
    found = await session.execute(
        select(ListingRow)
        .where(*wanted)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def put_off(session: AsyncSession, offering_id: UUID) -> None:
    """Leave a listing whose sweep failed alone for five real seconds, so that it holds up no other."""
    await session.execute(
        update(ListingRow)
        .where(ListingRow.offering_id == offering_id)
        .values(retry_at=text("clock_timestamp() + interval '5 seconds'"))
    )


def due(row: ListingRow) -> datetime | None:
    """When a listing next needs attention by itself, as it stands."""
    return rules.due(ListingStatus(row.status), ends_at=row.ends_at, evaluates_at=row.evaluates_at)


async def follow(session: AsyncSession, *, offering_id: UUID, status: OfferingStatus, at: datetime) -> None:
    """End the listing of a locked offering that leaves the market. One that has ended by itself stays as it is."""
    row = await lock(session, offering_id)
    if row is None or not MACHINE.allows(ListingStatus(row.status), AFTER[status]):
        return
    MACHINE.advance(row, AFTER[status])
    if row.evaluated_at is None:
        row.evaluated_at, row.result = at, Result.WITHDRAWN
    row.next_due_at = None
    await session.flush()
