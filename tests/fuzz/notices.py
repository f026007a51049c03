"""What a unit does with its notices, and what others object to."""

from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.notices import actions
from app.notices.tables import NoticeRow
from tests.factories.identity import Member, make_member
from tests.factories.notices import BOTH, make_mend, make_notice, make_objection
from tests.fuzz.world import CLOCK, Example, Examples, on, wire

DECISION = {"upheld": False, "findings": "经核查，价格依据充分", "document_no": "科技处〔2026〕12号"}
OBJECTION = {
    "ground": "price",
    "relation": "同行企业",
    "statement": "拟交易价格明显低于同类专利",
    "evidence_note": "见同类专利成交公告三份",
}


async def of_a_unit(session: AsyncSession, me: Member) -> Examples:
    """One succeeding request for each operation on the unit's own notices."""
    party = await session.get_one(PartyRow, me.party_id)
    colleague = await make_member(session, Role.TTO_OFFICER, party=party)
    notices = [await make_notice(session, colleague) for _ in range(11)]
    waiting = await make_notice(session, colleague, places=BOTH)
    shown = wire(waiting.published_at - timedelta(minutes=1))
    mends = [await make_mend(session, notice, colleague) for notice in notices[:3]]
    told: dict[str, Any] = {
        "attest_notice_place": on(
            waiting,
            {"place": "unit_site", "url": "https://kjc.example.edu.cn/gs/2", "published_at": shown},
        ),
        "propose_mend": on(
            notices[3], {"kind": "correction", "fields": {"contact": "新电话"}, "reason": "笔误"}
        ),
        "revoke_notice": on(notices[4], {"reason_class": "terms_changed", "note": "条件变更"}),
        "watch_notice": Example(notices[5].id),
        "unwatch_notice": Example(notices[5].id),
        "read_notice": Example(notices[5].id),
        "list_notice_revisions": Example(notices[5].id),
        "read_notice_record": Example(notices[5].id),
        "read_mend": Example(mends[0].id),
        "confirm_mend": on(mends[1]),
        "refuse_mend": on(mends[2], {"reason": "原号码无误"}),
    }
    return {**told, **await _handled(session, notices[6:])}


async def _handled(session: AsyncSession, notices: list[NoticeRow]) -> Examples:
    filer = await make_member(session, Role.ENTERPRISE_USER)
    filed = [await make_objection(session, notice, filer) for notice in notices]
    handler = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE)
    for row in filed[2:]:
        await actions.accept(session, CLOCK, actor=handler.actor, objection_id=row.id, expected=row.version)
    return {
        "accept_objection": on(filed[0]),
        "reject_objection": on(filed[1], {"findings": "未附证据"}),
        "investigate_objection": on(filed[2]),
        "extend_objection": on(filed[3]),
        "decide_objection": on(filed[4], DECISION),
    }


async def of_an_objector(session: AsyncSession, me: Member) -> Examples:
    """One succeeding request for each operation on one's own objections."""
    owner = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    party = await session.get_one(PartyRow, owner.party_id)
    leader = await make_member(session, Role.ORG_LEADER, party=party)
    notices = [await make_notice(session, owner) for _ in range(3)]
    withdrawn, dismissed = [await make_objection(session, notice, me) for notice in notices[:2]]
    await actions.reject(
        session,
        CLOCK,
        actor=leader.actor,
        objection_id=dismissed.id,
        expected=dismissed.version,
        findings="未附证据",
    )
    return {
        "file_objection": Example(notices[2].id, body=OBJECTION),
        "withdraw_objection": on(withdrawn),
        "request_objection_review": on(dismissed, {"reason": "证据已补齐"}),
        "read_objection": Example(dismissed.id),
    }
