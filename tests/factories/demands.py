"""Demands and answers, written as rows or as what one sends."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.numbers import next_number
from app.demands.rules import answers_end, public_region
from app.demands.states import Confidentiality, DemandStatus, DemandType, SolutionKind
from app.demands.tables import DemandRow, SolutionRow
from app.kit.dates import market_date
from tests.factories.identity import Member

INDICATOR = {
    "name": "单台节拍",
    "present": "18",
    "target": "12",
    "unit": "s",
    "test_standard": "连续 2 h 实测平均",
}
CONTACT = {"name": "胡晓东", "phone": "0579-8***-1163", "email": "huxd@sgdd.example.cn"}


def written_demand(**changes: Any) -> dict[str, Any]:
    """The body of a new demand that may be submitted at once."""
    return {
        "title": "角磨机自动装配线节拍从 18 s 降到 12 s",
        "type": "problem",
        "current_state": "齿轮箱压装和碳刷上料两个工位最慢。",
        "what_was_tried": "做过振动盘上碳刷，卡料，拆了。",
        "indicators": [INDICATOR],
        "tech_field": "advanced_manufacturing",
        "industry_code": "3465",
        "budget_min_amount": "600000.00",
        "budget_max_amount": "800000.00",
        "deadline_on": market_date(datetime.now(UTC) + timedelta(days=45)).isoformat(),
        "duration_months": 6,
        "cooperation_modes": ["development"],
        "contact": CONTACT,
        "region_code": "330784",
    } | changes


def written_solution(**changes: Any) -> dict[str, Any]:
    """The body of an answer."""
    return {
        "kind": "development",
        "summary": "齿轮箱压装改双工位转台加位移力双控。",
        "price_amount": "760000.00",
        "schedule_months": 6,
        "team": "方宏图教授团队 5 人",
    } | changes


async def make_demand(
    session: AsyncSession,
    poster: Member,
    *,
    status: DemandStatus = DemandStatus.PUBLISHED,
    type: DemandType = DemandType.PROBLEM,
    confidentiality: Confidentiality = Confidentiality.PUBLIC,
    clerk: Member | None = None,
    days: int = 45,
    **changes: Any,
) -> DemandRow:
    """A demand in a state; its answers end in `days` days. Not closed ones."""
    at = await Clock().read(session)
    deadline_on = market_date(at) + timedelta(days=days)
    public = status in (DemandStatus.PUBLISHED, DemandStatus.DECIDING)
    fields: dict[str, Any] = {
        "title": "角磨机自动装配线节拍从 18 s 降到 12 s",
        "region_code": "330784",
        "indicators": [INDICATOR],
        "contact": CONTACT,
        "deadline_on": deadline_on,
        "tech_field": "advanced_manufacturing",
        "budget_min_minor": 60_000_000,
        "budget_max_minor": 80_000_000,
    } | changes
    row = DemandRow(
        **fields,
        number=await next_number(session, "XQ", at),
        status=status,
        type=type,
        confidentiality=confidentiality,
        region_public_code=public_region(confidentiality, fields["region_code"]),
        poster_party_id=poster.party_id,
        clerk_party_id=clerk.party_id if clerk else None,
        entered_on_behalf_of=poster.party_id if clerk else None,
        entered_by=(clerk or poster).user_id,
        published_at=at if public else None,
        answers_end_at=answers_end(deadline_on) if public else None,
        next_due_at=answers_end(deadline_on) if status is DemandStatus.PUBLISHED else None,
    )
    session.add(row)
    await session.flush()
    return row


async def make_solution(
    session: AsyncSession,
    demand: DemandRow,
    provider: Member,
    *,
    kind: SolutionKind = SolutionKind.DEVELOPMENT,
    amount_minor: int = 76_000_000,
) -> SolutionRow:
    """An answer that waits to be decided on."""
    row = SolutionRow(
        demand_id=demand.id,
        provider_party_id=provider.party_id,
        kind=kind,
        summary="双工位转台加位移力双控。",
        amount_minor=amount_minor,
        schedule_months=6,
        region_code="330106",
        entered_by=provider.user_id,
    )
    session.add(row)
    await session.flush()
    return row


async def told_of(session: AsyncSession, kind: str, subject_id: object) -> list[dict[str, Any]]:
    """The payloads of the events of a kind about a subject, each with whom it is addressed to and if it is public."""
    await session.flush()
    rows = await session.execute(
        text(
            "SELECT payload, parties, public FROM events WHERE kind = :kind AND subject_id = :id ORDER BY id"
        ),
        {"kind": kind, "id": subject_id},
    )
    return [{"payload": row.payload, "parties": list(row.parties), "public": row.public} for row in rows]
