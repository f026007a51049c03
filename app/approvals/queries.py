"""Reading internal decisions: what other rooms ask, and what their own organisation sees."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, all_, and_, any_, exists, false, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import repository
from app.approvals.rules.record import ALGORITHM
from app.approvals.schemas import (
    CaseEntryOut,
    CaseLine,
    CaseOut,
    CasePage,
    CaseStepOut,
    ChainOut,
    ChainsOut,
    ChainStepOut,
    DelegationOut,
    DelegationsOut,
    FolderOut,
    FolderPaperOut,
    OpinionOut,
)
from app.approvals.states import CaseStatus, DecisionSubject, FolderKind, StepStatus
from app.approvals.tables import (
    CaseRow,
    ChainRow,
    DelegationRow,
    EntryRow,
    EntryTextRow,
    OpinionRow,
    StepRow,
)
from app.db.base import MARKET_NOW
from app.files import queries as files
from app.identity.access import Actor
from app.identity.permissions import Permission
from app.kit.errors import NotFound
from app.kit.paging import decode_cursor, encode_cursor
from app.kit.schemas import MoneyOut


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Where an organisation's decision stands. `document_no` and `decided_on` once it is approved.

    amount_minor, terms_hash: what was put before it; who acts on the verdict checks that it is still the same.
    chain_hash: the hash of the record's last entry, in hexadecimal.
    """

    case_id: UUID
    number: str
    party_id: UUID
    status: CaseStatus
    amount_minor: int | None
    terms_hash: str | None
    document_no: str | None
    decided_on: date | None
    chain_hash: str


async def verdict(
    session: AsyncSession,
    *,
    subject_kind: DecisionSubject,
    subject_id: UUID,
    party_ids: Collection[UUID],
    lock: bool = False,
) -> Verdict | None:
    """The latest decision of these organisations on a subject; None where none was opened.

    party_ids: whose decision counts (the seller's, the holder's): anybody else's case on it is none. lock: keep the case
    as it is until the transaction ends; the offering is locked before it.
    """
    asked = (
        select(CaseRow)
        .where(
            CaseRow.subject_kind == subject_kind,
            CaseRow.subject_id == subject_id,
            CaseRow.party_id.in_(party_ids),
        )
        .order_by(CaseRow.id.desc())
        .limit(1)
    )
    if lock:
        asked = asked.with_for_update(key_share=True)
    row = await session.scalar(asked.execution_options(populate_existing=True))
    return None if row is None else verdict_of(row)


def verdict_of(row: CaseRow) -> Verdict:
    """A case as other rooms see it."""
    return Verdict(
        case_id=row.id,
        number=row.number,
        party_id=row.party_id,
        status=CaseStatus(row.status),
        amount_minor=row.amount_minor,
        terms_hash=row.terms_hash,
        document_no=row.document_no,
        decided_on=row.decided_on,
        chain_hash=row.head.hex(),
    )


_READERS: Final = (Permission.APPROVAL_OPEN, Permission.APPROVAL_DECIDE, Permission.CHAIN_EDIT)
"""Who of an organisation reads its cases."""


def reads_own(actor: Actor) -> bool:
    """Whether somebody reads his organisation's cases, chains and folders."""
    return any(map(actor.may, _READERS))


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    seen: list[ColumnElement[bool]] = [false()]
    if reads_own(actor):
        seen.append(CaseRow.party_id == actor.party_id)
    if actor.may(Permission.READ_ALL):
        seen.append(CaseRow.region_code.startswith(actor.region_prefix, autoescape=True))
    return or_(*seen)


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """A step of the case is open and names the actor, or a role that he has here, and he did not make the case."""
    roles = [str(role) for role in actor.roles]
    return and_(
        CaseRow.party_id == actor.party_id,
        literal(actor.user_id) != all_(CaseRow.maker_ids),
        exists().where(
            StepRow.case_id == CaseRow.id,
            StepRow.round == CaseRow.round,
            StepRow.status == StepStatus.OPEN,
            CaseRow.status == CaseStatus.RUNNING,
            or_(literal(actor.user_id) == any_(StepRow.user_ids), StepRow.role.in_(roles)),
            ~exists().where(
                OpinionRow.case_id == StepRow.case_id,
                OpinionRow.round == StepRow.round,
                OpinionRow.position == StepRow.position,
                OpinionRow.user_id == actor.user_id,
            ),
        ),
    )


