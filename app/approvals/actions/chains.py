"""An organisation's chains: each change is a new version, and cases keep theirs."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import repository
from app.approvals.errors import (
    ChainRetired,
    ChainUnfit,
)
from app.approvals.rules import chain as chains
from app.approvals.rules.chain import Step
from app.approvals.schemas import ChainIn
from app.approvals.states import (
    FolderKind,
)
from app.approvals.tables import ChainRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.kit.money import fen


async def make_chain(session: AsyncSession, clock: Clock, *, actor: Actor, body: ChainIn) -> ChainRow:
    """A new version of the organisation's chain of this name; the one before is retired. Cases keep theirs."""
    steps = [
        Step(
            group=one.group,
            kind=one.kind,
            title=one.title,
            quorum=one.quorum,
            user_ids=tuple(one.user_ids),
            role=one.role,
            from_minor=fen(one.from_amount),
            below_minor=fen(one.below_amount) if one.below_amount is not None else None,
            deadline_days=one.deadline_days,
            reminder_days=one.reminder_days,
        )
        for one in body.steps
    ]
    chains.check_chain(steps)
    people = await repository.members(session, actor.party_id)
    for place, step in enumerate(steps):
        if not set(step.user_ids) <= set(people):
            raise ChainUnfit(field=f"/body/steps/{place}/user_ids", why="approvers")
    before = await repository.in_force(session, actor.party_id, body.name)
    at = await clock.read(session)
    if before is not None:
        before.retired_at = at
        await session.flush()
    row = ChainRow(
        party_id=actor.party_id,
        name=body.name,
        version=await repository.last_version(session, actor.party_id, body.name) + 1,
        subject_kinds=sorted({str(kind) for kind in body.subject_kinds}),
        required=[str(kind) for kind in FolderKind if kind in body.required],
        steps=[_stored(step) for step in steps],
        made_by=actor.user_id,
        made_at=at,
    )
    session.add(row)
    await session.flush()
    return row


def _stored(step: Step) -> dict[str, Any]:
    return {
        **{name: getattr(step, name) for name in ("group", "title", "from_minor", "below_minor")},
        "kind": str(step.kind),
        "quorum": str(step.quorum),
        "user_ids": [str(user_id) for user_id in step.user_ids],
        "role": str(step.role) if step.role is not None else None,
        "deadline_days": step.deadline_days,
        "reminder_days": step.reminder_days,
    }


async def retire_chain(session: AsyncSession, clock: Clock, *, actor: Actor, chain_id: UUID) -> ChainRow:
    """Take a chain out of force. Cases that were opened with it go on. Raises `NotFound`, `ChainRetired`."""
    row = await repository.chain(session, chain_id, actor.party_id, lock=True)
    if row.retired_at is not None:
        raise ChainRetired()
    row.retired_at = await clock.read(session)
    await session.flush()
    return row
