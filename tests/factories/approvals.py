"""Chains, cases and whoever decides them, made by the actions themselves."""

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.approvals import actions
from app.approvals.schemas import ChainIn, FolderPaperIn, StepDecisionIn
from app.approvals.states import DecisionSubject, FolderKind
from app.approvals.tables import CaseRow, ChainRow
from app.db.clock import Clock
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.ids import new_id
from tests.factories.identity import Member, make_member

CLOCK = Clock()


@dataclass
class Unit:
    """A unit with an officer who makes cases, its leader, and two approvers."""

    officer: Member
    leader: Member
    asset: Member
    legal: Member


async def make_unit(session: AsyncSession, officer: Member | None = None) -> Unit:
    """A university's people."""
    officer = officer or await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    party = await session.get_one(PartyRow, officer.party_id)
    leader = await make_member(session, Role.ORG_LEADER, party=party, name="校领导")
    asset = await make_member(session, Role.APPROVER, party=party, name="国资处处长")
    legal = await make_member(session, Role.APPROVER, party=party, name="法务负责人")
    return Unit(officer, leader, asset, legal)


def chain_body(unit: Unit, **changed: Any) -> dict[str, Any]:
    """资产与法务并行（100万元以上须国资处），再由校领导决定."""
    return {
        "name": f"科技成果转化审批{new_id()}",
        "subject_kinds": ["offering", "negotiation"],
        "steps": [
            {
                "group": 1, "kind": "asset", "title": "国资处", "user_ids": [str(unit.asset.user_id)],
                "from_amount": "1000000.00", "deadline_days": 5, "reminder_days": 3,
            },
            {"group": 1, "kind": "legal", "title": "法务", "user_ids": [str(unit.legal.user_id)]},
            {"group": 2, "kind": "president_meeting", "title": "校长办公会", "role": "org_leader"},
        ],
    } | changed  # fmt: skip


async def make_chain(session: AsyncSession, unit: Unit, **changed: Any) -> ChainRow:
    """A chain of the unit."""
    body = ChainIn.model_validate_json(orjson.dumps(chain_body(unit, **changed)))
    return await actions.make_chain(session, CLOCK, actor=unit.leader.actor, body=body)


async def make_case(
    session: AsyncSession, unit: Unit, chain: ChainRow | None = None, **changed: Any
) -> CaseRow:
    """A draft on an offering that nobody knows."""
    deal = new_id()
    told: dict[str, Any] = {
        "subject_kind": DecisionSubject.OFFERING,
        "subject_id": deal,
        "deal_id": deal,
        "title": "氮化硼垫片专利权转让",
        "amount_minor": 200_000_000,
    }
    return await actions.open_case(
        session,
        CLOCK,
        actor=unit.officer.actor,
        chain_id=(chain or await make_chain(session, unit)).id,
        **told | changed,
    )


async def make_running(session: AsyncSession, unit: Unit, **changed: Any) -> CaseRow:
    """A case that waits for its first group."""
    row = await make_case(session, unit, **changed)
    await session.flush()
    row = await actions.submit_case(
        session, CLOCK, actor=unit.officer.actor, case_id=row.id, expected=row.version
    )
    await session.flush()
    return row


async def say(
    session: AsyncSession,
    row: CaseRow,
    member: Member,
    position: int,
    decision: str = "approved",
    **told: Any,
) -> CaseRow:
    """An opinion."""
    opinion = {"opinion": "请补充定价依据"} if decision != "approved" else {}
    body = StepDecisionIn.model_validate(
        {"position": position, "decision": decision, **opinion, **told}, strict=False
    )
    return await actions.decide_step(session, CLOCK, actor=member.actor, case_id=row.id, body=body)


async def put(session: AsyncSession, unit: Unit, row: CaseRow, kind: FolderKind, **told: Any) -> None:
    """A paper in the folder of the case's deal."""
    body = FolderPaperIn(kind=kind, **{"title": "材料", "document_no": "校科〔2026〕7号"} | told)
    await actions.put_paper(session, CLOCK, actor=unit.officer.actor, deal_id=row.deal_id, body=body)