def _overdue() -> ColumnElement[bool]:
    return exists().where(
        StepRow.case_id == CaseRow.id,
        StepRow.round == CaseRow.round,
        StepRow.status == StepStatus.OPEN,
        CaseRow.status == CaseStatus.RUNNING,
        StepRow.due_at <= MARKET_NOW,
    )


async def cases(
    session: AsyncSession,
    *,
    actor: Actor,
    status: CaseStatus | None,
    waiting: bool,
    cursor: str | None,
    limit: int,
) -> CasePage:
    """Cases, the newest first. waiting: only those that wait for the caller himself. Raises `CursorInvalid`."""
    filters = {"list": "approval_cases", "status": status, "waiting": waiting, "by": actor.user_id}
    asked = select(CaseRow, _open_to(actor).label("mine"), _overdue().label("late")).where(_seen_by(actor))
    if status is not None:
        asked = asked.where(CaseRow.status == status)
    if waiting:
        asked = asked.where(_open_to(actor))
    if cursor is not None:
        asked = asked.where(CaseRow.id < decode_cursor(cursor, filters, (UUID,))[0])
    rows = (await session.execute(asked.order_by(CaseRow.id.desc()).limit(limit + 1))).all()
    page = rows[:limit]
    return CasePage(
        data=[CaseLine(**_line(row, mine=mine, late=late)) for row, mine, late in page],
        next_cursor=encode_cursor([page[-1][0].id], filters) if len(rows) > limit else None,
        has_more=len(rows) > limit,
    )


def _line(row: CaseRow, *, mine: bool, late: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "title": row.title,
        "status": row.status,
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "deal_id": row.deal_id,
        "amount": None if row.amount_minor is None else MoneyOut.of(row.amount_minor),
        "waits_for_me": mine,
        "overdue": late,
        "created_at": row.created_at,
    }


async def case(session: AsyncSession, *, actor: Actor, case_id: UUID) -> CaseOut:
    """One case with its steps and record: for its organisation and for whoever reads everything. Else `NotFound`."""
    found = (
        await session.execute(
            select(CaseRow, _open_to(actor), _overdue()).where(CaseRow.id == case_id, _seen_by(actor))
        )
    ).one_or_none()
    if found is None:
        raise NotFound()
    row, mine, late = found
    held = await repository.kinds_in_folder(session, row.deal_id, row.party_id)
    entries = await session.scalars(select(EntryRow).where(EntryRow.case_id == row.id).order_by(EntryRow.seq))
    return CaseOut(
        **_line(row, mine=mine, late=late),
        chain_id=row.chain_id,
        terms_hash=row.terms_hash,
        required=row.required,
        missing=[kind for kind in row.required if kind not in held],
        round=row.round,
        document_no=row.document_no,
        decided_on=row.decided_on,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        steps=await _steps(session, row),
        algorithm=ALGORITHM,
        entries=[
            CaseEntryOut(
                seq=one.seq,
                kind=one.kind,
                at=one.at,
                payload=one.payload,
                previous=one.previous.hex(),
                hash=one.hash.hex(),
            )
            for one in entries
        ],
        version=row.version,
    )


async def _steps(session: AsyncSession, row: CaseRow) -> list[CaseStepOut]:
    steps = await repository.steps(session, row)
    said = await repository.opinions(session, row)
    texts = {
        one.seq: one
        for one in await session.scalars(
            select(EntryTextRow).where(EntryTextRow.case_id == row.id, EntryTextRow.field == "opinion")
        )
    }
    names = await repository.names(
        session, {user for one in said for user in (one.user_id, one.seat_user_id)}
    )
    now = await session.scalar(select(MARKET_NOW))
    running = row.status == CaseStatus.RUNNING
    return [
        CaseStepOut(
            position=step.position,
            group=step.group_no,
            kind=step.kind,
            title=step.title,
            status=step.status,
            quorum=step.quorum,
            user_ids=step.user_ids,
            role=step.role,
            opened_at=step.opened_at,
            due_on=step.due_on,
            provisional=step.provisional,
            overdue=running
            and step.status == StepStatus.OPEN
            and step.due_at is not None
            and now >= step.due_at,
            opinions=[
                _opinion(one, names, texts.get(one.seq)) for one in said if one.position == step.position
            ],
        )
        for step in steps
    ]


