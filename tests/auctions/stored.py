"""What a sale has left in the database, for tests to look at."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.tables import AuctionEventRow
from app.events.tables import EventRow
from app.markets.registrations.tables import RegistrationRow
from app.settlement.tables import DepositRow
from tests.factories.auctions import (
    Sale,
)


async def deposits(session: AsyncSession, sale: Sale) -> list[str]:
    """The states of the bidders' deposits, in the order of their registrations."""
    found = await session.execute(
        select(DepositRow.reference_id, DepositRow.status)
        .where(DepositRow.reference_id.in_(sale.registrations))
        .execution_options(populate_existing=True)
    )
    by_registration: dict[UUID, str] = {row.reference_id: row.status for row in found}
    return [by_registration[registration] for registration in sale.registrations]


async def registration_states(session: AsyncSession, sale: Sale) -> list[str]:
    """The states of the registrations, in their order."""
    found = await session.execute(
        select(RegistrationRow.id, RegistrationRow.status).where(RegistrationRow.id.in_(sale.registrations))
    )
    states: dict[UUID, str] = {row.id: row.status for row in found}
    return [states[registration] for registration in sale.registrations]


async def events_of(session: AsyncSession, sale: Sale) -> list[AuctionEventRow]:
    """The public record."""
    found = await session.execute(
        select(AuctionEventRow)
        .where(AuctionEventRow.auction_id == sale.auction_id)
        .order_by(AuctionEventRow.seq)
    )
    return list(found.scalars())


async def told(session: AsyncSession, sale: Sale) -> list[EventRow]:
    """What the room told the others."""
    found = await session.execute(
        select(EventRow).where(EventRow.subject_id == sale.auction_id).order_by(EventRow.id)
    )
    return list(found.scalars())
