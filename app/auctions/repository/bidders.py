"""Who bids: his standing at this moment, and, where the sale ends, who stands behind a code."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.snapshot import Standing
from app.auctions.tables import AuctionRow
from app.identity.access import Actor
from app.markets.registrations.states import RegistrationStatus
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import OfferingRow
from app.settlement.states import DepositStatus
from app.settlement.tables import DepositRow

_MAY_BID = (RegistrationStatus.QUALIFIED, RegistrationStatus.QUALIFIED_PENDING_DEPOSIT)
"""Decided in his favour; whether the deposit is held is asked of settlement itself."""


@dataclass(frozen=True)
class Bidder:
    """Who bids, at this moment: the registration that he bids under and what the engine needs to know of him."""

    registration_id: UUID | None
    standing: Standing


@dataclass(frozen=True)
class Identity:
    """Whose bid it was. Read only where the sale ends, or for the bidder himself."""

    registration_id: UUID
    party_id: UUID


async def bidder_for(session: AsyncSession, row: AuctionRow, party_id: UUID) -> Bidder:
    """The standing of a party in a locked auction for which somebody in the hall enters a bid or a signed form's maximum.

    Whoever enters it is not asked; related is the party itself where it is the holder's, or that for whom the sale was
    entered.
    """
    told = await _told(session, row, party_id)
    return _bidder(row, party_id, told, related=party_id in (told.holder_party_id, row.entered_on_behalf_of))


async def bidder_of(session: AsyncSession, row: AuctionRow, actor: Actor) -> Bidder:
    """The standing of somebody's party in a locked auction, in one statement: seller, registration, decision, deposit,
    code. Related is also who belongs to the seller, the holder or the exchange while he acts for another party.
    """
    told = await _told(session, row, actor.party_id)
    related = actor.serves_exchange or actor.belongs_to(
        row.seller_party_id, told.holder_party_id, row.entered_on_behalf_of
    )
    return _bidder(row, actor.party_id, told, related=related)


async def _told(session: AsyncSession, row: AuctionRow, party_id: UUID) -> Any:
    found = await session.execute(
        select(
            OfferingRow.holder_party_id,
            RegistrationRow.id,
            RegistrationRow.status,
            RegistrationRow.passed,
            RegistrationRow.bidder_code,
            DepositRow.status.label("deposit_status"),
        )
        .select_from(OfferingRow)
        .outerjoin(
            RegistrationRow,
            and_(RegistrationRow.offering_id == OfferingRow.id, RegistrationRow.buyer_party_id == party_id),
        )
        .outerjoin(DepositRow, DepositRow.reference_id == RegistrationRow.id)
        .where(OfferingRow.id == row.offering_id)
    )
    return found.one()


def _bidder(row: AuctionRow, party_id: UUID, told: Any, *, related: bool) -> Bidder:
    return Bidder(
        registration_id=told.id,
        standing=Standing(
            is_seller=party_id == row.seller_party_id,
            is_related=related,
            is_registered=told.id is not None,
            is_qualified=bool(told.passed) and told.status in _MAY_BID,
            deposit_held=told.deposit_status == DepositStatus.HELD,
            code=told.bidder_code,
        ),
    )


async def identity_of(session: AsyncSession, row: AuctionRow, code: str) -> Identity:
    """Who stands behind a code. Asked only where the sale ends, or in order to tell him."""
    return (await identities(session, row, [code]))[code]


async def identities(session: AsyncSession, row: AuctionRow, codes: Iterable[str]) -> dict[str, Identity]:
    """Who stands behind these codes of a sale."""
    found = await session.execute(
        select(RegistrationRow.bidder_code, RegistrationRow.id, RegistrationRow.buyer_party_id).where(
            RegistrationRow.offering_id == row.offering_id, RegistrationRow.bidder_code.in_(set(codes))
        )
    )
    return {told.bidder_code: Identity(told.id, told.buyer_party_id) for told in found}
