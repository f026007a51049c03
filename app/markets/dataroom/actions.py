"""Putting files into a data room, agreements and signatures, questions and answers. The offering is locked first."""

import hashlib
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events import outbox
from app.files import actions as files
from app.files import queries as kept
from app.files.states import FileClass
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.markets import repository as offerings
from app.markets.dataroom import repository, rules
from app.markets.dataroom.events import QuestionAnswered, QuestionAsked
from app.markets.dataroom.queries import require_seller, room_of, see
from app.markets.dataroom.states import MACHINE, ROOM_CLASSES, QuestionStatus
from app.markets.dataroom.tables import NdaSignatureRow, NdaTextRow, QuestionRow, RoomFileRow

SUBJECT = "data_room"


async def put_file(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    offering_id: UUID,
    file_id: UUID,
    title: str,
    pages: int | None,
) -> RoomFileRow:
    """Put a kept file into the data room of the actor's own offering. pages: how many will carry their reader's name.

    Raises `NotFound`, `DataRoomClosed`, `RoomFull`, `NdaMissing`, `FileGone`, `FileInUse`.
    """
    offering = await offerings.lock_own(session, offering_id, actor.party_id)
    nda, there = await repository.nda(session, offering_id), await repository.files_in(session, offering_id)
    fact = await kept.digest(session, file_id)
    if fact.file_class not in ROOM_CLASSES:
        raise NotFound(field="/body/file_id")
    rules.check_put(fact.file_class, room_of(offering, nda), count=len(there))
    for one in there:
        if one.file_id == file_id:
            return one
    await files.attach(
        session,
        owner_party_id=actor.party_id,
        file_id=file_id,
        subject=files.Subject(SUBJECT, offering_id),
    )
    row = RoomFileRow(
        offering_id=offering_id,
        file_id=file_id,
        file_class=fact.file_class,
        title=title,
        pages=pages if fact.file_class is FileClass.NDA else None,
        added_by=actor.user_id,
        added_at=await clock.read(session),
    )
    session.add(row)
    await session.flush()
    return row


async def remove_file(
    session: AsyncSession, clock: Clock, *, actor: Actor, room_file_id: UUID
) -> RoomFileRow:
    """Take a file out of the data room of the actor's own offering. Who was given it stays on record."""
    found = await require_seller(session, actor, room_file_id)
    await offerings.lock_own(session, found.offering_id, actor.party_id)
    row = await repository.room_file(session, room_file_id)
    row.removed_at = await clock.read(session)
    await session.flush()
    return row


async def put_nda(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, text: str
) -> NdaTextRow:
    """Put a version of the agreement in force. The same text once more changes nothing. Raises `DataRoomClosed`."""
    offering = await offerings.lock_own(session, offering_id, actor.party_id)
    before = await repository.nda(session, offering_id)
    rules.check_put(FileClass.REGISTERED, room_of(offering, before), count=0)
    digest = hashlib.sha256(text.encode()).digest()
    if before is not None and before.sha256 == digest:
        return before
    row = NdaTextRow(
        offering_id=offering_id,
        version=before.version + 1 if before else 1,
        text=text,
        sha256=digest,
        made_by=actor.user_id,
        made_at=await clock.read(session),
    )
    session.add(row)
    await session.flush()
    return row


async def sign_nda(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, version: int, sha256: str
) -> NdaSignatureRow:
    """Sign the version in force for the actor's party. Once more changes nothing.

    Raises `NotFound` for whoever takes no part, `DataRoomClosed`, `NdaMissing`, `NdaOutdated`.
    """
    offering = await offerings.lock(session, offering_id)
    seen = await see(session, actor, offering)
    same = seen.nda is not None and seen.nda.sha256.hex() == sha256
    rules.check_sign(seen.reader, seen.room, version=version, same_text=same)
    assert seen.nda is not None
    found = await session.get(NdaSignatureRow, (offering_id, actor.party_id, version))
    if found is not None:
        return found
    row = NdaSignatureRow(
        offering_id=offering_id,
        party_id=actor.party_id,
        version=version,
        sha256=seen.nda.sha256,
        user_id=actor.user_id,
        user_name=actor.user_name,
        signed_at=await clock.read(session),
    )
    session.add(row)
    await session.flush()
    return row


async def ask(
    session: AsyncSession, clock: Clock, *, actor: Actor, offering_id: UUID, text: str
) -> QuestionRow:
    """Ask about an offering on the market. Raises `NotFound`, `DataRoomClosed`."""
    offering = await offerings.lock_seen(session, offering_id)
    rules.check_ask(room_of(offering, None))
    at = await clock.read(session)
    row = QuestionRow(
        offering_id=offering_id,
        asker_party_id=actor.party_id,
        asked_by=actor.user_id,
        text=text,
        asked_at=at,
        status=MACHINE.initial,
    )
    session.add(row)
    await session.flush()
    told = QuestionAsked(
        subject_id=offering_id, at=at, parties=(offering.seller_party_id,), question_id=row.id, text=text
    )
    await outbox.record(session, told)
    return row


async def answer(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    question_id: UUID,
    expected: int,
    text: str,
    declined: bool = False,
) -> QuestionRow:
    """Answer a question about the actor's own offering for everybody, or decline it with a reason for its asker.

    Raises `NotFound`, `Stale`, `DataRoomClosed`, `illegal_transition`.
    """
    offering_id = await repository.offering_of_question(session, question_id)
    offering = await offerings.lock_own(session, offering_id, actor.party_id)
    row = await repository.lock_question(session, question_id)
    check_version(row.version, expected)
    rules.check_ask(room_of(offering, None))
    at = await clock.read(session)
    MACHINE.advance(row, QuestionStatus.DECLINED if declined else QuestionStatus.ANSWERED)
    row.answer, row.answered_by, row.answered_at = text, actor.user_id, at
    await session.flush()
    if not declined:
        told = QuestionAnswered(subject_id=offering_id, at=at, question_id=row.id, text=row.text, answer=text)
        await outbox.record(session, told)
    return row
