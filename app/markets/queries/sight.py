"""Who sees which offering. What never came to market is its seller's, its reviewers' and its buyers'."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.permissions import Permission
from app.kit.errors import NotFound
from app.kit.schemas import MoneyOut
from app.markets.tables import AwardRow, OfferingRow


def money(amount_minor: int | None) -> MoneyOut | None:
    """An amount, or None."""
    return None if amount_minor is None else MoneyOut.of(amount_minor)


def staff(actor: Actor | None) -> bool:
    """Whether the caller reviews offerings, or reads all of a region."""
    return actor is not None and (actor.may(Permission.OFFERING_REVIEW) or actor.may(Permission.READ_ALL))


def in_region(actor: Actor, column: Any) -> ColumnElement[bool]:
    """Rows of the region that the caller is limited to."""
    scoped: ColumnElement[bool] = column.startswith(actor.region_prefix)
    return scoped


def visible(actor: Actor | None) -> ColumnElement[bool]:
    """What came to market; his own; what he has an award of; for staff, their region."""
    on_market = OfferingRow.opened_at.is_not(None)
    if actor is None:
        return on_market
    bought = exists().where(AwardRow.offering_id == OfferingRow.id, AwardRow.buyer_party_id == actor.party_id)
    mine = or_(on_market, OfferingRow.seller_party_id == actor.party_id, bought)
    return or_(mine, in_region(actor, OfferingRow.region_code)) if staff(actor) else mine


def sees_inside(actor: Actor | None, row: OfferingRow) -> bool:
    """Whether the caller sees what is between the seller and its reviewers."""
    if actor is None:
        return False
    if actor.party_id == row.seller_party_id:
        return True
    return staff(actor) and row.region_code.startswith(actor.region_prefix)


async def require_visible(session: AsyncSession, actor: Actor | None, offering_id: UUID) -> None:
    """Raise `NotFound` for an offering that is absent and for one that the caller may not see alike."""
    found = await session.execute(select(OfferingRow.id).where(OfferingRow.id == offering_id, visible(actor)))
    if found.scalar_one_or_none() is None:
        raise NotFound()
