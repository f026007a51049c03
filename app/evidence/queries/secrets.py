"""What was secret until the close, and who asked for it."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.tables import AuctionRow, BidRow, ReserveRow
from app.evidence.rules.secrets import Secret
from app.evidence.schemas import IdentitiesOut, IdentityOut, ReserveOut, SecretReadOut, SecretReadPage
from app.evidence.tables import SecretReadRow
from app.identity.access import Actor, within_scope
from app.identity.tables import PartyRow, UserRow
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import AwardRow


async def identities(session: AsyncSession, row: AuctionRow) -> IdentitiesOut:
    """Who stood behind which code of a sale that has ended."""
    counted = (
        select(BidRow.registration_id, func.count().label("bids"))
        .where(BidRow.auction_id == row.id)
        .group_by(BidRow.registration_id)
        .subquery()
    )
    found = await session.execute(
        select(RegistrationRow, PartyRow.name, func.coalesce(counted.c.bids, 0), AwardRow.id)
        .join(PartyRow, PartyRow.id == RegistrationRow.buyer_party_id)
        .outerjoin(counted, counted.c.registration_id == RegistrationRow.id)
        .outerjoin(AwardRow, (AwardRow.registration_id == RegistrationRow.id) & (AwardRow.id == row.award_id))
        .where(RegistrationRow.offering_id == row.offering_id, RegistrationRow.bidder_code.is_not(None))
        .order_by(RegistrationRow.bidder_code)
    )
    return IdentitiesOut(
        data=[
            IdentityOut(
                bidder_code=registration.bidder_code,
                party_id=registration.buyer_party_id,
                party_name=name,
                registration_number=registration.number,
                bids=bids,
                won=award_id is not None,
            )
            for registration, name, bids, award_id in found
        ]
    )


async def reserve(session: AsyncSession, row: AuctionRow) -> ReserveOut:
    """The secret reserve of a sale that has ended."""
    kept = await session.get_one(ReserveRow, row.id)
    return ReserveOut(
        reserve=MoneyOut.of(kept.reserve_minor),
        salt=kept.salt.hex(),
        commitment=row.terms["reserve_commitment"],
    )


async def secret_reads(
    session: AsyncSession, *, actor: Actor, auction_id: UUID | None, cursor: str | None, limit: int
) -> SecretReadPage:
    """Who asked for identities and reserves of sales in the reader's region, the latest first."""
    filters = {"auction_id": auction_id}
    statement = (
        select(SecretReadRow, UserRow.name, PartyRow.name)
        .join(UserRow, UserRow.id == SecretReadRow.user_id)
        .join(PartyRow, PartyRow.id == SecretReadRow.party_id)
        .join(AuctionRow, AuctionRow.id == SecretReadRow.auction_id)
        .where(within_scope(AuctionRow.region_code, actor))
    )
    if auction_id is not None:
        statement = statement.where(SecretReadRow.auction_id == auction_id)
    if cursor is not None:
        (last_id,) = decode_cursor(cursor, filters, (int,))
        statement = statement.where(SecretReadRow.id < last_id)
    found = await session.execute(statement.order_by(SecretReadRow.id.desc()).limit(limit + 1))
    rows = [
        SecretReadOut(
            id=row.id,
            auction_id=row.auction_id,
            what=Secret(row.what),
            granted=row.granted,
            refusal=row.refusal,
            user_name=user_name,
            party_name=party_name,
            at=row.at,
        )
        for row, user_name, party_name in found
    ]
    shown, more = rows[:limit], len(rows) > limit
    return SecretReadPage(
        data=shown,
        next_cursor=encode_cursor([shown[-1].id], filters) if more else None,
        has_more=more,
    )
