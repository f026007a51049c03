"""Loading, locking and saving chains and cases. A case's row is the lock of its steps, opinions and record.

Lock order: the offering, then the case.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import any_, exists, func, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals.rules import record
from app.approvals.rules.chain import Step
from app.approvals.rules.flow import Delegation, Standing
from app.approvals.states import (
    LIVE,
    CaseStatus,
    Decision,
    DecisionSubject,
    EntryKind,
    FolderKind,
    StepKind,
    StepQuorum,
    StepStatus,
)
from app.approvals.tables import (
    CaseRow,
    ChainRow,
    DelegationRow,
    EntryRow,
    EntryTextRow,
    FolderItemRow,
    OpinionRow,
    StepRow,
)
from app.identity.access import Actor
from app.identity.permissions import Role
from app.identity.tables import MembershipRow, UserRow
from app.kit.errors import NotFound
from app.signing.rules.chain import SALT_BYTES


async def chain(session: AsyncSession, chain_id: UUID, party_id: UUID, *, lock: bool = False) -> ChainRow:
    """A chain of a party's own. Raises `NotFound`."""
    asked = select(ChainRow).where(ChainRow.id == chain_id, ChainRow.party_id == party_id)
    row = await session.scalar(asked.with_for_update(key_share=True) if lock else asked)
    if row is None:
        raise NotFound()
    return row


async def in_force(session: AsyncSession, party_id: UUID, name: str) -> ChainRow | None:
    """The version of a named chain that is in force, locked."""
    row: ChainRow | None = await session.scalar(
        select(ChainRow)
        .where(ChainRow.party_id == party_id, ChainRow.name == name, ChainRow.retired_at.is_(None))
        .with_for_update(key_share=True)
    )
    return row


async def last_version(session: AsyncSession, party_id: UUID, name: str) -> int:
    """The number of the latest version of a named chain, 0 for none."""
    found = select(func.max(ChainRow.version)).where(ChainRow.party_id == party_id, ChainRow.name == name)
    return await session.scalar(found) or 0


def steps_of_chain(row: ChainRow) -> list[Step]:
    """A chain's steps as the rules see them."""
    return [
        Step(
            group=one["group"],
            kind=StepKind(one["kind"]),
            title=one["title"],
            quorum=StepQuorum(one["quorum"]),
            user_ids=tuple(UUID(user) for user in one["user_ids"]),
            role=Role(one["role"]) if one["role"] else None,
            from_minor=one["from_minor"],
            below_minor=one["below_minor"],
            deadline_days=one["deadline_days"],
            reminder_days=one["reminder_days"],
        )
        for one in row.steps
    ]


