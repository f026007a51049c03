"""Achievements, drafted, registered and published by the actions themselves."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.listings import actions
from app.listings.schemas import AchievementIn
from app.listings.tables import AchievementRow
from tests.factories.identity import Member, make_member

CONTACT = {"name": "何敏", "phone": "0574-88122210", "email": "hemin@zdlg.example.cn"}
RIGHT = {
    "type": "invention",
    "name": "一种氮化硼球形团聚体的喷雾造粒方法",
    "application_no": "202110123456.7",
    "holders": ["测试大学"],
}


def description(**changed: Any) -> dict[str, Any]:
    """What a research secretary would send: complete enough to be submitted."""
    return {
        "title": "球形氮化硼导热垫片",
        "abstract": "光模块发热密度翻番，普通氧化铝垫片导热不足；本成果以球形团聚体填充，导热系数 12 W/m·K。",
        "keywords": ["导热", "氮化硼"],
        "tech_field": "new_materials",
        "cooperation_modes": ["transfer", "license_exclusive"],
        "price_form": "reference_range",
        "price_min": "800000.00",
        "price_max": "1200000.00",
        "trl": {"level": 6, "scheme": "GB/T 22900-2022"},
        "contact": CONTACT,
        "ip_rights": [RIGHT],
    } | changed


async def make_officer(session: AsyncSession, kind: PartyKind = PartyKind.UNIVERSITY) -> Member:
    """Somebody of a university's transfer office."""
    return await make_member(session, Role.TTO_OFFICER, kind=kind)


async def make_operator(session: AsyncSession, region_scope: str | None = None) -> Member:
    """Somebody of the exchange who reviews."""
    return await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE, region_scope=region_scope)


async def make_draft(session: AsyncSession, officer: Member, **changed: Any) -> AchievementRow:
    """A draft of the officer's party."""
    posted = AchievementIn.model_validate(description(**changed))
    return await actions.post_achievement(session, Clock(), actor=officer.actor, posted=posted)


async def make_registered(
    session: AsyncSession,
    officer: Member | None = None,
    operator: Member | None = None,
    *,
    shares_confirmed: bool = True,
    **changed: Any,
) -> AchievementRow:
    """A registered achievement, its shares confirmed unless told otherwise: what an offering needs."""
    officer = officer or await make_officer(session)
    operator = operator or await make_operator(session)
    row = await make_draft(session, officer, **changed)
    if shares_confirmed:
        row = await actions.confirm_shares(
            session, Clock(), actor=officer.actor, achievement_id=row.id, expected_version=row.version
        )
    row = await actions.submit(
        session, Clock(), actor=officer.actor, achievement_id=row.id, expected_version=row.version
    )
    return await actions.register(
        session, Clock(), actor=operator.actor, achievement_id=row.id, expected_version=row.version
    )


async def make_published(
    session: AsyncSession, officer: Member | None = None, operator: Member | None = None, **changed: Any
) -> AchievementRow:
    """A published achievement."""
    operator = operator or await make_operator(session)
    row = await make_registered(session, officer, operator, **changed)
    return await actions.publish(
        session, Clock(), actor=operator.actor, achievement_id=row.id, expected_version=row.version
    )
