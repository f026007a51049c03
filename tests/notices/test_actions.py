"""Publishing notices, stopping their clocks, letting them pass: on the real database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock, move_sandbox_clock
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.states import IllegalTransition
from app.notices import actions, errors, repository
from app.notices.rules.record import link
from app.notices.states import NoticeKind, NoticeStatus, PauseCause
from app.notices.tables import NoticeBlobRow, NoticeEntryRow
from app.signing.rules.chain import GENESIS, commitment
from tests.factories.identity import Member, make_member
from tests.factories.notices import BOTH, CONTENT, days, draft_of, make_notice


@pytest.fixture
async def officer(session: AsyncSession) -> Member:
    """The unit's officer."""
    return await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)


async def test_a_notice_at_the_market_alone_runs_at_once(session: AsyncSession, officer: Member) -> None:
    row = await make_notice(session, officer)
    told = await actions.clock_of(session, row.id)
    assert (told.status, told.starts_at) == (NoticeStatus.RUNNING, row.published_at)
    assert told.ends_on is not None and row.starts_on is not None
    assert (told.ends_on - row.starts_on).days == 15
    assert told.is_over(row.published_at) is False
    assert row.number.startswith("GS-")


async def test_a_second_place_is_waited_for(session: AsyncSession, officer: Member) -> None:
    row = await make_notice(session, officer, places=BOTH)
    assert (row.status, row.starts_at, row.next_due_at) == (NoticeStatus.SCHEDULED, None, None)


async def test_the_record_holds_commitments_and_its_chain_is_whole(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    entries = list(
        await session.scalars(
            select(NoticeEntryRow).where(NoticeEntryRow.notice_id == row.id).order_by(NoticeEntryRow.seq)
        )
    )
    previous = GENESIS
    for entry in entries:
        digest = link(
            row.id, seq=entry.seq, kind=entry.kind, at=entry.at, payload=entry.payload, previous=previous
        )
        assert (entry.prev_hash, entry.hash) == (previous, digest)
        previous = digest
    assert [entry.kind for entry in entries] == ["published", "started"]
    assert row.chain_head == previous
    held = entries[0].payload
    assert "800000" not in str(held)
    blobs = list(await session.scalars(select(NoticeBlobRow).where(NoticeBlobRow.notice_id == row.id)))
    for blob in blobs:
        assert blob.salt is not None
        kept = held["page"] if blob.field == "page" else held["content"][blob.field]
        assert kept == {"commitment": commitment(blob.salt, blob.value)}
    assert await repository.content_of(session, row.id) == {"title": row.title, **CONTENT}


async def test_a_notice_shorter_than_its_floor_is_refused(session: AsyncSession, officer: Member) -> None:
    with pytest.raises(errors.NoticePeriodTooShort) as refused:
        await make_notice(session, officer, period=days(14), sources={"period": "某条例 art. 17"})
    assert refused.value.data["floor"] == {"value": 15, "unit": "calendar_day"}
    assert refused.value.data["floor_source"] == "某条例 art. 17"


@pytest.mark.parametrize(
    ("left_out", "refusal"),
    [
        ("abstract", errors.NoticeContentIncomplete),
        ("price", errors.NoticeContentIncomplete),
        ("objection_channel", errors.ObjectionProcedureMissing),
    ],
)
async def test_a_price_notice_says_what_it_must(
    session: AsyncSession, officer: Member, left_out: str, refusal: type[Exception]
) -> None:
    content = {name: value for name, value in CONTENT.items() if name != left_out}
    with pytest.raises(refusal):
        await make_notice(session, officer, content=content)


async def test_a_field_that_nobody_knows_is_refused(session: AsyncSession, officer: Member) -> None:
    with pytest.raises(errors.NoticeContentUnknown):
        await make_notice(session, officer, content={**CONTENT, "mobile": "13800000000"})


async def test_one_matter_has_one_live_notice_of_a_kind(session: AsyncSession, officer: Member) -> None:
    draft = draft_of(officer.party_id)
    await actions.publish(session, Clock(), draft=draft, actor=officer.actor)
    with pytest.raises(errors.NoticeLiveAlready):
        await actions.publish(session, Clock(), draft=draft, actor=officer.actor)
    other = replace(draft, kind=NoticeKind.RESULT, content={"result": "成交"})
    await actions.publish(session, Clock(), draft=other, actor=None)


async def test_a_change_ends_the_old_notice_and_starts_a_whole_one(
    session: AsyncSession, officer: Member
) -> None:
    old = await make_notice(session, officer)
    draft = draft_of(officer.party_id, about_id=old.about_id, content={**CONTENT, "price": "900,000.00 元"})
    new = await actions.supersede(session, Clock(), notice_id=old.id, by=draft, actor=officer.actor)
    assert (old.status, old.successor_id, new.predecessor_id) == (NoticeStatus.SUPERSEDED, new.id, old.id)
    assert new.status == NoticeStatus.RUNNING
    with pytest.raises(IllegalTransition):
        await actions.supersede(session, Clock(), notice_id=old.id, by=draft, actor=officer.actor)


async def test_a_clock_that_stood_still_goes_on_with_what_was_left(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    before = row.ends_on
    stop = {"notice_id": row.id, "note": "书面申请", "resume_min_days": 1}
    await actions.interrupt(session, Clock(), cause=PauseCause.APPLICATION, **stop)
    told = await actions.interrupt(session, Clock(), cause=PauseCause.DISTURBANCE, **stop)
    assert (told.status, told.stands_still) == (NoticeStatus.PAUSED, True)
    await move_sandbox_clock(session, advance=timedelta(days=20), rate=None)
    assert await actions.sweep(session, Clock()) is False
    told = await actions.take_up(session, Clock(), notice_id=row.id, cause=PauseCause.APPLICATION)
    assert told.status is NoticeStatus.PAUSED
    told = await actions.take_up(session, Clock(), notice_id=row.id, cause=PauseCause.DISTURBANCE)
    assert told.status is NoticeStatus.RUNNING
    assert told.ends_on is not None and before is not None
    assert (told.ends_on - before).days == 20


async def test_a_notice_passes_by_itself_when_its_time_is_over(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    await actions.stretch(session, Clock(), notice_id=row.id, days=2, reason="补充材料")
    await move_sandbox_clock(session, advance=timedelta(days=16), rate=None)
    assert await actions.sweep(session, Clock()) is False
    await move_sandbox_clock(session, advance=timedelta(days=3), rate=None)
    assert await actions.sweep(session, Clock()) is True
    assert (row.status, row.next_due_at) == (NoticeStatus.PASSED, None)
    with pytest.raises(errors.NoticeNotRunning):
        await actions.stretch(session, Clock(), notice_id=row.id, days=2, reason="太晚")
