"""Files' SQL for writing."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.files.states import FileStatus, ReadWay
from app.files.tables import FileReaderRow, FileReadRow, FileRow
from app.kit.errors import NotFound


async def add(session: AsyncSession, row: FileRow) -> FileRow:
    """Store a new file's row."""
    session.add(row)
    await session.flush()
    return row


async def lock(session: AsyncSession, file_id: UUID) -> FileRow:
    """Lock one file. Raises `NotFound`."""
    row = await session.scalar(
        select(FileRow)
        .where(FileRow.id == file_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    return row


async def lock_in_region(session: AsyncSession, file_id: UUID, region_prefix: str) -> FileRow:
    """A file of a region's subtree, locked: staff of a city see to their own. Others are `NotFound`."""
    row = await lock(session, file_id)
    if not row.region_code.startswith(region_prefix):
        raise NotFound()
    return row


async def unused(session: AsyncSession, party_id: UUID) -> int:
    """How many files a party has uploaded and not used."""
    found = await session.scalar(
        select(func.count()).where(
            FileRow.owner_party_id == party_id,
            FileRow.subject_id.is_(None),
            FileRow.status == FileStatus.KEPT,
        )
    )
    return found or 0


async def grant(session: AsyncSession, file_id: UUID, party_ids: Iterable[UUID]) -> None:
    """Let parties read a file; who may already, may still."""
    values = [{"file_id": file_id, "party_id": party_id} for party_id in dict.fromkeys(party_ids)]
    if values:
        await session.execute(upsert(FileReaderRow).values(values).on_conflict_do_nothing())


async def note_read(
    session: AsyncSession, *, file_id: UUID, user_id: UUID | None, party_id: UUID | None, way: ReadWay
) -> None:
    """Record that somebody is given the bytes."""
    await session.execute(
        insert(FileReadRow).values(file_id=file_id, user_id=user_id, party_id=party_id, way=way)
    )


async def to_delete(session: AsyncSession) -> FileRow | None:
    """A file whose bytes must go, locked; None if there is none."""
    return await session.scalar(
        select(FileRow)
        .where(FileRow.status != FileStatus.KEPT, FileRow.store_key.is_not(None))
        .order_by(FileRow.id)
        .limit(1)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
