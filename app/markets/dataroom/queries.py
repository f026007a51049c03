"""Reading data rooms: each sees what he may know of."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.files import queries as files
from app.files.states import FileClass
from app.files.tables import FileReadRow
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.markets.dataroom import repository
from app.markets.dataroom.rules import Reader, Room, check_read, sees
from app.markets.dataroom.schemas import DataRoomOut, NdaOut, QuestionOut, QuestionPage, RoomFileOut
from app.markets.dataroom.states import QuestionStatus
from app.markets.dataroom.tables import NdaSignatureRow, NdaTextRow, QuestionRow, RoomFileRow
from app.markets.queries.sight import require_visible, sees_inside
from app.markets.states import OfferingStatus
from app.markets.tables import OfferingRow


@dataclass(frozen=True)
class Seen:
    """An offering's data room, and who looks at it."""

    room: Room
    reader: Reader
    nda: NdaTextRow | None


async def see(session: AsyncSession, actor: Actor | None, row: OfferingRow) -> Seen:
    """The data room of an offering as somebody meets it."""
    nda = await repository.nda(session, row.id)
    part, signed = False, None
    if actor is not None:
        part = await repository.takes_part(session, row.id, actor.party_id)
        signed = await repository.signed_version(session, row.id, actor.party_id)
    return Seen(
        room_of(row, nda),
        Reader(is_inside=sees_inside(actor, row), takes_part=part, signed_version=signed),
        nda,
    )


def room_of(row: OfferingRow, nda: NdaTextRow | None) -> Room:
    """A data room as it stands: it closes with its sale, in the commit that ends it."""
    return Room(
        is_public=row.opened_at is not None,
        is_closed=row.closed_at is not None
        or (row.opened_at is not None and row.status != OfferingStatus.OPEN),
        nda_version=nda.version if nda else None,
    )


async def has_signed(session: AsyncSession, offering_id: UUID, party_id: UUID) -> bool:
    """Whether a party has signed the version of the offering's agreement that is in force; True where there is none."""
    nda = await repository.nda(session, offering_id)
    return nda is None or await repository.signed_version(session, offering_id, party_id) == nda.version


async def _offering(session: AsyncSession, actor: Actor | None, offering_id: UUID) -> OfferingRow:
    await require_visible(session, actor, offering_id)
    return await session.get_one(OfferingRow, offering_id, populate_existing=True)


async def data_room(session: AsyncSession, actor: Actor | None, offering_id: UUID) -> DataRoomOut:
    """What of an offering's data room the caller may know. Raises `NotFound`."""
    row = await _offering(session, actor, offering_id)
    seen = await see(session, actor, row)
    rows = [
        one
        for one in await repository.files_in(session, offering_id)
        if sees(FileClass(one.file_class), seen.reader, seen.room)
    ]
    facts = await files.facts(session, [one.file_id for one in rows])
    counts = await _downloads(session, [one.file_id for one in rows]) if seen.reader.is_inside else None
    return DataRoomOut(
        offering_id=offering_id,
        is_closed=seen.room.is_closed,
        takes_part=seen.reader.takes_part,
        nda=await _nda(session, actor, seen),
        files=[
            RoomFileOut(
                id=one.id,
                title=one.title,
                file_class=FileClass(one.file_class),
                name=facts[one.file_id].name,
                media_type=facts[one.file_id].media_type,
                size=facts[one.file_id].size,
                sha256=facts[one.file_id].sha256.hex(),
                is_gone=facts[one.file_id].redacted_at is not None,
                added_at=one.added_at,
                downloads=counts.get(one.file_id, 0) if counts is not None else None,
            )
            for one in rows
        ],
    )


async def _nda(session: AsyncSession, actor: Actor | None, seen: Seen) -> NdaOut | None:
    if seen.nda is None:
        return None
    signed = None
    if actor is not None and seen.reader.signed_version is not None:
        key = (seen.nda.offering_id, actor.party_id, seen.reader.signed_version)
        signed = await session.get(NdaSignatureRow, key)
    may_read = seen.reader.is_inside or seen.reader.takes_part
    return NdaOut(
        version=seen.nda.version,
        sha256=seen.nda.sha256.hex(),
        text=seen.nda.text if may_read else None,
        signed_version=signed.version if signed else None,
        signed_at=signed.signed_at if signed else None,
    )


async def _downloads(session: AsyncSession, file_ids: list[UUID]) -> dict[UUID, int]:
    rows = await session.execute(
        select(FileReadRow.file_id, func.count())
        .where(FileReadRow.file_id.in_(file_ids))
        .group_by(FileReadRow.file_id)
    )
    return {row[0]: row[1] for row in rows}


async def to_read(session: AsyncSession, actor: Actor | None, room_file_id: UUID) -> RoomFileRow:
    """A file of a data room whose bytes the caller may have. Raises what `rules.check_read` does."""
    row = await repository.room_file(session, room_file_id)
    offering = await session.get_one(OfferingRow, row.offering_id, populate_existing=True)
    seen = await see(session, actor, offering)
    check_read(FileClass(row.file_class), seen.reader, seen.room)
    return row


def question_out(row: QuestionRow, actor: Actor | None) -> QuestionOut:
    """A question as it is shown."""
    return QuestionOut(
        id=row.id,
        text=row.text,
        status=QuestionStatus(row.status),
        answer=row.answer,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        is_mine=actor is not None and actor.party_id == row.asker_party_id,
        version=row.version,
    )


async def questions(
    session: AsyncSession, actor: Actor | None, offering_id: UUID, *, cursor: str | None, limit: int
) -> QuestionPage:
    """The questions about an offering, the latest first: answered ones for all, others for their asker and the seller."""
    offering = await _offering(session, actor, offering_id)
    filters = {"offering_id": offering_id}
    statement = select(QuestionRow).where(QuestionRow.offering_id == offering_id)
    if not sees_inside(actor, offering):
        answered = QuestionRow.status == QuestionStatus.ANSWERED
        if actor is not None:
            answered = or_(answered, QuestionRow.asker_party_id == actor.party_id)
        statement = statement.where(answered)
    if cursor is not None:
        (last,) = decode_cursor(cursor, filters, (UUID,))
        statement = statement.where(QuestionRow.id < last)
    found = list(await session.scalars(statement.order_by(QuestionRow.id.desc()).limit(limit + 1)))
    shown, more = found[:limit], len(found) > limit
    return QuestionPage(
        data=[question_out(row, actor) for row in shown],
        next_cursor=encode_cursor([shown[-1].id], filters) if more else None,
        has_more=more,
    )


async def require_seller(session: AsyncSession, actor: Actor, room_file_id: UUID) -> RoomFileRow:
    """A file of the data room of the caller's own offering. Raises `NotFound`."""
    row = await repository.room_file(session, room_file_id)
    offering = await session.get_one(OfferingRow, row.offering_id, populate_existing=True)
    if offering.seller_party_id != actor.party_id:
        raise NotFound()
    return row
