"""Loading, locking and saving granted rights. A right's row is locked after the offering that grants it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.listings.grants.rules import Scope, right_key
from app.listings.grants.states import GrantStatus, ModeClass
from app.listings.grants.tables import GrantRow, RightRow
from app.listings.states import IpType
from app.listings.tables import IpRightRow


async def keys_of(session: AsyncSession, achievement_ids: Collection[UUID]) -> dict[str, UUID]:
    """The rights of achievements by their keys, each with an achievement that has it; know-how where there is no right."""
    rows = await session.scalars(
        select(IpRightRow)
        .where(IpRightRow.achievement_id.in_(achievement_ids))
        .order_by(IpRightRow.achievement_id, IpRightRow.position)
    )
    found: dict[str, UUID] = {}
    bare = set(achievement_ids)
    for row in rows:
        bare.discard(row.achievement_id)
        found.setdefault(key_of(row), row.achievement_id)
    return found | {f"KH:{one}": one for one in bare}


def key_of(row: IpRightRow) -> str:
    """The key of one right."""
    return right_key(
        country_code=row.country_code,
        kind=IpType(row.type),
        application_no=row.application_no,
        grant_no=row.grant_no,
        achievement_id=row.achievement_id,
    )


async def lock_rights(session: AsyncSession, keys: Collection[str]) -> None:
    """Hold these rights until the transaction ends, in the order of their keys."""
    ordered = sorted(set(keys))
    if not ordered:
        return
    rows = [{"right_key": key} for key in ordered]
    await session.execute(insert(RightRow).values(rows).on_conflict_do_nothing())
    await session.execute(
        select(RightRow.right_key)
        .where(RightRow.right_key.in_(ordered))
        .order_by(RightRow.right_key)
        .with_for_update(key_share=True)
    )


async def live(session: AsyncSession, keys: Collection[str]) -> Sequence[GrantRow]:
    """The grants on these rights that stand, the oldest first."""
    found = await session.scalars(
        select(GrantRow)
        .where(GrantRow.right_key.in_(keys), GrantRow.status == GrantStatus.LIVE)
        .order_by(GrantRow.id)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def of_source(session: AsyncSession, source_id: UUID) -> Sequence[GrantRow]:
    """The grants of one award or contract that stand, their rights locked."""
    keys = await session.scalars(select(GrantRow.right_key).where(GrantRow.source_id == source_id))
    await lock_rights(session, keys.all())
    found = await session.scalars(
        select(GrantRow)
        .where(GrantRow.source_id == source_id, GrantRow.status == GrantStatus.LIVE)
        .order_by(GrantRow.right_key)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def own(session: AsyncSession, grant_id: UUID, grantor_party_id: UUID) -> GrantRow:
    """A grant of a party's own. Raises `NotFound`."""
    row = await session.scalar(
        select(GrantRow).where(GrantRow.id == grant_id, GrantRow.grantor_party_id == grantor_party_id)
    )
    if row is None:
        raise NotFound()
    return row


async def add(session: AsyncSession, rows: Sequence[GrantRow]) -> None:
    """Store new grants on locked rights."""
    session.add_all(rows)
    await session.flush()


def scope_of(row: GrantRow) -> Scope:
    """What a grant covers."""
    return Scope(
        mode_class=ModeClass(row.mode_class),
        territories=frozenset(row.territories),
        fields=None if row.fields is None else frozenset(row.fields),
        field_text=row.field_text,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
