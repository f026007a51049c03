"""Imports' SQL for writing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.listings.imports.rules.rows import Finding
from app.listings.imports.states import ImportStatus, RowOutcome
from app.listings.imports.tables import ImportFindingRow, ImportMappingRow, ImportRow
from app.listings.states import AchievementStatus
from app.listings.tables import AchievementRow, IpRightRow, OwnershipShareRow

STALE_MINUTES = 15
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:holder || ' ' || :source, 5))")


@dataclass(frozen=True)
class Stored:
    """An achievement that came from the same source under the same external id."""

    id: UUID
    status: AchievementStatus
    digest: bytes | None


async def lock(session: AsyncSession, import_id: UUID) -> ImportRow:
    """Lock one import."""
    row = await session.scalar(
        select(ImportRow)
        .where(ImportRow.id == import_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    return row


async def mapping(session: AsyncSession, mapping_id: UUID, party_id: UUID) -> dict[str, Any]:
    """A party's own stored mapping."""
    found: dict[str, Any] | None = await session.scalar(
        select(ImportMappingRow.mapping).where(
            ImportMappingRow.id == mapping_id, ImportMappingRow.party_id == party_id
        )
    )
    if found is None:
        raise NotFound(field="/query/mapping_id")
    return found


async def unfinished(session: AsyncSession, party_id: UUID) -> int:
    """How many imports of a party wait or run."""
    waiting = (ImportStatus.QUEUED, ImportStatus.RUNNING)
    found = await session.scalar(
        select(func.count()).where(ImportRow.party_id == party_id, ImportRow.status.in_(waiting))
    )
    return found or 0


async def stale(session: AsyncSession) -> ImportRow | None:
    """A run without a sign of life for a quarter of a real hour, locked; None if there is none."""
    limit = func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, STALE_MINUTES)
    return await session.scalar(
        select(ImportRow)
        .where(ImportRow.status == ImportStatus.RUNNING, ImportRow.touched_at < limit)
        .order_by(ImportRow.touched_at)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
    )


async def stored(session: AsyncSession, run: ImportRow, external_ids: Iterable[str]) -> dict[str, Stored]:
    """What is already there of these rows, locked. Imports of one holder and source wait for each other here."""
    await session.execute(_ONE_AT_A_TIME, {"holder": str(run.holder_party_id), "source": run.source})
    rows = await session.execute(
        select(
            AchievementRow.id,
            AchievementRow.external_id,
            AchievementRow.status,
            AchievementRow.import_digest,
        )
        .where(
            AchievementRow.holder_party_id == run.holder_party_id,
            AchievementRow.source == run.source,
            AchievementRow.external_id.in_(list(external_ids)),
        )
        .order_by(AchievementRow.id)
        .with_for_update(key_share=True)
    )
    return {row.external_id: Stored(row.id, AchievementStatus(row.status), row.import_digest) for row in rows}


async def achievement(session: AsyncSession, achievement_id: UUID) -> AchievementRow:
    """One achievement that `stored` has locked."""
    return await session.get_one(AchievementRow, achievement_id)


async def insert_achievements(
    session: AsyncSession,
    achievements: Sequence[dict[str, Any]],
    rights: Sequence[dict[str, Any]],
    shares: Sequence[dict[str, Any]],
) -> None:
    """Many at once."""
    for table, values in ((AchievementRow, achievements), (IpRightRow, rights), (OwnershipShareRow, shares)):
        if values:
            await session.execute(insert(table), values)


async def insert_findings(
    session: AsyncSession, import_id: UUID, found: Sequence[tuple[int, RowOutcome, Sequence[Finding]]]
) -> None:
    """What was said about rows: number, what became of it, and why."""
    values = [
        {
            "import_id": import_id,
            "row": number,
            "position": position,
            "outcome": outcome,
            "pointer": finding.pointer,
            "column": finding.column,
            "code": finding.code,
            "reason_zh": finding.reason_zh,
            "reason_en": finding.reason_en,
        }
        for number, outcome, findings in found
        for position, finding in enumerate(findings)
    ]
    if values:
        await session.execute(insert(ImportFindingRow), values)
