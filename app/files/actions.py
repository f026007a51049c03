"""Keeping a file, giving it to a thing, letting others read it, taking it away."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.files import repository
from app.files.errors import FileGone
from app.files.rules import check_class, check_subject, check_unused, clean_name
from app.files.states import MACHINE, FileClass, FileStatus, MediaType, ReadWay
from app.files.store import Store
from app.files.tables import FileRow
from app.identity.access import Actor
from app.kit.errors import NotFound

TOMBSTONE: Final = "依法遮蔽"
"""What stands in the place of a redacted file's name: the name may be what the law takes away."""


@dataclass(frozen=True)
class Upload:
    """Bytes that wait in the store under a key: counted, hashed, and of a known type."""

    key: str
    size: int
    digest: bytes
    media_type: MediaType


@dataclass(frozen=True)
class Subject:
    """What a file belongs to: such as `objection` and its id. No foreign key: the room that says so is above."""

    kind: str
    id: UUID


def store_of(session: AsyncSession) -> Store:
    """The process's store, which every session is lent."""
    found: Store = session.info["store"]
    return found


async def keep(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    file_class: FileClass,
    upload: Upload,
    name: str,
    subject: Subject | None = None,
) -> FileRow:
    """Keep an uploaded file for the actor's party, unused unless a subject is given.

    Raises `FileNeedsPages` for a file under a non-disclosure agreement that has no pages, `FilesUnusedTooMany`.
    """
    check_class(file_class, upload.media_type)
    if subject is None:
        check_unused(await repository.unused(session, actor.party_id))
    row = FileRow(
        owner_party_id=actor.party_id,
        region_code=actor.party_region,
        file_class=file_class,
        name=clean_name(name, upload.media_type),
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.digest,
        store_key=upload.key,
        subject_kind=subject.kind if subject else None,
        subject_id=subject.id if subject else None,
        uploaded_by=actor.user_id,
        status=MACHINE.initial,
        created_at=await clock.read(session),
    )
    await repository.add(session, row)
    await asyncio.to_thread(store_of(session).place, upload.key)
    return row


async def attach(
    session: AsyncSession,
    *,
    owner_party_id: UUID,
    file_id: UUID,
    subject: Subject,
    file_class: FileClass | None = None,
    readers: Iterable[UUID] = (),
) -> FileRow:
    """Give a file of a party to what it is for, and let `readers` (parties) read it. Doing it again changes nothing.

    file_class: what the file must be kept as; None where any class will do. Locks the file, after the subject.
    Raises `NotFound` for another party's file and for one of another class, `FileGone`, `FileInUse`.
    """
    row = await repository.lock(session, file_id)
    if row.owner_party_id != owner_party_id or (file_class is not None and row.file_class != file_class):
        raise NotFound()
    if row.status != FileStatus.KEPT:
        raise FileGone()
    found = (row.subject_kind, row.subject_id) if row.subject_kind is not None else None
    check_subject(found, (subject.kind, subject.id))
    row.subject_kind, row.subject_id = subject.kind, subject.id
    await session.flush()
    await repository.grant(session, row.id, readers)
    return row


async def grant(session: AsyncSession, *, file_id: UUID, readers: Iterable[UUID]) -> None:
    """Let more parties read a file by `GET /v1/files/{id}/content`."""
    await repository.grant(session, file_id, readers)


async def open_to_all(session: AsyncSession, *, file_id: UUID, at: datetime) -> None:
    """Let anybody read a file of class `public`, for good. Raises `FileGone`."""
    row = await repository.lock(session, file_id)
    if row.status != FileStatus.KEPT:
        raise FileGone()
    assert row.file_class == FileClass.PUBLIC, "only a public file is opened"
    row.opened_at = row.opened_at or at
    await session.flush()


async def note_read(session: AsyncSession, *, file_id: UUID, actor: Actor | None, way: ReadWay) -> None:
    """Record that somebody is given a file's bytes; in the transaction before they leave."""
    await repository.note_read(
        session,
        file_id=file_id,
        user_id=actor.user_id if actor else None,
        party_id=actor.party_id if actor else None,
        way=way,
    )


async def take_away(
    session: AsyncSession,
    clock: Clock,
    *,
    file_id: UUID,
    at: datetime,
    reason: str,
    by: UUID,
) -> FileRow:
    """Take a file's bytes away by law: nobody is given them from this commit on, and the sweep deletes them at once.

    What stays is the tombstone: size, digest, owner, when, who, why. Raises `FileGone` if it has none any more.
    """
    return await _end(session, file_id, FileStatus.REDACTED, at=at, reason=reason, by=by)


async def destroy(session: AsyncSession, clock: Clock, *, actor: Actor, file_id: UUID) -> FileRow:
    """Delete an own file that nothing uses. Raises `NotFound`, `FileGone`, `FileInUse`."""
    row = await repository.lock(session, file_id)
    if row.owner_party_id != actor.party_id:
        raise NotFound()
    at = await clock.read(session)
    if row.status == FileStatus.KEPT and row.subject_kind is not None:
        check_subject((row.subject_kind, row.subject_id), ("", None))
    return await _end(session, file_id, FileStatus.DESTROYED, at=at, reason="unused", by=actor.user_id)


async def _end(
    session: AsyncSession, file_id: UUID, to: FileStatus, *, at: datetime, reason: str, by: UUID
) -> FileRow:
    row = await repository.lock(session, file_id)
    if row.status != FileStatus.KEPT:
        raise FileGone()
    MACHINE.advance(row, to)
    row.taken_at, row.taken_by, row.taken_reason = at, by, reason
    if to is FileStatus.REDACTED:
        row.name = TOMBSTONE
    await session.flush()
    return row


async def sweep(session: AsyncSession, _clock: Clock) -> bool:
    """Delete the bytes of one file that was taken away. Whether there may be more.

    The bytes go before the commit that says so: what failed in between is deleted once more, and finds nothing.
    """
    row = await repository.to_delete(session)
    if row is None:
        return False
    assert row.store_key is not None
    await asyncio.to_thread(store_of(session).delete, row.store_key)
    row.store_key = None
    await session.flush()
    return True
