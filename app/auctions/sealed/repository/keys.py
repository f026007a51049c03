"""Custodians' keys: registered, proven, retired; and whose they are."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.sealed.tables import CustodianKeyRow
from app.identity.tables import PartyRow
from app.kit.errors import NotFound


async def add(session: AsyncSession, row: CustodianKeyRow) -> CustodianKeyRow:
    """Store a new key."""
    session.add(row)
    await session.flush()
    return row


async def is_taken(session: AsyncSession, fingerprint: str) -> bool:
    """Whether a key is registered already, by whomever."""
    found = await session.execute(
        select(CustodianKeyRow.id).where(CustodianKeyRow.fingerprint == fingerprint)
    )
    return found.scalar_one_or_none() is not None


async def lock_own(session: AsyncSession, key_id: UUID, user_id: UUID, party_id: UUID) -> CustodianKeyRow:
    """The person's own key, locked. Somebody else's is `NotFound`."""
    found = await session.execute(
        select(CustodianKeyRow)
        .where(
            CustodianKeyRow.id == key_id,
            CustodianKeyRow.user_id == user_id,
            CustodianKeyRow.party_id == party_id,
        )
        .with_for_update(key_share=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def usable(
    session: AsyncSession, key_ids: Collection[UUID]
) -> dict[UUID, tuple[CustodianKeyRow, PartyRow]]:
    """Those of these keys that are proven and not retired, each with its party."""
    found = await session.execute(
        select(CustodianKeyRow, PartyRow)
        .join(PartyRow, PartyRow.id == CustodianKeyRow.party_id)
        .where(
            CustodianKeyRow.id.in_(key_ids),
            CustodianKeyRow.proven_at.is_not(None),
            CustodianKeyRow.retired_at.is_(None),
        )
    )
    return {key.id: (key, party) for key, party in found}


async def of_person(session: AsyncSession, user_id: UUID, party_id: UUID) -> Sequence[str]:
    """The fingerprints of a person's proven keys, retired ones included: what was sealed to them only they open."""
    found = await session.execute(
        select(CustodianKeyRow.fingerprint).where(
            CustodianKeyRow.user_id == user_id,
            CustodianKeyRow.party_id == party_id,
            CustodianKeyRow.proven_at.is_not(None),
        )
    )
    return found.scalars().all()


async def parties_of(session: AsyncSession, fingerprints: Collection[str]) -> set[UUID]:
    """Whose these keys are."""
    found = await session.execute(
        select(CustodianKeyRow.party_id).where(CustodianKeyRow.fingerprint.in_(fingerprints))
    )
    return set(found.scalars())
