"""Notices as another room has them published."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.rules import Period, PeriodUnit
from app.db.clock import Clock
from app.kit.ids import new_id
from app.notices import actions
from app.notices.rules.draft import NoticeDraft, PlaceWanted
from app.notices.states import NoticeKind, ObjectionGround, PlaceKind
from app.notices.tables import NoticeMendRow, NoticeRow, ObjectionRow
from tests.factories.identity import Member

CLOCK = Clock()
CONTENT = {
    "abstract": "一种用于钠离子电池的正极材料及其制备方法",
    "conversion_mode": "转让",
    "price": {"kind": "lump_sum", "amount": "800000.00", "text": "一次总付 800,000.00 元"},
    "related_party": "无关联关系",
    "objection_channel": "某大学科技处，0571-88880000",
    "buyer_name": "杭州某科技有限公司",
    "rights": [{"name": "一种正极材料", "number": "CN202110123456.2"}],
    "contact": "王老师 0571-88880001",
}


def days(value: int) -> Period:
    """So many calendar days."""
    return Period(value, PeriodUnit.CALENDAR_DAY)


def draft_of(owner_party_id: UUID, **changed: Any) -> NoticeDraft:
    """A price notice of fifteen calendar days at the market alone, complete enough to be published."""
    told: dict[str, Any] = {
        "kind": NoticeKind.NEGOTIATED_PRICE,
        "about_kind": "negotiation",
        "about_id": new_id(),
        "owner_party_id": owner_party_id,
        "region_code": "330106",
        "title": "钠离子电池正极材料专利",
        "content": CONTENT,
        "period": days(15),
        "floor": days(15),
        "cutoff_minute": 1440,
    }
    return NoticeDraft(**(told | changed))


BOTH = (
    PlaceWanted(kind=PlaceKind.UNIT_SITE, url="https://kjc.example.edu.cn/gs/1"),
    PlaceWanted(kind=PlaceKind.MARKET),
)


async def make_notice(session: AsyncSession, owner: Member, **changed: Any) -> NoticeRow:
    """A published notice of a member's party."""
    draft = draft_of(owner.party_id, **changed)
    return await actions.publish(session, CLOCK, draft=draft, actor=owner.actor)


async def make_mend(session: AsyncSession, notice: NoticeRow, by: Member, **asked: Any) -> NoticeMendRow:
    """A correction of the telephone number that waits for its second person."""
    told: dict[str, Any] = {"fields": {"contact": "王老师 0571-88880002"}, "reason": "电话号码有误"}
    return await actions.correct(
        session, CLOCK, actor=by.actor, notice_id=notice.id, expected=notice.version, **(told | asked)
    )


async def make_objection(session: AsyncSession, notice: NoticeRow, by: Member, **asked: Any) -> ObjectionRow:
    """An objection to the price, with a note for evidence."""
    told: dict[str, Any] = {
        "ground": ObjectionGround.PRICE,
        "relation": "同行企业",
        "statement": "拟交易价格明显低于同类专利",
        "evidence_note": "见同类专利成交公告三份",
        "file_ids": (),
    }
    return await actions.file_objection(session, CLOCK, actor=by.actor, notice_id=notice.id, **(told | asked))


async def make_disputed(
    session: AsyncSession, owner: Member, filer: Member, *, statement: str, reason: str
) -> tuple[NoticeRow, NoticeMendRow, ObjectionRow]:
    """A notice with a mend that waits and an objection that is undecided."""
    notice = await make_notice(session, owner)
    mend = await make_mend(session, notice, owner, reason=reason)
    return notice, mend, await make_objection(session, notice, filer, statement=statement)
