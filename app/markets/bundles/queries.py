"""Reading the division of a bundle's price: for the seller, the holders and the market's staff."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.kit.schemas import MoneyOut
from app.markets.bundles import repository
from app.markets.bundles.schemas import AllocationOut, PriceHolderOut, PriceShareOut
from app.markets.tables import AwardRow, OfferingRow

_STAFF = (Permission.OFFERING_REVIEW, Permission.AUCTION_MANAGE, Permission.READ_ALL)


async def allocation(session: AsyncSession, *, actor: Actor, offering_id: UUID) -> AllocationOut:
    """The division as it stands, in fen once the offering is awarded. Raises `NotFound` for whom it does not concern."""
    row = await session.get(OfferingRow, offering_id, populate_existing=True)
    if row is None:
        raise NotFound()
    found = await repository.subjects(session, offering_id)
    owners = repository.holders(found)
    staff = any(actor.may(one) for one in _STAFF) and row.region_code.startswith(actor.region_prefix)
    if not (staff or actor.party_id in (row.seller_party_id, *owners)):
        raise NotFound()
    shares = await repository.shares(session, offering_id)
    awarded = await session.scalar(
        select(AwardRow.amount_minor)
        .where(AwardRow.offering_id == offering_id)
        .order_by(AwardRow.position.desc())
        .limit(1)
    )
    amounts = await repository.split(session, offering_id, awarded) if awarded is not None else {}
    agreed = await repository.consents(session, offering_id)
    names = await session.execute(select(PartyRow.id, PartyRow.name).where(PartyRow.id.in_(owners)))
    by_id = {one.id: one.name for one in names}
    return AllocationOut(
        offering_id=offering_id,
        shares=[
            PriceShareOut(
                achievement_id=one.id,
                title=one.title,
                share_bp=shares[one.id],
                amount=MoneyOut.of(amounts[one.id]) if one.id in amounts else None,
            )
            for one in found
            if one.id in shares
        ],
        holders=[
            PriceHolderOut(party_id=one, name=by_id.get(one, ""), agreed_at=agreed.get(one)) for one in owners
        ],
        agreed=len(found) < 2 or (len(shares) == len(found) and set(owners) <= set(agreed)),
    )