def _opinion(one: OpinionRow, names: dict[UUID, str], told: EntryTextRow | None) -> OpinionOut:
    stands_in = one.seat_user_id != one.user_id
    return OpinionOut(
        user_id=one.user_id,
        user_name=names[one.user_id],
        on_behalf_of=one.seat_user_id if stands_in else None,
        on_behalf_of_name=names[one.seat_user_id] if stands_in else None,
        decision=one.decision,
        opinion=told.text if told else None,
        redacted_at=told.redacted_at if told else None,
        at=one.at,
    )


async def chains(session: AsyncSession, *, actor: Actor) -> ChainsOut:
    """The organisation's chains, the newest version of each first; none for who has no part in them."""
    asked = select(ChainRow).where(ChainRow.party_id == actor.party_id if reads_own(actor) else false())
    rows = await session.scalars(asked.order_by(ChainRow.name, ChainRow.version.desc()).limit(200))
    return ChainsOut(data=[chain_out(row) for row in rows])


def chain_out(row: ChainRow) -> ChainOut:
    """A chain as it is shown."""
    return ChainOut(
        id=row.id,
        name=row.name,
        version=row.version,
        subject_kinds=row.subject_kinds,
        required=row.required,
        steps=[
            ChainStepOut(
                position=place,
                group=step.group,
                kind=step.kind,
                title=step.title,
                quorum=step.quorum,
                user_ids=list(step.user_ids),
                role=step.role,
                from_amount=MoneyOut.of(step.from_minor),
                below_amount=None if step.below_minor is None else MoneyOut.of(step.below_minor),
                deadline_days=step.deadline_days,
                reminder_days=step.reminder_days,
            )
            for place, step in enumerate(repository.steps_of_chain(row))
        ],
        made_at=row.made_at,
        retired_at=row.retired_at,
    )


async def delegations(session: AsyncSession, *, actor: Actor) -> DelegationsOut:
    """The organisation's delegations, the newest first; none for who has no part in its cases."""
    asked = select(DelegationRow).where(
        DelegationRow.party_id == actor.party_id if reads_own(actor) else false()
    )
    rows = (await session.scalars(asked.order_by(DelegationRow.id.desc()).limit(200))).all()
    names = await repository.names(
        session, {user for one in rows for user in (one.from_user_id, one.to_user_id)}
    )
    return DelegationsOut(data=[_delegation(row, names) for row in rows])


async def delegation(session: AsyncSession, row: DelegationRow) -> DelegationOut:
    """One delegation as it is shown."""
    return _delegation(row, await repository.names(session, (row.from_user_id, row.to_user_id)))


def _delegation(row: DelegationRow, names: dict[UUID, str]) -> DelegationOut:
    return DelegationOut(
        id=row.id,
        from_user_id=row.from_user_id,
        from_name=names[row.from_user_id],
        to_user_id=row.to_user_id,
        to_name=names[row.to_user_id],
        from_on=row.from_on,
        until_on=row.until_on,
        kinds=row.kinds,
        document_no=row.document_no,
        revoked_at=row.revoked_at,
    )


async def folder(session: AsyncSession, *, deal_id: UUID, party_id: UUID) -> FolderOut:
    """The folder of a deal by its real names. Whoever asks must know that it may be told."""
    rows = await repository.folder(session, deal_id, party_id)
    facts = await files.facts(session, [row.file_id for row in rows if row.file_id])
    order = list(FolderKind)
    return FolderOut(
        data=[
            FolderPaperOut(
                id=row.id,
                kind=row.kind,
                title=row.title,
                document_no=row.document_no,
                file_id=row.file_id,
                sha256=facts[row.file_id].sha256.hex() if row.file_id in facts else None,
                added_at=row.added_at,
                replaced_at=row.replaced_at,
            )
            for row in sorted(rows, key=lambda one: (order.index(FolderKind(one.kind)), one.id))
        ]
    )
