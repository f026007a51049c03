"""Objections on the real database: the clock stops with them, goes on, or ends."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock, move_sandbox_clock
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.dates import market_date
from app.kit.errors import NotFound
from app.notices import actions, errors
from app.notices.rules.draft import ObjectionTerms
from app.notices.states import (
    NoticeStatus,
    ObjectionGround,
    ObjectionStatus,
    ReviewOutcome,
    UpheldEffect,
)
from app.notices.tables import NoticeEntryRow, NoticeRow, ObjectionRow
from tests.factories.identity import Member, make_member
from tests.factories.notices import make_notice

DISMISSED: dict[str, Any] = {
    "upheld": False,
    "effect": None,
    "findings": "经核查，价格依据充分",
    "document_no": "科技处〔2026〕12号",
}
UPHELD = DISMISSED | {"upheld": True, "effect": UpheldEffect.TERMINATE}


@pytest.fixture
async def officer(session: AsyncSession) -> Member:
    return await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)


@pytest.fixture
async def leader(session: AsyncSession, officer: Member) -> Member:
    party = await session.get_one(PartyRow, officer.party_id)
    return await make_member(session, Role.ORG_LEADER, party=party)


@pytest.fixture
async def filer(session: AsyncSession) -> Member:
    return await make_member(session, Role.ENTERPRISE_USER, name="李某")


async def _file(session: AsyncSession, row: NoticeRow, by: Member, **asked: Any) -> ObjectionRow:
    told: dict[str, Any] = {
        "ground": ObjectionGround.PRICE,
        "relation": "同行企业",
        "statement": "拟交易价格明显低于同类专利",
        "evidence_note": "见同类专利成交公告三份",
        "file_ids": (),
    }
    return await actions.file_objection(session, Clock(), actor=by.actor, notice_id=row.id, **(told | asked))


async def _accept(session: AsyncSession, row: ObjectionRow, by: Member) -> ObjectionRow:
    return await actions.accept(session, Clock(), actor=by.actor, objection_id=row.id, expected=row.version)


async def _decide(
    session: AsyncSession, row: ObjectionRow, by: Member, decision: dict[str, Any]
) -> ObjectionRow:
    return await actions.decide(
        session, Clock(), actor=by.actor, objection_id=row.id, expected=row.version, **decision
    )


async def _kinds(session: AsyncSession, subject: Any) -> list[str]:
    found = await session.scalars(
        select(EventRow.kind).where(EventRow.subject_id == subject.id).order_by(EventRow.id)
    )
    return list(found)


async def test_an_undecided_objection_holds_the_end_of_the_period(
    session: AsyncSession, officer: Member, leader: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer)
    row = await _file(session, notice, filer)
    assert (notice.status, notice.open_objections, notice.next_due_at) == (NoticeStatus.RUNNING, 1, None)
    await move_sandbox_clock(session, advance=timedelta(days=20), rate=None)
    assert await actions.sweep(session, Clock()) is False
    await actions.reject(
        session,
        Clock(),
        actor=leader.actor,
        objection_id=row.id,
        expected=row.version,
        findings="未附证据",
    )
    assert await actions.sweep(session, Clock()) is True
    assert (notice.status, row.status) == (NoticeStatus.PASSED, ObjectionStatus.REJECTED_FORMAL)


async def test_a_dismissed_objection_gives_back_the_days_that_were_left(
    session: AsyncSession, officer: Member, leader: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer)
    started = notice.starts_on
    await move_sandbox_clock(session, advance=timedelta(days=12), rate=None)
    row = await _accept(session, await _file(session, notice, filer), leader)
    assert (notice.status, notice.counted_value) == (NoticeStatus.PAUSED, 4)
    await move_sandbox_clock(session, advance=timedelta(days=9), rate=None)
    await _decide(session, row, leader, DISMISSED)
    assert started is not None
    today = market_date(await Clock().read(session))
    assert today == started + timedelta(days=21)
    assert notice.status == NoticeStatus.RUNNING
    assert notice.ends_on is not None and notice.ends_on >= today + timedelta(days=4)
    assert await _kinds(session, notice) == [
        "notices.published",
        "notices.started",
        "notices.objection_counted",
        "notices.paused",
        "notices.objection_counted",
        "notices.resumed",
    ]


async def test_an_upheld_objection_ends_the_notice_and_says_what_follows(
    session: AsyncSession, officer: Member, leader: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer)
    row = await _accept(session, await _file(session, notice, filer), leader)
    with pytest.raises(errors.ObjectionEffectMissing):
        await _decide(session, row, leader, UPHELD | {"effect": None})
    await _decide(session, row, leader, UPHELD)
    assert (notice.status, notice.end_reason) == (NoticeStatus.FAILED, UpheldEffect.TERMINATE)
    assert row.published_at is None
    assert (await _kinds(session, notice))[-1] == "notices.failed"


async def test_the_clock_goes_on_only_when_the_last_objection_is_decided(
    session: AsyncSession, officer: Member, leader: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer)
    other = await make_member(session, Role.ENTERPRISE_USER)
    first = await _accept(session, await _file(session, notice, filer), leader)
    second = await _accept(session, await _file(session, notice, other), leader)
    with pytest.raises(errors.ObjectionExists):
        await _file(session, notice, filer)
    await _decide(session, first, leader, DISMISSED)
    assert notice.status == NoticeStatus.PAUSED
    await actions.withdraw(
        session, Clock(), actor=other.actor, objection_id=second.id, expected=second.version
    )
    assert (notice.status, notice.open_objections) == (NoticeStatus.RUNNING, 0)


async def test_the_result_is_published_where_the_notice_says_so_and_names_nobody(
    session: AsyncSession, officer: Member, leader: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer, objection=ObjectionTerms(publish_result=True))
    row = await _accept(session, await _file(session, notice, filer), leader)
    await _decide(session, row, leader, DISMISSED)
    assert row.published_at is not None
    entry = await session.scalar(
        select(NoticeEntryRow).where(
            NoticeEntryRow.notice_id == notice.id, NoticeEntryRow.kind == "objection_published"
        )
    )
    assert entry is not None
    assert entry.payload["objection_number"] == row.number
    assert filer.actor.user_name not in str(entry.payload)


async def test_strangers_and_the_publisher_do_not_handle_an_objection(
    session: AsyncSession, officer: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer)
    row = await _file(session, notice, filer)
    with pytest.raises(errors.ObjectionHandlerConcerned):
        await _accept(session, row, officer)
    stranger = await make_member(session, Role.ORG_LEADER, kind=PartyKind.UNIVERSITY)
    with pytest.raises(NotFound):
        await _accept(session, row, stranger)
    with pytest.raises(errors.ObjectionFilerIsOwner):
        await _file(session, notice, officer)


async def test_a_deadline_that_is_over_is_told_once_and_decides_nothing(
    session: AsyncSession, officer: Member, leader: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer)
    row = await _file(session, notice, filer)
    await move_sandbox_clock(session, advance=timedelta(days=14), rate=None)
    assert await actions.sweep_overdue(session, Clock()) is True
    assert await actions.sweep_overdue(session, Clock()) is False
    assert row.status == ObjectionStatus.FILED
    await _accept(session, row, leader)
    assert row.next_due_at is not None and isinstance(row.decide_due_on, date)
    before = row.decide_due_on
    await actions.extend(session, Clock(), actor=leader.actor, objection_id=row.id, expected=row.version)
    assert row.decide_due_on > before
    with pytest.raises(errors.ObjectionExtendedAlready):
        await actions.extend(session, Clock(), actor=leader.actor, objection_id=row.id, expected=row.version)


async def test_a_review_that_overturns_a_dismissal_ends_the_notice(
    session: AsyncSession, officer: Member, leader: Member, filer: Member
) -> None:
    notice = await make_notice(session, officer)
    row = await _accept(session, await _file(session, notice, filer), leader)
    await _decide(session, row, leader, DISMISSED)
    asked = {"objection_id": row.id, "reason": "新证据"}
    await actions.request_review(session, Clock(), actor=filer.actor, expected=row.version, **asked)
    with pytest.raises(errors.ReviewUsed):
        await actions.request_review(session, Clock(), actor=filer.actor, expected=row.version, **asked)
    supervisor = await make_member(session, Role.SUPERVISOR, kind=PartyKind.GOVERNMENT)
    review: dict[str, Any] = {"findings": "证据属实", "document_no": "监〔2026〕3号"}
    overturned = {"outcome": ReviewOutcome.OVERTURNED, "effect": UpheldEffect.RETURN_TO_DRAFT}
    with pytest.raises(errors.ObjectionEffectMissing):
        async with session.begin_nested():
            await actions.decide_review(
                session,
                Clock(),
                actor=supervisor.actor,
                objection_id=row.id,
                expected=row.version,
                **(review | overturned | {"effect": None}),
            )
    await session.refresh(row)
    await actions.decide_review(
        session,
        Clock(),
        actor=supervisor.actor,
        objection_id=row.id,
        expected=row.version,
        **(review | overturned),
    )
    assert (notice.status, row.status) == (NoticeStatus.FAILED, ObjectionStatus.REVIEW_DECIDED)
