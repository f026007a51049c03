"""Reading files: what they are, for whom, and who has read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.files.errors import FileGone
from app.files.schemas import FileOut, FileReadOut, FileReadPage, TombstoneOut
from app.files.states import FileClass, FileStatus, MediaType, ReadWay
from app.files.tables import FileReaderRow, FileReadRow, FileRow
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.tables import PartyRow, UserRow
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor


@dataclass(frozen=True)
class FileFact:
    """What other rooms put on record of a file: what it is, and whether it is still there."""

    id: UUID
    sha256: bytes
    size: int
    name: str
    media_type: MediaType
    file_class: FileClass
    redacted_at: datetime | None
    taken_reason: str | None
    store_key: str | None


def fact_of(row: FileRow) -> FileFact:
    """A row's facts."""
    return FileFact(
        row.id,
        row.sha256,
        row.size,
        row.name,
        MediaType(row.media_type),
        FileClass(row.file_class),
        row.taken_at,
        row.taken_reason,
        row.store_key,
    )


async def digest(session: AsyncSession, file_id: UUID) -> FileFact:
    """What a file is. Raises `NotFound`. Whoever asks must know that it may be told."""
    return (await facts(session, [file_id])).get(file_id) or _absent()


def _absent() -> FileFact:
    raise NotFound()


async def facts(session: AsyncSession, file_ids: Iterable[UUID]) -> dict[UUID, FileFact]:
    """What files are, by id."""
    rows = await session.scalars(
        select(FileRow).where(FileRow.id.in_(set(file_ids))).execution_options(populate_existing=True)
    )
    return {row.id: fact_of(row) for row in rows}


async def of_subject(session: AsyncSession, kind: str, subject_id: UUID) -> list[FileFact]:
    """The files of one thing, in the order of their upload."""
    rows = await session.scalars(
        select(FileRow)
        .where(FileRow.subject_kind == kind, FileRow.subject_id == subject_id)
        .order_by(FileRow.id)
    )
    return [fact_of(row) for row in rows]


async def visible(session: AsyncSession, actor: Actor | None, file_id: UUID) -> FileRow:
    """A file that the caller may read, taken away or not. Raises `NotFound`.

    May: anybody, once it is open to all; people of its owner and of the parties that a room let read it, who keep files
    themselves; staff of the region who read everything, and who review offerings, the latter not what is under a
    non-disclosure agreement.
    """
    row = await session.get(FileRow, file_id, populate_existing=True)
    if row is None or not await _may_read(session, actor, row):
        raise NotFound()
    return row


async def _may_read(session: AsyncSession, actor: Actor | None, row: FileRow) -> bool:
    if row.opened_at is not None:
        return True
    if actor is None:
        return False
    if row.region_code.startswith(actor.region_prefix):
        reviews = actor.may(Permission.OFFERING_REVIEW) and row.file_class != FileClass.NDA
        if reviews or actor.may(Permission.READ_ALL):
            return True
    if not actor.may(Permission.FILE_KEEP):
        return False
    if row.owner_party_id == actor.party_id:
        return True
    granted = exists().where(FileReaderRow.file_id == row.id, FileReaderRow.party_id == actor.party_id)
    return bool(await session.scalar(select(granted)))


async def readable(session: AsyncSession, actor: Actor | None, file_id: UUID) -> FileFact:
    """A file whose bytes the caller may be given. Raises `NotFound`, `FileGone` with the tombstone."""
    return there(await visible(session, actor, file_id))


def there(row: FileRow) -> FileFact:
    """The facts of a file that is still there. Raises `FileGone` with the tombstone."""
    if row.status != FileStatus.KEPT:
        assert row.taken_at is not None
        raise FileGone(gone_since=row.taken_at.isoformat(), reason=row.taken_reason)
    return fact_of(row)


def out(row: FileRow) -> FileOut:
    """A file as it is shown."""
    tombstone = None
    if row.taken_at is not None and row.taken_reason is not None:
        tombstone = TombstoneOut(at=row.taken_at, reason=row.taken_reason)
    return FileOut(
        id=row.id,
        file_class=FileClass(row.file_class),
        name=row.name,
        media_type=MediaType(row.media_type),
        size=row.size,
        sha256=row.sha256.hex(),
        owner_party_id=row.owner_party_id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        is_open=row.opened_at is not None,
        status=FileStatus(row.status),
        tombstone=tombstone,
        uploaded_at=row.created_at,
        version=row.version,
    )


async def reads(
    session: AsyncSession, actor: Actor, file_id: UUID, *, cursor: str | None, limit: int
) -> FileReadPage:
    """Who was given a file's bytes, the latest first: for its owner and for overseers. Raises `NotFound`.

    Readers of a file that is for others than its owner's own procedure are not named to the owner: a seller does not
    learn from it who has registered.
    """
    row = await visible(session, actor, file_id)
    oversees = actor.may(Permission.READ_ALL) and row.region_code.startswith(actor.region_prefix)
    if row.owner_party_id != actor.party_id and not oversees:
        raise NotFound()
    named = oversees or row.file_class == FileClass.INTERNAL
    filters = {"file_id": file_id}
    statement = (
        select(FileReadRow, UserRow.name, PartyRow.name)
        .outerjoin(UserRow, UserRow.id == FileReadRow.user_id)
        .outerjoin(PartyRow, PartyRow.id == FileReadRow.party_id)
        .where(FileReadRow.file_id == file_id)
    )
    if cursor is not None:
        (last,) = decode_cursor(cursor, filters, (int,))
        statement = statement.where(FileReadRow.id < last)
    found = (await session.execute(statement.order_by(FileReadRow.id.desc()).limit(limit + 1))).all()
    shown, more = found[:limit], len(found) > limit
    return FileReadPage(
        data=[
            FileReadOut(
                id=read.id,
                user_name=user if named else None,
                party_name=party if named else None,
                way=ReadWay(read.way),
                at=read.at,
            )
            for read, user, party in shown
        ],
        next_cursor=encode_cursor([shown[-1][0].id], filters) if more else None,
        has_more=more,
    )
