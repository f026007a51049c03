"""The slots of a round: made at its beginning, filled without a trace, published at its close."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.given import Published
from app.auctions.rules.sealed.terms import SealedTerms
from app.auctions.sealed.tables import SlotRow
from app.auctions.sealed.vault import Holder, Kept, vault_of
from app.auctions.tables import AuctionRow
from app.sealing.custody import Custody, Seat
from app.sealing.envelopes import nothing, seal
from app.sealing.wire import Place
from app.signing.rules.merkle import Tree

SLOTS_MIN: Final = 8
"""Fewer slots than this would tell too well how many bidders there are."""


def custody_of(sealed: SealedTerms) -> Custody:
    """The seats and keys that the terms fix."""
    seats = tuple(Seat(seat.no, tuple(bytes.fromhex(key) for key in seat.keys)) for seat in sealed.seats)
    return Custody(sealed.threshold, seats)


def slots_for(bidders: int) -> int:
    """How many slots a round has: a power of two above the number of its bidders, eight at least."""
    return max(SLOTS_MIN, 1 << bidders.bit_length())


async def prepare(
    session: AsyncSession,
    auction_id: UUID,
    round_no: int,
    sealed: SealedTerms,
    registrations: Sequence[UUID | None],
) -> list[SlotRow]:
    """One slot for each of these registrations (None: for nobody), every one with a dummy, in random order."""
    vault, custody = vault_of(session), custody_of(sealed)
    shuffled = list(registrations)
    secrets.SystemRandom().shuffle(shuffled)
    rows = []
    for registration_id in shuffled:
        place = Place(auction_id, round_no, uuid4())
        holder = Holder(registration_id) if registration_id is not None else None
        blob = vault.keep(Kept(seal(nothing(), place, custody), holder))
        rows.append(SlotRow(id=place.envelope_id, auction_id=auction_id, round_no=round_no, blob=blob))
    session.add_all(rows)
    await session.flush()
    return rows


async def rows_of(session: AsyncSession, auction_id: UUID, round_no: int) -> Sequence[SlotRow]:
    """The slots of a round, in the order of the Merkle tree: by their ids."""
    found = await session.execute(
        select(SlotRow)
        .where(SlotRow.auction_id == auction_id, SlotRow.round_no == round_no)
        .order_by(SlotRow.id)
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def kept_in(session: AsyncSession, auction_id: UUID, round_no: int) -> dict[UUID, Kept]:
    """What the slots of a round hold, in the order of the Merkle tree."""
    vault = vault_of(session)
    return {
        row.id: vault.read(row.blob, Place(auction_id, round_no, row.id))
        for row in await rows_of(session, auction_id, round_no)
    }


async def rewrite(session: AsyncSession, kept: Mapping[UUID, Kept]) -> None:
    """Write every blob of a round anew, whichever of them has changed."""
    vault = vault_of(session)
    order = list(kept.items())
    secrets.SystemRandom().shuffle(order)
    await session.execute(
        update(SlotRow), [{"id": slot_id, "blob": vault.keep(one)} for slot_id, one in order]
    )


async def published(session: AsyncSession, auction_id: UUID, round_no: int) -> Published:
    """The root over the envelopes as they lie, and their number."""
    kept = await kept_in(session, auction_id, round_no)
    tree = Tree(one.envelope.leaf for one in kept.values())
    return Published(root=tree.root.hex(), size=tree.size)


async def publish(session: AsyncSession, auction_id: UUID, round_no: int) -> None:
    """Show the envelopes of a round whose root is published; whose they are stays sealed until they are opened."""
    for row in await rows_of(session, auction_id, round_no):
        kept = vault_of(session).read(row.blob, Place(auction_id, round_no, row.id))
        row.envelope = kept.envelope.model_dump(mode="json")
    await session.flush()


async def forget(session: AsyncSession, auction_id: UUID, round_no: int) -> None:
    """Drop a round's slots with what was handed in for them: an earlier rehearsal."""
    await session.execute(
        delete(SlotRow).where(SlotRow.auction_id == auction_id, SlotRow.round_no == round_no)
    )


async def take_sealing(session: AsyncSession, status: str) -> Sequence[AuctionRow]:
    """The auctions in this state, locked; those that somebody else holds are passed over."""
    found = await session.execute(
        select(AuctionRow)
        .where(AuctionRow.status == status)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return found.scalars().all()
