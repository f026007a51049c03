"""Reading awards. The public learns a price where the path makes it public, once the sale is over; never a buyer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets.award import PriceForm
from app.markets.events import PriceTold
from app.markets.queries.sight import in_region, require_visible, staff
from app.markets.schemas import AwardOut, AwardPage
from app.markets.tables import AwardRow, OfferingRow


async def list_awards(
    session: AsyncSession,
    *,
    actor: Actor | None,
    offering_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> AwardPage:
    """The awards of an offering, or the caller's own ones, the latest first.

    The public sees awards whose price the path makes public, once the sale is over, and no buyer's name.
    """
    filters = {"offering": offering_id, "mine": actor.party_id if actor and offering_id is None else None}
    buyer, seller = PartyRow.__table__.alias("buyer"), PartyRow.__table__.alias("seller")
    statement = (
        select(AwardRow, OfferingRow, seller.c.name, buyer.c.name)
        .join(OfferingRow, OfferingRow.id == AwardRow.offering_id)
        .join(buyer, buyer.c.id == AwardRow.buyer_party_id)
        .join(seller, seller.c.id == AwardRow.seller_party_id)
        .where(_award_visible(actor))
    )
    if offering_id is not None:
        await require_visible(session, actor, offering_id)
        statement = statement.where(AwardRow.offering_id == offering_id)
    else:
        statement = statement.where(_party_to_award(actor))
    if cursor is not None:
        at, last_id = decode_cursor(cursor, filters, (datetime, UUID))
        statement = statement.where(tuple_(AwardRow.awarded_at, AwardRow.id) < tuple_(at, last_id))
    statement = statement.order_by(AwardRow.awarded_at.desc(), AwardRow.id.desc()).limit(limit + 1)
    rows = list(await session.execute(statement))
    shown, more = rows[:limit], len(rows) > limit
    return AwardPage(
        data=[_award(actor, *found) for found in shown],
        next_cursor=encode_cursor([shown[-1][0].awarded_at, shown[-1][0].id], filters) if more else None,
        has_more=more,
    )


async def award(session: AsyncSession, *, actor: Actor | None, award_id: UUID) -> AwardOut:
    """One award as the caller may see it. Raises `NotFound` for absent and foreign ones alike."""
    buyer, seller = PartyRow.__table__.alias("buyer"), PartyRow.__table__.alias("seller")
    found = (
        await session.execute(
            select(AwardRow, OfferingRow, seller.c.name, buyer.c.name)
            .join(OfferingRow, OfferingRow.id == AwardRow.offering_id)
            .join(buyer, buyer.c.id == AwardRow.buyer_party_id)
            .join(seller, seller.c.id == AwardRow.seller_party_id)
            .where(AwardRow.id == award_id, _award_visible(actor))
        )
    ).one_or_none()
    if found is None:
        raise NotFound()
    return _award(actor, *found)


def _party_to_award(actor: Actor | None) -> ColumnElement[bool]:
    if actor is None:
        return AwardRow.id.is_(None)
    return or_(AwardRow.seller_party_id == actor.party_id, AwardRow.buyer_party_id == actor.party_id)


def _award_visible(actor: Actor | None) -> ColumnElement[bool]:
    public = and_(
        OfferingRow.opened_at.is_not(None),
        OfferingRow.closed_at.is_not(None),
        OfferingRow.public_amount_minor.is_not(None),
    )
    if actor is None:
        return public
    mine = or_(public, _party_to_award(actor))
    return or_(mine, in_region(actor, OfferingRow.region_code)) if staff(actor) else mine


def _award(actor: Actor | None, row: AwardRow, sale: OfferingRow, seller: str, buyer: str) -> AwardOut:
    party = actor is not None and actor.party_id in (row.seller_party_id, row.buyer_party_id)
    named = party or (staff(actor) and sale.region_code.startswith(actor.region_prefix if actor else ""))
    return AwardOut(
        id=row.id,
        offering_id=row.offering_id,
        offering_number=sale.number,
        title=sale.title,
        position=row.position,
        rule=row.rule,
        amount=MoneyOut.of(row.amount_minor),
        price=PriceTold.of(PriceForm(**row.price)),
        seller_party_id=row.seller_party_id,
        seller_name=seller,
        buyer_party_id=row.buyer_party_id if named else None,
        buyer_name=buyer if named else None,
        registration_id=row.registration_id if named else None,
        awarded_at=row.awarded_at,
    )
