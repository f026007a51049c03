"""Reading holders: the seller, its reviewers, and each holder himself."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.access import Actor
from app.identity.queries import party_names
from app.kit.errors import NotFound
from app.markets.priority import repository, rules
from app.markets.priority.schemas import PriorityHolderOut, PriorityHoldersOut
from app.markets.priority.states import Basis
from app.markets.queries.sight import sees_inside
from app.markets.states import Mode
from app.markets.tables import OfferingRow


async def read_holders(session: AsyncSession, *, actor: Actor, offering_id: UUID) -> PriorityHoldersOut:
    """The holders of an offering: all for its seller and its reviewers, his own entry for a holder. Else `NotFound`."""
    row = await session.scalar(select(OfferingRow).where(OfferingRow.id == offering_id))
    if row is None:
        raise NotFound()
    found = await repository.holders_of(session, offering_id)
    if not sees_inside(actor, row):
        found = [one for one in found if one.party_id == actor.party_id]
        if not found:
            raise NotFound()
    names = await party_names(session, [one.party_id for one in found])
    return PriorityHoldersOut(
        data=[
            PriorityHolderOut(
                party_id=one.party_id,
                name=names[one.party_id],
                rank=one.rank,
                basis=one.basis,
                source=rules.source_of(Basis(one.basis), Mode(row.mode)),
                reach=one.reach,
                told_on=one.told_on,
                document_no=one.document_no,
            )
            for one in found
        ]
    )
