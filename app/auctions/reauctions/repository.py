"""What came before a re-auction and what followed a sale: found by the offerings of one lot."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.defaults.states import DefaultStatus
from app.auctions.defaults.tables import DefaultRow
from app.auctions.reauctions.rules import Before, Limits
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.markets import repository as offerings
from app.markets.tables import OfferingRow


async def following(session: AsyncSession, auction_id: UUID) -> AuctionRow | None:
    """The re-auction of a sale, if one was called and not discarded."""
    found = await session.scalars(
        select(AuctionRow)
        .join(OfferingRow, OfferingRow.id == AuctionRow.offering_id)
        .where(
            OfferingRow.previous_offering_id
            == select(AuctionRow.offering_id).where(AuctionRow.id == auction_id).scalar_subquery(),
            AuctionRow.status != AuctionStatus.CANCELLED,
        )
        .order_by(AuctionRow.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def previous(session: AsyncSession, offering_id: UUID) -> AuctionRow | None:
    """The sale that an offering repeats; None for one that is no re-auction."""
    found = await session.scalars(
        select(AuctionRow)
        .where(
            AuctionRow.offering_id
            == select(OfferingRow.previous_offering_id)
            .where(OfferingRow.id == offering_id)
            .scalar_subquery(),
            AuctionRow.status.in_((AuctionStatus.AWARDED, AuctionStatus.PASSED_IN)),
        )
        .order_by(AuctionRow.id.desc())
        .limit(1)
    )
    return found.one_or_none()


async def before_of(session: AsyncSession, row: AuctionRow) -> tuple[Before, Limits]:
    """The sale that is to be repeated, as the rules see it, and what the rule profile of its offering allows."""
    offering = await session.get_one(OfferingRow, row.offering_id)
    profile = await offerings.profile_of(session, offering)
    free_since = await _free_since(session, row)
    after = await following(session, row.id)
    days = timedelta(days=profile.auction.reauction_days.value)
    return (
        Before(
            status=AuctionStatus(row.status),
            free_since=free_since,
            until=free_since + days if free_since is not None else None,
            terms=auctions.terms_of(row),
            following_id=after.id if after is not None else None,
            reauctions=await _reauctions(session, offering),
        ),
        Limits(
            cut_bp=profile.auction.reauction_cut_bp.value,
            reauctions_max=profile.auction.reauctions_max.value,
            decision_needed=bool(profile.decision_document.value),
        ),
    )


async def is_defaulted(session: AsyncSession, row: AuctionRow) -> bool:
    """Whether the buyer of a sale was found in default."""
    return await _defaulted_at(session, row) is not None


async def _free_since(session: AsyncSession, row: AuctionRow) -> datetime | None:
    return row.last_at if row.status == AuctionStatus.PASSED_IN else await _defaulted_at(session, row)


async def _defaulted_at(session: AsyncSession, row: AuctionRow) -> datetime | None:
    found = await session.scalars(
        select(DefaultRow.decided_at).where(
            DefaultRow.auction_id == row.id, DefaultRow.status == DefaultStatus.CONFIRMED
        )
    )
    return found.one_or_none()


async def _reauctions(session: AsyncSession, offering: OfferingRow) -> int:
    """How often the lot came to market again."""
    lot = offering.first_offering_id or offering.id
    found = await session.execute(
        select(func.count())
        .select_from(OfferingRow)
        .where(OfferingRow.first_offering_id == lot, OfferingRow.opened_at.is_not(None))
    )
    return found.scalar_one()
