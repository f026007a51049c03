"""What belongs into an offering's evidence pack, gathered as plain values: exactly what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals.tables import CaseRow, EntryRow, EntryTextRow, FolderItemRow, OpinionRow, StepRow
from app.auctions.tables import AuctionRow, AuctionTextRow
from app.contracts.tables import ContractRow
from app.db.base import Base
from app.db.clock import Clock
from app.events.tables import EventRow
from app.evidence.errors import RecordNotReady
from app.evidence.queries.notices import notice_record
from app.evidence.queries.records import record
from app.files import queries as files
from app.files.queries import FileFact
from app.files.tables import FileRow
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.identity.tables import PartyRow
from app.kit.dates import wire
from app.kit.errors import NotFound
from app.markets.dataroom.tables import NdaSignatureRow, NdaTextRow, QuestionRow, RoomFileRow
from app.markets.negotiated.tables import NegotiationOfferRow, NegotiationRow
from app.markets.queries.offerings import guards_of, offering
from app.markets.tables import AwardRow, OfferingRow
from app.notices.tables import NoticeBlobRow, NoticeRow, ObjectionFileRow, ObjectionRow

_INTERNAL: Final = frozenset(
    {"next_due_at", "retry_at", "outage_no", "calendar_no", "agent_phone", "terms_hash_salt", "store_key"}
)
"""Columns that say how the service works, or that are nobody's business in a pack."""


@dataclass
class Gathered:
    """Documents by path (kind, title, value), files by path, what time brought, and which files."""

    row: OfferingRow
    seller_name: str
    documents: dict[str, tuple[str, str, Any]] = field(default_factory=dict)
    files: dict[str, tuple[str, FileFact]] = field(default_factory=dict)
    events: list[EventRow] = field(default_factory=list)
    notice_ids: list[UUID] = field(default_factory=list)
    auction_ids: list[UUID] = field(default_factory=list)
    case_ids: list[UUID] = field(default_factory=list)
    redacted: int = 0
    """How much of it the law had taken away when it was gathered."""


async def pack_offering(session: AsyncSession, actor: Actor, offering_id: UUID) -> OfferingRow:
    """An offering of which the caller may have a pack: its seller's people who keep files, overseers of its region."""
    row = await session.get(OfferingRow, offering_id, populate_existing=True)
    if row is None:
        raise NotFound()
    own = row.seller_party_id == actor.party_id and actor.may(Permission.FILE_KEEP)
    oversees = actor.may(Permission.READ_ALL) and row.region_code.startswith(actor.region_prefix)
    if not own and not oversees:
        raise NotFound()
    return row


async def gather(session: AsyncSession, clock: Clock, actor: Actor, offering_id: UUID) -> Gathered:
    """Everything of an offering that its seller and its overseers may hold. Raises `NotFound`.

    Who has registered is not in it: that is the market's own until the close, and the record of the sale says the rest.
    """
    row = await pack_offering(session, actor, offering_id)
    seller = await session.get_one(PartyRow, row.seller_party_id)
    found = Gathered(row, seller.name)
    shown = await offering(session, actor=actor, offering_id=offering_id)
    found.documents["offering.json"] = ("offering", f"交易项目 {row.number}", shown.model_dump(mode="json"))
    if row.profile_code is not None:
        guards = await guards_of(session, clock, actor=actor, offering_id=offering_id)
        found.documents["guards.json"] = ("guards", "提交时的审查事项", guards.model_dump(mode="json"))
    about = await _deals(session, found)
    await _notices(session, found, about)
    await _approvals(session, found)
    await _room(session, found)
    found.events = list(await session.scalars(_told_of(row, about)))
    found.redacted = await redacted(session, found)
    return found


async def redacted(session: AsyncSession, found: Gathered) -> int:
    """How much of what was gathered the law has taken away by now."""
    ids = [fact.id for _, fact in found.files.values()]
    counts = (
        select(func.count()).where(FileRow.id.in_(ids), FileRow.taken_at.is_not(None)),
        select(func.count()).where(
            NoticeBlobRow.notice_id.in_(found.notice_ids), NoticeBlobRow.redaction.is_not(None)
        ),
        select(func.count()).where(
            AuctionTextRow.auction_id.in_(found.auction_ids), AuctionTextRow.redacted_at.is_not(None)
        ),
        select(func.count()).where(
            EntryTextRow.case_id.in_(found.case_ids), EntryTextRow.redacted_at.is_not(None)
        ),
        select(func.count()).where(
            ObjectionRow.notice_id.in_(found.notice_ids), ObjectionRow.redacted_at.is_not(None)
        ),
    )
    return sum([await session.scalar(one) or 0 for one in counts])


async def _deals(session: AsyncSession, found: Gathered) -> list[UUID]:
    """Negotiations, sales, awards and contracts of the offering. Gives the ids of all that notices may be about."""
    offering_id = found.row.id
    about = [offering_id]
    talks = await _rows(session, select(NegotiationRow).where(NegotiationRow.offering_id == offering_id))
    if talks:
        about += [one.id for one in talks]
        offers = select(NegotiationOfferRow).where(NegotiationOfferRow.negotiation_id.in_(about))
        told = {"negotiations": plain(talks), "offers": plain(await _rows(session, offers))}
        found.documents["negotiations.json"] = ("negotiations", "协商及报价", told)
    for sale in await _rows(session, select(AuctionRow).where(AuctionRow.offering_id == offering_id)):
        about.append(sale.id)
        found.auction_ids.append(sale.id)
        try:
            told = await record(session, sale.id)
        except (RecordNotReady, NotFound):
            continue
        found.documents[f"auctions/{sale.number}.json"] = ("auction_record", f"竞价记录 {sale.number}", told)
    awards = await _rows(session, select(AwardRow).where(AwardRow.offering_id == offering_id))
    if awards:
        found.documents["awards.json"] = ("awards", "成交结果", plain(awards))
    contracts = select(ContractRow).where(ContractRow.award_id.in_([one.id for one in awards]))
    for contract in await _rows(session, contracts):
        found.documents[f"contracts/{contract.number}.json"] = (
            "contract",
            f"合同记录 {contract.number}",
            plain([contract])[0],
        )
    return about


