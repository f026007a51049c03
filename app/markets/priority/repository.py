"""Loading and saving holders, after the lock of their offering."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.tables import PartyRow
from app.markets.priority.rules import Told
from app.markets.priority.states import Reach
from app.markets.priority.tables import HolderRow
from app.markets.registrations.states import LIVE
from app.markets.registrations.tables import RegistrationRow


async def holders_of(session: AsyncSession, offering_id: UUID) -> Sequence[HolderRow]:
    """The holders of an offering, in the seller's order."""
    found = await session.scalars(
        select(HolderRow).where(HolderRow.offering_id == offering_id).order_by(HolderRow.position)
    )
    return found.all()


async def put(session: AsyncSession, offering_id: UUID, rows: Sequence[HolderRow]) -> None:
    """Replace the holders of a locked offering."""
    await session.execute(delete(HolderRow).where(HolderRow.offering_id == offering_id))
    session.add_all(rows)
    await session.flush()


async def known(session: AsyncSession, party_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the parties that exist."""
    return frozenset(await session.scalars(select(PartyRow.id).where(PartyRow.id.in_(party_ids))))


async def ranks_of_codes(session: AsyncSession, offering_id: UUID) -> dict[str, int]:
    """The bidder codes of the holders who have registered and have not waived, each with its rank."""
    found = await session.execute(
        select(RegistrationRow.bidder_code, HolderRow.rank)
        .join(
            HolderRow,
            (HolderRow.offering_id == RegistrationRow.offering_id)
            & (HolderRow.party_id == RegistrationRow.buyer_party_id),
        )
        .where(
            RegistrationRow.offering_id == offering_id,
            RegistrationRow.status.in_(LIVE),
            RegistrationRow.bidder_code.is_not(None),
            HolderRow.reach != Reach.WAIVED,
        )
        .order_by(HolderRow.rank, RegistrationRow.bidder_code)
    )
    return {str(row.bidder_code): row.rank for row in found}


def told(row: HolderRow) -> Told:
    """How a holder was reached, as the rules see it."""
    return Told(row.party_id, row.rank, Reach(row.reach), row.told_on, row.document_no)
