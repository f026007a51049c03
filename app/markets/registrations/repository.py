"""Loading, locking and saving registrations, always after the lock of their offering where the sale's end is at stake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
from app.identity.states import ReviewStatus
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.markets.registrations.joint.tables import JointMemberRow
from app.markets.registrations.rules import WHOLE_BP, Window
from app.markets.registrations.states import LIVE
from app.markets.registrations.tables import RegistrationReadRow, RegistrationRow
from app.markets.states import OfferingStatus, Path
from app.markets.tables import OfferingRow
from app.settlement.queries import deposits_of


@dataclass(frozen=True)
class Buyer:
    """Who buys under a registration, and his share in basis points."""

    party_id: UUID
    share_bp: int


async def buyers_of(session: AsyncSession, registration_id: UUID) -> list[Buyer]:
    """The buyers of a registration, the one who bids for them first."""
    members = await session.scalars(
        select(JointMemberRow)
        .where(JointMemberRow.registration_id == registration_id)
        .order_by(JointMemberRow.position)
    )
    found = [Buyer(one.party_id, one.share_bp) for one in members]
    if found:
        return found
    row = await session.get_one(RegistrationRow, registration_id)
    return [Buyer(row.buyer_party_id, WHOLE_BP)]


@dataclass(frozen=True)
class Winner:
    """Who stands behind a bidder's code: a registration, and its buyers, the one who bids for them first."""

    registration_id: UUID
    buyers: list[Buyer]


_BEHIND: Final = (
    "SELECT r.id, r.buyer_party_id, m.party_id, m.share_bp FROM registrations r"
    " LEFT JOIN registration_members m ON m.registration_id = r.id"
    " WHERE r.offering_id = $1::uuid AND r.bidder_code = $2::text ORDER BY m.position"
)


async def winner_of(session: AsyncSession, offering_id: UUID, code: str) -> Winner:
    """Who stands behind a code of an offering. Raises `NotFound`."""
    found = await plain.fetch(session, _BEHIND, offering_id, code)
    if not found:
        raise NotFound()
    members = [Buyer(row["party_id"], row["share_bp"]) for row in found if row["party_id"] is not None]
    return Winner(found[0]["id"], members or [Buyer(found[0]["buyer_party_id"], WHOLE_BP)])


async def lock(session: AsyncSession, registration_id: UUID) -> RegistrationRow:
    """The registration, locked until the transaction ends. Raises `NotFound`."""
    found = await session.execute(
        select(RegistrationRow)
        .where(RegistrationRow.id == registration_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def offering_of(session: AsyncSession, registration_id: UUID) -> UUID | None:
    """Which offering a registration is for. None for a reference that is no registration."""
    found = await session.execute(
        select(RegistrationRow.offering_id).where(RegistrationRow.id == registration_id)
    )
    return found.scalar_one_or_none()


async def existing(session: AsyncSession, offering_id: UUID, buyer_party_id: UUID) -> RegistrationRow | None:
    """A party's registration for an offering."""
    found = await session.execute(
        select(RegistrationRow)
        .where(RegistrationRow.offering_id == offering_id, RegistrationRow.buyer_party_id == buyer_party_id)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def add(session: AsyncSession, row: RegistrationRow) -> RegistrationRow:
    """Store a new registration."""
    session.add(row)
    await session.flush()
    return row


async def lock_live(session: AsyncSession, offering_id: UUID) -> Sequence[RegistrationRow]:
    """The registrations of an offering that still count, locked, in the order of their ids."""
    found = await session.execute(
        select(RegistrationRow)
        .where(RegistrationRow.offering_id == offering_id, RegistrationRow.status.in_(LIVE))
        .order_by(RegistrationRow.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def give_codes(session: AsyncSession, offering_id: UUID, codes: Mapping[UUID, str]) -> None:
    """Give parties the codes that were drawn for them elsewhere, such as a session's paddle numbers.

    codes: by party. A code that is drawn stays; a party whose registration does not count gets none. Lock the offering
    first.
    """
    for row in await lock_live(session, offering_id):
        row.bidder_code = row.bidder_code or codes.get(row.buyer_party_id)
    await session.flush()


async def held(session: AsyncSession, registration_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the registrations whose deposit settlement holds, whether or not its event has been handled yet."""
    deposits = await deposits_of(session, registration_ids)
    return frozenset(reference_id for reference_id, deposit in deposits.items() if deposit.held)


async def party_status(session: AsyncSession, party_id: UUID) -> ReviewStatus:
    """Whether a party has passed its review."""
    found = await session.execute(select(PartyRow.status).where(PartyRow.id == party_id))
    return ReviewStatus(found.scalar_one())


async def note_read(
    session: AsyncSession, *, user_id: UUID, offering_id: UUID | None, registration_ids: Sequence[UUID]
) -> None:
    """Write down who has read whose registrations."""
    session.add(
        RegistrationReadRow(user_id=user_id, offering_id=offering_id, registration_ids=list(registration_ids))
    )
    await session.flush()


def window_of(row: OfferingRow) -> Window:
    """The offering as a registration sees it."""
    return Window(
        status=OfferingStatus(row.status),
        path=Path(row.path),
        capacity=row.capacity,
        seller_party_id=row.seller_party_id,
        ask_minor=row.ask_minor,
        opens_at=row.registration_opens_at,
        ends_at=row.registration_ends_at,
        is_paused=row.registration_paused_at is not None,
    )
