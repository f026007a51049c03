"""Loading, locking and saving negotiations. The offering is locked first by whoever may award or open."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.markets.negotiated.rules import Offer, Talk
from app.markets.negotiated.states import NegotiationStatus, Side
from app.markets.negotiated.tables import NegotiationOfferRow, NegotiationRow


async def offering_of(session: AsyncSession, negotiation_id: UUID, party_id: UUID) -> UUID:
    """Which offering a party's own negotiation is about. Raises `NotFound` for anybody else's."""
    found = await session.execute(
        select(NegotiationRow.offering_id).where(
            NegotiationRow.id == negotiation_id,
            (NegotiationRow.buyer_party_id == party_id) | (NegotiationRow.seller_party_id == party_id),
        )
    )
    offering_id = found.scalar_one_or_none()
    if offering_id is None:
        raise NotFound()
    return offering_id


async def lock(session: AsyncSession, negotiation_id: UUID) -> NegotiationRow:
    """The negotiation, locked until the transaction ends. Raises `NotFound`."""
    found = await session.execute(
        select(NegotiationRow)
        .where(NegotiationRow.id == negotiation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def open_of(session: AsyncSession, offering_id: UUID, buyer_party_id: UUID) -> UUID | None:
    """A buyer's open negotiation about an offering."""
    found = await session.execute(
        select(NegotiationRow.id).where(
            NegotiationRow.offering_id == offering_id,
            NegotiationRow.buyer_party_id == buyer_party_id,
            NegotiationRow.status == NegotiationStatus.OPEN,
        )
    )
    return found.scalar_one_or_none()


async def lock_open(session: AsyncSession, offering_id: UUID) -> Sequence[NegotiationRow]:
    """The open negotiations about an offering, locked, in the order of their ids."""
    found = await session.execute(
        select(NegotiationRow)
        .where(NegotiationRow.offering_id == offering_id, NegotiationRow.status == NegotiationStatus.OPEN)
        .order_by(NegotiationRow.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def take_due(session: AsyncSession) -> NegotiationRow | None:
    """One negotiation that is due by market time, locked; rows that somebody else holds are passed over."""
    found = await session.execute(
        select(NegotiationRow)
        .where(NegotiationRow.next_due_at <= text("market_now()"))
        .order_by(NegotiationRow.next_due_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def latest(session: AsyncSession, row: NegotiationRow) -> NegotiationOfferRow | None:
    """The last offer made."""
    found = await session.execute(
        select(NegotiationOfferRow).where(
            NegotiationOfferRow.negotiation_id == row.id, NegotiationOfferRow.round == row.rounds
        )
    )
    return found.scalar_one_or_none()


def talk_of(row: NegotiationRow, offer: NegotiationOfferRow | None) -> Talk:
    """A locked negotiation as the rules see it."""
    return Talk(
        status=NegotiationStatus(row.status),
        quiet_until=row.quiet_until,
        latest=None
        if offer is None
        else Offer(offer_id=offer.id, side=Side(offer.side), valid_until=offer.valid_until),
    )


async def add(session: AsyncSession, row: NegotiationRow | NegotiationOfferRow) -> None:
    """Store a new negotiation or offer."""
    session.add(row)
    await session.flush()
