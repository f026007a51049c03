"""Loading, locking and saving sessions, their brochure and who takes part.

Lock order: the session's row first, then an auction, then whatever a sale locks below it; a party's units last, several
by id. A bid locks its auction and the units of those whom it concerns, never the session.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from app.auctions.rules.terms import SessionProfile
from app.auctions.sessions import rules
from app.auctions.sessions.states import SessionStatus
from app.auctions.sessions.tables import (
    SaleSessionRow,
    SessionLotRow,
    SessionRegistrationRow,
)
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.identity.tables import MembershipRow
from app.kit.errors import NotFound
from app.markets.registrations.tables import RegistrationRow


async def add(session: AsyncSession, row: SaleSessionRow) -> SaleSessionRow:
    """Store a new draft."""
    session.add(row)
    await session.flush()
    return row


async def lock(session: AsyncSession, session_id: UUID, region_prefix: str = "") -> SaleSessionRow:
    """The session, locked until the transaction ends. Raises `NotFound`, also outside the region."""
    found = await session.execute(
        select(SaleSessionRow)
        .where(SaleSessionRow.id == session_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None or not row.region_code.startswith(region_prefix):
        raise NotFound()
    return row


async def take_due(session: AsyncSession) -> SaleSessionRow | None:
    """One session on which something is due by market time, locked; rows that somebody else holds are passed over."""
    found = await session.execute(
        select(SaleSessionRow)
        .where(SaleSessionRow.next_due_at <= text("market_now()"))
        .where((SaleSessionRow.retry_at.is_(None)) | (SaleSessionRow.retry_at <= text("clock_timestamp()")))
        .order_by(SaleSessionRow.next_due_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def put_off(session: AsyncSession, session_id: UUID) -> None:
    """Leave a session whose sweep failed alone for five real seconds."""
    await session.execute(
        update(SaleSessionRow)
        .where(SaleSessionRow.id == session_id)
        .values(retry_at=text("clock_timestamp() + interval '5 seconds'"))
    )


async def session_of(session: AsyncSession, auction_id: UUID) -> tuple[SaleSessionRow, int] | None:
    """The session of a lot, not locked, and the lot's brochure number."""
    found = await session.execute(
        select(SaleSessionRow, SessionLotRow.lot_no)
        .join(SessionLotRow, SessionLotRow.session_id == SaleSessionRow.id)
        .where(SessionLotRow.auction_id == auction_id)
        .execution_options(populate_existing=True)
    )
    told = found.one_or_none()
    return (told[0], told[1]) if told is not None else None


async def lots_of(session: AsyncSession, session_id: UUID) -> list[tuple[int, AuctionRow]]:
    """The lots of a session in brochure order, as they stand now."""
    found = await session.execute(
        select(SessionLotRow.lot_no, AuctionRow)
        .join(AuctionRow, AuctionRow.id == SessionLotRow.auction_id)
        .where(SessionLotRow.session_id == session_id)
        .order_by(SessionLotRow.lot_no)
        .execution_options(populate_existing=True)
    )
    return [(row.lot_no, row.AuctionRow) for row in found]


async def put_lots(session: AsyncSession, row: SaleSessionRow, auction_ids: Sequence[UUID]) -> None:
    """Write the brochure of a locked session anew: these auctions, numbered from 1. It is part of what is versioned."""
    await session.execute(delete(SessionLotRow).where(SessionLotRow.session_id == row.id))
    flag_modified(row, "sorted_at")
    await session.flush()
    if auction_ids:
        await session.execute(
            insert(SessionLotRow),
            [
                {"session_id": row.id, "lot_no": number, "auction_id": one}
                for number, one in enumerate(auction_ids, start=1)
            ],
        )