async def _notices(session: AsyncSession, found: Gathered, about: Sequence[UUID]) -> None:
    notices = await _rows(session, select(NoticeRow).where(NoticeRow.about_id.in_(about)))
    for one in notices:
        told = await notice_record(session, one.id)
        found.documents[f"notices/{one.number}.json"] = (
            "notice_record",
            f"公示公告 {one.number} {one.title}",
            told,
        )
    ids = found.notice_ids = [one.id for one in notices]
    objections = await _rows(session, select(ObjectionRow).where(ObjectionRow.notice_id.in_(ids)))
    for row in objections:
        found.documents[f"objections/{row.number}.json"] = (
            "objection",
            f"异议 {row.number}",
            plain([row])[0],
        )
    kept = select(ObjectionFileRow).where(ObjectionFileRow.objection_id.in_([row.id for row in objections]))
    numbers = {row.id: row.number for row in objections}
    links = await _rows(session, kept)
    facts = await files.facts(session, [link.file_id for link in links])
    for link in links:
        _file(found, f"objections/{numbers[link.objection_id]}", "异议证据", facts[link.file_id])


async def _approvals(session: AsyncSession, found: Gathered) -> None:
    """The seller's own decisions, and the folder of the deal by its real names."""
    mine = found.row.seller_party_id
    cases = select(CaseRow).where(CaseRow.deal_id == found.row.id, CaseRow.party_id == mine)
    for case in await _rows(session, cases):
        found.case_ids.append(case.id)
        told: dict[str, Any] = {"case": plain([case])[0]}
        for name, table in (
            ("steps", StepRow),
            ("opinions", OpinionRow),
            ("entries", EntryRow),
            ("texts", EntryTextRow),
        ):
            told[name] = plain(await _rows(session, select(table).where(table.case_id == case.id)))
        found.documents[f"approvals/{case.number}.json"] = (
            "approval",
            f"内部审批 {case.number} {case.title}",
            told,
        )
    folder = await _rows(
        session,
        select(FolderItemRow).where(FolderItemRow.deal_id == found.row.id, FolderItemRow.party_id == mine),
    )
    if folder:
        found.documents["folder.json"] = ("folder", "交易材料目录", plain(folder))
    facts = await files.facts(session, [one.file_id for one in folder if one.file_id])
    for one in folder:
        if one.file_id in facts:
            _file(found, f"files/{one.kind}", one.title, facts[one.file_id])


async def _room(session: AsyncSession, found: Gathered) -> None:
    """The data room: its files, the agreements, how many have signed, questions without their askers."""
    offering_id = found.row.id
    texts = await _rows(session, select(NdaTextRow).where(NdaTextRow.offering_id == offering_id))
    signed = await _rows(session, select(NdaSignatureRow).where(NdaSignatureRow.offering_id == offering_id))
    questions = await _rows(session, select(QuestionRow).where(QuestionRow.offering_id == offering_id))
    held = await _rows(session, select(RoomFileRow).where(RoomFileRow.offering_id == offering_id))
    if texts or questions or held:
        told = {
            "agreements": [
                plain([one])[0] | {"signatures": sum(sign.version == one.version for sign in signed)}
                for one in texts
            ],
            "questions": [_without(one, "asker_party_id", "asked_by") for one in questions],
            "files": plain(held),
        }
        found.documents["data_room.json"] = ("data_room", "尽调资料室及公开问答", told)
    facts = await files.facts(session, [one.file_id for one in held])
    for one in held:
        _file(found, f"data_room/{one.file_class}", one.title, facts[one.file_id])


def _file(found: Gathered, folder: str, title: str, fact: FileFact) -> None:
    found.files[f"{folder}/{str(fact.id)[-12:]}-{fact.name}"] = (title, fact)


def _without(row: Base, *names: str) -> dict[str, Any]:
    return {name: value for name, value in plain([row])[0].items() if name not in names}


async def _rows(session: AsyncSession, statement: Select[Any]) -> list[Any]:
    key = statement.column_descriptions[0]["entity"].__mapper__.primary_key
    found = await session.scalars(statement.order_by(*key).execution_options(populate_existing=True))
    return list(found)


def _told_of(row: OfferingRow, about: Sequence[UUID]) -> Select[EventRow]:
    """What was told to the seller or to everybody about any of it, in the order of its happening."""
    heard = or_(EventRow.public, EventRow.parties.contains([row.seller_party_id]))
    return (
        select(EventRow)
        .where(EventRow.subject_id.in_(about), heard, EventRow.kind != "auctions.bid_placed")
        .order_by(EventRow.at, EventRow.id)
    )


def plain(rows: Iterable[Base]) -> list[dict[str, Any]]:
    """Rows as JSON values, column by column, as they are stored."""
    return [
        {
            column.name: _value(getattr(row, column.key))
            for column in row.__mapper__.columns
            if column.name not in _INTERNAL
        }
        for row in rows
    ]


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return wire(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return [_value(one) for one in value]
    return value
