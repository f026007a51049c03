"""Opened shares and releases. What was handed in stays: a restart in the middle of an opening loses nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.sealed.tables import ReleaseRow, ShareRow, SlotRow


@dataclass(frozen=True)
class HandedIn:
    """One seat's share of one envelope; None where the seat could not open it."""

    envelope_id: UUID
    seat: int
    share: bytes | None
    key: str
    by: UUID | None


async def hand_in(session: AsyncSession, given: Iterable[HandedIn]) -> None:
    """Store what a seat hands in. A share replaces the word that there is none; nothing replaces a share."""
    for one in given:
        statement = upsert(ShareRow).values(
            envelope_id=one.envelope_id, seat=one.seat, share=one.share, key=one.key, handed_in_by=one.by
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[ShareRow.envelope_id, ShareRow.seat],
                set_={"share": one.share, "key": one.key, "handed_in_by": one.by},
                where=ShareRow.share.is_(None),
            )
        )


async def shares_of(session: AsyncSession, auction_id: UUID, round_no: int) -> Sequence[ShareRow]:
    """Everything that was handed in for a round."""
    found = await session.execute(
        select(ShareRow)
        .join(SlotRow, SlotRow.id == ShareRow.envelope_id)
        .where(SlotRow.auction_id == auction_id, SlotRow.round_no == round_no)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def release(session: AsyncSession, auction_id: UUID, round_no: int, user_id: UUID) -> bool:
    """Store an officer's release. False where he had released before."""
    made = await session.execute(
        upsert(ReleaseRow)
        .values(auction_id=auction_id, round_no=round_no, user_id=user_id)
        .on_conflict_do_nothing()
        .returning(ReleaseRow.user_id)
    )
    return made.scalar_one_or_none() is not None


async def released_by(session: AsyncSession, auction_id: UUID, round_no: int) -> set[UUID]:
    """Which officers have released a round."""
    found = await session.execute(
        select(ReleaseRow.user_id).where(ReleaseRow.auction_id == auction_id, ReleaseRow.round_no == round_no)
    )
    return set(found.scalars())