async def lock_case(session: AsyncSession, case_id: UUID, party_id: UUID) -> CaseRow:
    """A case of a party's own, locked until the transaction ends. Raises `NotFound`."""
    row = await session.scalar(
        select(CaseRow)
        .where(CaseRow.id == case_id, CaseRow.party_id == party_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    return row


async def live_case(
    session: AsyncSession, *, subject_kind: DecisionSubject, subject_id: UUID, party_id: UUID
) -> UUID | None:
    """A party's undecided case on a subject."""
    found: UUID | None = await session.scalar(
        select(CaseRow.id).where(
            CaseRow.subject_kind == subject_kind,
            CaseRow.subject_id == subject_id,
            CaseRow.party_id == party_id,
            CaseRow.status.in_(LIVE),
        )
    )
    return found


async def take_due(session: AsyncSession) -> CaseRow | None:
    """One case a step of which has a reminder due by market time, locked; what somebody else holds is passed over."""
    row: CaseRow | None = await session.scalar(
        select(CaseRow)
        .join(StepRow, StepRow.case_id == CaseRow.id)
        .where(StepRow.next_due_at <= text("market_now()"))
        .where((StepRow.retry_at.is_(None)) | (StepRow.retry_at <= text("clock_timestamp()")))
        .order_by(StepRow.next_due_at)
        .limit(1)
        .with_for_update(of=CaseRow, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return row


async def put_off(session: AsyncSession, case_id: UUID) -> None:
    """Leave the reminders of a case alone for five real seconds, so that they hold up no other."""
    await session.execute(
        update(StepRow)
        .where(StepRow.case_id == case_id, StepRow.next_due_at.is_not(None))
        .values(retry_at=text("clock_timestamp() + interval '5 seconds'"))
    )


async def steps(session: AsyncSession, row: CaseRow) -> Sequence[StepRow]:
    """The steps of a locked case's present round, in order."""
    found = await session.scalars(
        select(StepRow)
        .where(StepRow.case_id == row.id, StepRow.round == row.round)
        .order_by(StepRow.position)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def opinions(session: AsyncSession, row: CaseRow) -> Sequence[OpinionRow]:
    """What was said in a locked case's present round."""
    found = await session.scalars(
        select(OpinionRow)
        .where(OpinionRow.case_id == row.id, OpinionRow.round == row.round)
        .order_by(OpinionRow.seq)
    )
    return found.all()


def standings(rows: Sequence[StepRow], said: Sequence[OpinionRow]) -> list[Standing]:
    """Steps with their opinions as the rules see them."""
    return [
        Standing(
            position=row.position,
            group=row.group_no,
            status=StepStatus(row.status),
            quorum=StepQuorum(row.quorum),
            user_ids=frozenset(row.user_ids),
            agreed=frozenset(
                one.seat_user_id
                for one in said
                if one.position == row.position and one.decision == Decision.APPROVED
            ),
        )
        for row in rows
    ]


async def members(session: AsyncSession, party_id: UUID, role: Role | None = None) -> dict[UUID, str]:
    """The names of a party's present people who can sign in; of those with a role, if one is named."""
    asked = (
        select(UserRow.id, UserRow.name)
        .join(MembershipRow, MembershipRow.user_id == UserRow.id)
        .where(
            MembershipRow.party_id == party_id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.accepted_at.is_not(None),
            UserRow.disabled_at.is_(None),
        )
    )
    if role is not None:
        asked = asked.where(literal(str(role)) == any_(MembershipRow.roles))
    return {found.id: found.name for found in await session.execute(asked)}


async def names(session: AsyncSession, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of people, as they stand now."""
    rows = await session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


async def delegations(session: AsyncSession, party_id: UUID, kind: StepKind, on: date) -> list[Delegation]:
    """A party's delegations that hold for this kind of step on this day."""
    rows = await session.scalars(
        select(DelegationRow).where(DelegationRow.party_id == party_id, DelegationRow.revoked_at.is_(None))
    )
    told = [
        Delegation(
            row.from_user_id,
            row.to_user_id,
            row.from_on,
            row.until_on,
            frozenset(StepKind(one) for one in row.kinds),
        )
        for row in rows
    ]
    return [one for one in told if one.covers(kind, on)]


async def enter(
    session: AsyncSession,
    row: CaseRow,
    kind: EntryKind,
    *,
    at: datetime,
    actor_user_id: UUID | None,
    payload: Mapping[str, Any],
    texts: Mapping[str, str] | None = None,
) -> int:
    """Add an entry to a locked case's record; its number. Texts stand beside it, behind commitments."""
    salts = {name: secrets.token_bytes(SALT_BYTES) for name in texts or {}}
    held = {
        name: {"commitment": record.commitment(salts[name], told)} for name, told in (texts or {}).items()
    }
    actor = {"actor_user_id": str(actor_user_id) if actor_user_id else None}
    entry = record.Entry(row.seq + 1, str(kind), at, {**actor, **payload, **held})
    previous = row.head
    row.seq, row.head = entry.seq, record.link(row.id, entry, previous)
    session.add(
        EntryRow(
            case_id=row.id,
            seq=entry.seq,
            kind=kind,
            at=at,
            actor_user_id=actor_user_id,
            payload=dict(entry.payload),
            previous=previous,
            hash=row.head,
        )
    )
    await session.flush()
    session.add_all(
        [
            EntryTextRow(case_id=row.id, seq=entry.seq, field=name, salt=salts[name], text=told)
            for name, told in (texts or {}).items()
        ]
    )
    await session.flush()
    return entry.seq


async def folder(session: AsyncSession, deal_id: UUID, party_id: UUID) -> Sequence[FolderItemRow]:
    """The papers of a party in the folder of a deal, those that were replaced too, in the order of their coming."""
    found = await session.scalars(
        select(FolderItemRow)
        .where(FolderItemRow.deal_id == deal_id, FolderItemRow.party_id == party_id)
        .order_by(FolderItemRow.id)
    )
    return found.all()


async def paper(
    session: AsyncSession, deal_id: UUID, party_id: UUID, kind: FolderKind, title: str
) -> FolderItemRow | None:
    """The present paper of this kind and title."""
    found: FolderItemRow | None = await session.scalar(
        select(FolderItemRow).where(
            FolderItemRow.deal_id == deal_id,
            FolderItemRow.party_id == party_id,
            FolderItemRow.kind == kind,
            FolderItemRow.title == title,
            FolderItemRow.replaced_at.is_(None),
        )
    )
    return found


async def own_delegation(session: AsyncSession, delegation_id: UUID, actor: Actor) -> DelegationRow:
    """Somebody's own delegation, locked. Raises `NotFound`."""
    row = await session.scalar(
        select(DelegationRow)
        .where(DelegationRow.id == delegation_id, DelegationRow.from_user_id == actor.user_id)
        .where(DelegationRow.party_id == actor.party_id)
        .with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound()
    return row


async def kinds_in_folder(session: AsyncSession, deal_id: UUID, party_id: UUID) -> frozenset[FolderKind]:
    """Which kinds of papers are in the folder now."""
    rows = await folder(session, deal_id, party_id)
    return frozenset(FolderKind(row.kind) for row in rows if row.replaced_at is None)


async def is_member(session: AsyncSession, party_id: UUID, user_id: UUID) -> bool:
    """Whether somebody belongs to a party now."""
    found = await session.scalar(
        select(
            exists().where(
                MembershipRow.party_id == party_id,
                MembershipRow.user_id == user_id,
                MembershipRow.ended_at.is_(None),
                MembershipRow.accepted_at.is_not(None),
            )
        )
    )
    return bool(found)


def ended(row: CaseRow) -> bool:
    """Whether a case has been decided or taken back."""
    return CaseStatus(row.status) not in LIVE
