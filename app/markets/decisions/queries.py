"""Reading the folder of a deal: its seller, and staff who read everything in their region."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import queries as approvals
from app.approvals.schemas import FolderOut
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.kit.errors import NotFound
from app.markets.tables import OfferingRow


async def folder(session: AsyncSession, *, actor: Actor, offering_id: UUID) -> FolderOut:
    """The seller's folder of an offering. Raises `NotFound` for everybody else."""
    row = await session.scalar(select(OfferingRow).where(OfferingRow.id == offering_id))
    own = row is not None and row.seller_party_id == actor.party_id and approvals.reads_own(actor)
    watched = row is not None and actor.may(Permission.READ_ALL)
    if row is None or not (own or (watched and row.region_code.startswith(actor.region_prefix))):
        raise NotFound()
    return await approvals.folder(session, deal_id=row.id, party_id=row.seller_party_id)
