"""Loading, locking and saving negotiations. The offering is locked first by whoever may award or open."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.listings.tables import AchievementRow
from app.markets.negotiated.rules import Offer, Talk
from app.markets.negotiated.states import LIVE, NegotiationStatus, Side
from app.markets.negotiated.tables import NegotiationOfferRow, NegotiationRow
from app.markets.tables import OfferingRow, OfferingSubjectRow


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
    """A buyer's negotiation about an offering that is not over."""
    found = await session.execute(
        select(NegotiationRow.id).where(
            NegotiationRow.offering_id == offering_id,
            NegotiationRow.buyer_party_id == buyer_party_id,
            NegotiationRow.status.in_(LIVE),
        )
    )
    return found.scalar_one_or_none()


async def lock_live(session: AsyncSession, offering_id: UUID) -> Sequence[NegotiationRow]:
    """The negotiations about an offering that are not over, locked, in the order of their ids."""
    found = await session.execute(
        select(NegotiationRow)
        .where(NegotiationRow.offering_id == offering_id, NegotiationRow.status.in_(LIVE))
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


async def accepted(session: AsyncSession, row: NegotiationRow) -> NegotiationOfferRow:
    """The round that both sides agree on. Only where there is one."""
    found = await session.execute(
        select(NegotiationOfferRow).where(
            NegotiationOfferRow.negotiation_id == row.id, NegotiationOfferRow.round == row.accepted_round
        )
    )
    return found.scalar_one()


def talk_of(row: NegotiationRow, offer: NegotiationOfferRow | None) -> Talk:
    """A locked negotiation as the rules see it."""
    return Talk(
        status=NegotiationStatus(row.status),
        quiet_until=row.quiet_until,
        latest=None
        if offer is None
        else Offer(offer_id=offer.id, side=Side(offer.side), valid_until=offer.valid_until),
    )


@dataclass(frozen=True)
class Noticed:
    """What a price notice says of others than the terms: achievements, names, and where to object."""

    titles: list[str]
    abstracts: list[str]
    holder_name: str
    buyer_name: str
    objection_procedure: str | None


async def noticed_of(session: AsyncSession, row: NegotiationRow) -> Noticed:
    """What the notice of a locked negotiation says of its achievements and its two sides."""
    found = await session.execute(
        select(AchievementRow.title, AchievementRow.abstract)
        .join(OfferingSubjectRow, OfferingSubjectRow.achievement_id == AchievementRow.id)
        .where(OfferingSubjectRow.offering_id == row.offering_id)
        .order_by(OfferingSubjectRow.position)
    )
    told = found.all()
    holder = await session.execute(
        select(PartyRow.name, PartyRow.objection_procedure)
        .join(OfferingRow, OfferingRow.holder_party_id == PartyRow.id)
        .where(OfferingRow.id == row.offering_id)
    )
    name, procedure = holder.one()
    buyer = await session.execute(select(PartyRow.name).where(PartyRow.id == row.buyer_party_id))
    return Noticed(
        titles=[one.title for one in told],
        abstracts=[one.abstract for one in told],
        holder_name=name,
        buyer_name=buyer.scalar_one(),
        objection_procedure=procedure,
    )


async def offering_id(session: AsyncSession, negotiation_id: UUID) -> UUID:
    """Which offering a negotiation is about. Raises `NotFound`."""
    found = await session.execute(
        select(NegotiationRow.offering_id).where(NegotiationRow.id == negotiation_id)
    )
    told = found.scalar_one_or_none()
    if told is None:
        raise NotFound()
    return told


async def add(session: AsyncSession, row: NegotiationRow | NegotiationOfferRow) -> None:
    """Store a new negotiation or offer."""
    session.add(row)
    await session.flush()