async def in_another(session: AsyncSession, session_id: UUID, auction_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the auctions that another session lists."""
    found = await session.scalars(
        select(SessionLotRow.auction_id).where(
            SessionLotRow.auction_id.in_(auction_ids), SessionLotRow.session_id != session_id
        )
    )
    return set(found)


def plain(row: SaleSessionRow, lots: Sequence[tuple[int, AuctionRow]]) -> rules.Session:
    """What the runner's rules know of a session."""
    return rules.Session(
        status=SessionStatus(row.status),
        profile=SessionProfile(row.profile),
        starts_at=row.starts_at,
        continues_at=row.continues_at,
        started_at=row.started_at,
        day_opens=rules.clock_of(row.day_opens),
        day_ends=rules.clock_of(row.day_ends),
        adjourns=row.adjourns,
        gap_seconds=row.gap_seconds,
        lots=[_lot(lot_no, auction) for lot_no, auction in lots],
    )


def _lot(lot_no: int, auction: AuctionRow) -> rules.Lot:
    status = AuctionStatus(auction.status)
    over_at = auction.last_at if status in rules.OVER and auction.bid_no + auction.seq > 0 else None
    return rules.Lot(lot_no=lot_no, status=status, over_at=over_at, starts_at=auction.starts_at)


async def parties_of(session: AsyncSession, user_id: UUID) -> set[UUID]:
    """The parties that a person belongs to now."""
    found = await session.scalars(
        select(MembershipRow.party_id).where(
            MembershipRow.user_id == user_id, MembershipRow.ended_at.is_(None)
        )
    )
    return set(found)


async def roles_of(session: AsyncSession, user_id: UUID) -> set[str]:
    """The roles that a person holds now, in whichever party."""
    found = await session.scalars(
        select(MembershipRow.roles).where(MembershipRow.user_id == user_id, MembershipRow.ended_at.is_(None))
    )
    return {role for roles in found for role in roles}


async def registration_of(
    session: AsyncSession, session_id: UUID, party_id: UUID
) -> SessionRegistrationRow | None:
    """A party's registration for a session."""
    found = await session.execute(
        select(SessionRegistrationRow)
        .where(
            SessionRegistrationRow.session_id == session_id, SessionRegistrationRow.buyer_party_id == party_id
        )
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def find_registration(session: AsyncSession, registration_id: UUID) -> SessionRegistrationRow | None:
    """One registration for a session, not locked. None for a reference that is none."""
    return await session.get(SessionRegistrationRow, registration_id)


async def lock_registration(session: AsyncSession, registration_id: UUID) -> SessionRegistrationRow:
    """One registration for a session, locked. Raises `NotFound`."""
    found = await _locked(session, SessionRegistrationRow.id == registration_id)
    if not found:
        raise NotFound()
    return found[0]


async def lock_registrations(session: AsyncSession, session_id: UUID) -> Sequence[SessionRegistrationRow]:
    """All registrations of a session, locked, in the order of their ids."""
    return await _locked(session, SessionRegistrationRow.session_id == session_id)


async def by_paddle(session: AsyncSession, session_id: UUID, paddle_no: int) -> SessionRegistrationRow | None:
    """Who was handed a paddle."""
    found = await session.execute(
        select(SessionRegistrationRow).where(
            SessionRegistrationRow.session_id == session_id,
            SessionRegistrationRow.paddle_no == paddle_no,
            SessionRegistrationRow.handed_out_at.is_not(None),
        )
    )
    return found.scalar_one_or_none()


async def add_registration(session: AsyncSession, row: SessionRegistrationRow) -> SessionRegistrationRow:
    """Store a new registration."""
    session.add(row)
    await session.flush()
    return row


async def lot_registrations(
    session: AsyncSession, session_id: UUID, party_ids: Iterable[UUID]
) -> Sequence[RegistrationRow]:
    """The registrations of these parties for the lots of a session, in the order of their ids."""
    found = await session.execute(
        select(RegistrationRow)
        .join(AuctionRow, AuctionRow.offering_id == RegistrationRow.offering_id)
        .join(SessionLotRow, SessionLotRow.auction_id == AuctionRow.id)
        .where(SessionLotRow.session_id == session_id, RegistrationRow.buyer_party_id.in_(set(party_ids)))
        .order_by(RegistrationRow.id)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def _locked(session: AsyncSession, condition: object) -> Sequence[SessionRegistrationRow]:
    found = await session.execute(
        select(SessionRegistrationRow)
        .where(condition)  # type: ignore[arg-type]
        .order_by(SessionRegistrationRow.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


def free_of(row: SessionRegistrationRow) -> int:
    """The units of a registration that stand behind no lot."""
    held = row.held_at is not None and row.released_at is None
    return rules.free_units(units=row.units, leading=row.units_leading, won=row.units_won, held=held)
