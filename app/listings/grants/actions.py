"""Grant a right, and end a grant. Rights are locked in the order of their keys, after the offering that grants them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.events import outbox
from app.listings.grants import repository
from app.listings.grants.events import RightEnded, RightGranted
from app.listings.grants.rules import Scope
from app.listings.grants.states import MACHINE, GrantEnd, GrantSource, GrantStatus, ModeClass
from app.listings.grants.tables import GrantRow


async def hold(session: AsyncSession, right_keys: Collection[str]) -> None:
    """Hold these rights until the transaction ends: nobody else grants them or brings them to market meanwhile."""
    await repository.lock_rights(session, right_keys)


async def grant(
    session: AsyncSession,
    *,
    rights: Mapping[str, UUID],
    scope: Scope,
    grantor_party_id: UUID,
    grantee_party_id: UUID | None,
    grantee_name: str,
    source: GrantSource,
    source_id: UUID,
    entered_by: UUID,
    at: datetime,
    document_no: str | None = None,
    file_id: UUID | None = None,
) -> None:
    """Enter a grant of these held rights (key: an achievement that has it). Whether it may be made is the caller's to ask."""
    await repository.add(
        session,
        [
            GrantRow(
                right_key=key,
                achievement_id=achievement_id,
                mode_class=scope.mode_class,
                grantor_party_id=grantor_party_id,
                grantee_party_id=grantee_party_id,
                grantee_name=grantee_name,
                territories=sorted(scope.territories),
                fields=sorted(scope.fields) if scope.fields else None,
                field_text=scope.field_text,
                starts_on=scope.starts_on,
                ends_on=scope.ends_on,
                source=source,
                source_id=source_id,
                document_no=document_no,
                file_id=file_id,
                entered_by=entered_by,
                entered_at=at,
            )
            for key, achievement_id in sorted(rights.items())
        ],
    )
    for achievement_id in sorted(set(rights.values())):
        await outbox.record(
            session,
            RightGranted(
                subject_id=achievement_id,
                at=at,
                parties=tuple(one for one in (grantor_party_id, grantee_party_id) if one is not None),
                source=source,
                source_id=source_id,
                mode_class=ModeClass(scope.mode_class),
                rights=tuple(key for key, of in sorted(rights.items()) if of == achievement_id),
                starts_on=scope.starts_on,
                ends_on=scope.ends_on,
            ),
        )


async def end(
    session: AsyncSession,
    *,
    source_id: UUID,
    reason: GrantEnd,
    at: datetime,
    ended_by: UUID,
    document_no: str | None = None,
) -> bool:
    """End the grants of an award or a contract; whether there were any that stood."""
    rows = await repository.of_source(session, source_id)
    for row in rows:
        MACHINE.advance(row, GrantStatus.ENDED)
        row.ended_at, row.end_reason = at, reason
        row.end_document_no, row.ended_by = document_no, ended_by
    for achievement_id in sorted({row.achievement_id for row in rows}):
        mine = [row for row in rows if row.achievement_id == achievement_id]
        parties = (mine[0].grantor_party_id, mine[0].grantee_party_id)
        await outbox.record(
            session,
            RightEnded(
                subject_id=achievement_id,
                at=at,
                parties=tuple(one for one in parties if one is not None),
                source=GrantSource(mine[0].source),
                source_id=source_id,
                rights=tuple(row.right_key for row in mine),
                reason=reason,
            ),
        )
    return bool(rows)
