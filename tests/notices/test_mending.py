"""Places, corrections, supplements, revocations: on the real database."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock, move_sandbox_clock
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.dates import market_date
from app.kit.errors import NotFound, Stale
from app.kit.states import IllegalTransition
from app.notices import actions, errors, repository
from app.notices.rules.draft import PlaceWanted
from app.notices.states import MendStatus, NoticeStatus, PlaceKind, RevokedReason
from app.notices.tables import NoticeMendRow, NoticeRow
from tests.factories.files import make_file
from tests.factories.identity import Member, make_member
from tests.factories.listings import make_operator
from tests.factories.notices import BOTH, make_notice


@pytest.fixture
async def officer(session: AsyncSession) -> Member:
    return await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)


@pytest.fixture
async def leader(session: AsyncSession, officer: Member) -> Member:
    party = await session.get_one(PartyRow, officer.party_id)
    return await make_member(session, Role.ORG_LEADER, party=party)


async def _corrected(session: AsyncSession, row: NoticeRow, by: Member, **asked: Any) -> NoticeMendRow:
    told: dict[str, Any] = {"fields": {"contact": "王老师 0571-88880002"}, "reason": "电话号码有误"}
    return await actions.correct(
        session, Clock(), actor=by.actor, notice_id=row.id, expected=row.version, **(told | asked)
    )


async def _attest(session: AsyncSession, row: NoticeRow, by: Member, shown: datetime) -> NoticeRow:
    return await actions.attest_place(
        session,
        Clock(),
        actor=by.actor,
        notice_id=row.id,
        expected=row.version,
        place=PlaceKind.UNIT_SITE,
        url="https://kjc.example.edu.cn/gs/1",
        published_at=shown,
    )


async def test_the_later_place_starts_the_clock(session: AsyncSession, officer: Member) -> None:
    row = await make_notice(session, officer, places=BOTH)
    await move_sandbox_clock(session, advance=timedelta(days=2), rate=None)
    now = await Clock().read(session)
    with pytest.raises(errors.PlaceTimeUnfit):
        await _attest(session, row, officer, now + timedelta(hours=1))
    await _attest(session, row, officer, now)
    assert (row.status, row.starts_at) == (NoticeStatus.RUNNING, now)
    assert row.ends_on == market_date(now) + timedelta(days=15)
    with pytest.raises(errors.PlaceMissing):
        await _attest(session, row, officer, now)


async def test_the_press_is_put_on_record_with_its_scan_and_starts_nothing(
    session: AsyncSession, officer: Member
) -> None:
    market = PlaceWanted(kind=PlaceKind.MARKET)
    press = PlaceWanted(kind=PlaceKind.MEDIA, starts_clock=False)
    row = await make_notice(session, officer, places=[market, press])
    assert row.status == NoticeStatus.RUNNING
    ends_at, scan = row.ends_at, await make_file(session, officer)
    told: dict[str, Any] = {
        "notice_id": row.id,
        "place": PlaceKind.MEDIA,
        "url": "https://news.example.cn/20261125/A12",
        "published_at": row.published_at,
    }
    with pytest.raises(errors.PlaceEvidenceMissing):
        await actions.attest_place(session, Clock(), actor=officer.actor, expected=row.version, **told)
    await actions.attest_place(
        session, Clock(), actor=officer.actor, expected=row.version, evidence_file_id=scan.id, **told
    )
    places = {place.kind: place for place in await repository.places_of(session, row.id)}
    assert places["media"].evidence_file_id == scan.id
    assert (row.ends_at, row.seq) == (ends_at, 3)


async def test_a_place_told_of_two_days_later_counts_from_the_telling(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer, places=BOTH)
    shown = await Clock().read(session)
    await move_sandbox_clock(session, advance=timedelta(days=2), rate=None)
    await _attest(session, row, officer, shown)
    assert row.starts_on == market_date(shown) + timedelta(days=2)


async def test_nobody_else_attests_or_mends(session: AsyncSession, officer: Member) -> None:
    row = await make_notice(session, officer, places=BOTH)
    stranger = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    with pytest.raises(NotFound):
        await _attest(session, row, stranger, row.published_at)
    with pytest.raises(NotFound):
        await _corrected(session, row, stranger)
    elsewhere = await make_operator(session, region_scope="320000")
    with pytest.raises(NotFound):
        await _corrected(session, row, elsewhere)


async def test_a_correction_takes_two_persons_and_the_clock_runs(
    session: AsyncSession, officer: Member, leader: Member
) -> None:
    row = await make_notice(session, officer)
    ends_at, before = row.ends_at, row.content_hash
    mend = await _corrected(session, row, officer)
    assert (await repository.content_of(session, row.id))["contact"] == "王老师 0571-88880001"
    with pytest.raises(errors.MendWaiting):
        await _corrected(session, row, leader)
    decide = {"mend_id": mend.id, "expected": mend.version}
    with pytest.raises(errors.MendSamePerson):
        await actions.confirm_mend(session, Clock(), actor=officer.actor, **decide)
    await actions.confirm_mend(session, Clock(), actor=leader.actor, **decide)
    assert (mend.status, mend.seq, row.revision) == (MendStatus.CONFIRMED, row.seq, 2)
    assert (await repository.content_of(session, row.id))["contact"] == "王老师 0571-88880002"
    assert row.ends_at == ends_at
    assert row.content_hash != before
    with pytest.raises(Stale):
        await actions.confirm_mend(session, Clock(), actor=leader.actor, **decide)
    with pytest.raises(IllegalTransition):
        await actions.confirm_mend(
            session, Clock(), actor=leader.actor, mend_id=mend.id, expected=mend.version
        )


async def test_a_price_is_never_corrected(session: AsyncSession, officer: Member) -> None:
    row = await make_notice(session, officer)
    with pytest.raises(errors.MendPriceNeverCorrection):
        await _corrected(session, row, officer, fields={"price": "700,000.00 元"})


async def test_a_supplement_extends_the_period(
    session: AsyncSession, officer: Member, leader: Member
) -> None:
    row = await make_notice(session, officer)
    before = row.ends_on
    mend = await actions.supplement(
        session,
        Clock(),
        actor=officer.actor,
        notice_id=row.id,
        expected=row.version,
        fields={"lawsuits": "一起侵权诉讼，已立案"},
        reason="新近得知",
        days=5,
        caused_by_seller=False,
    )
    assert row.ends_on == before
    await actions.confirm_mend(session, Clock(), actor=leader.actor, mend_id=mend.id, expected=mend.version)
    assert before is not None
    assert (row.ends_on, row.next_due_at) == (before + timedelta(days=5), row.ends_at)


async def test_a_refused_mend_changes_nothing(session: AsyncSession, officer: Member, leader: Member) -> None:
    row = await make_notice(session, officer)
    mend = await _corrected(session, row, officer)
    await actions.refuse_mend(
        session, Clock(), actor=leader.actor, mend_id=mend.id, expected=mend.version, reason="原号码无误"
    )
    assert (mend.status, row.revision, row.seq) == (MendStatus.REFUSED, 1, 2)


async def test_nothing_is_mended_once_the_period_is_over(
    session: AsyncSession, officer: Member, leader: Member
) -> None:
    row = await make_notice(session, officer)
    mend = await _corrected(session, row, officer)
    await move_sandbox_clock(session, advance=timedelta(days=16), rate=None)
    with pytest.raises(errors.MendTooLate):
        await actions.confirm_mend(
            session, Clock(), actor=leader.actor, mend_id=mend.id, expected=mend.version
        )
    assert await actions.sweep(session, Clock()) is True
    assert (row.status, mend.status) == (NoticeStatus.PASSED, MendStatus.DROPPED)
    with pytest.raises(errors.MendTooLate):
        await _corrected(session, row, officer)


async def test_a_notice_that_has_passed_may_be_taken_back_once(
    session: AsyncSession, officer: Member
) -> None:
    row = await make_notice(session, officer)
    await move_sandbox_clock(session, advance=timedelta(days=16), rate=None)
    await actions.sweep(session, Clock())
    revoke = {"notice_id": row.id, "reason_class": RevokedReason.RIGHTS_LOST, "note": "专利未缴年费失效"}
    await actions.revoke(session, Clock(), **revoke, by=officer.actor, expected=row.version)
    assert (row.status, row.end_reason) == (NoticeStatus.REVOKED, "rights_lost")
    with pytest.raises(IllegalTransition):
        await actions.revoke(session, Clock(), **revoke)
