"""A part of a notice is taken away by law: it is gone everywhere, and the chain stays whole."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.evidence import actions, errors
from app.evidence.rules.redaction import RedactionReason
from app.evidence.schemas import RedactionIn
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.errors import NotFound
from app.notices import actions as notices
from app.notices import queries
from app.notices.rules.record import link
from app.notices.tables import NoticeEntryRow, NoticeRow
from app.signing.rules.chain import GENESIS
from tests.factories.identity import make_member
from tests.factories.listings import make_operator
from tests.factories.notices import CONTENT, make_mend, make_notice

PHONE = "13805710000"
CLOCK = Clock()


async def _redact(session: AsyncSession, row: NoticeRow, seq: int, field: str) -> None:
    asked = RedactionIn(
        seq=seq, field=field, reason=RedactionReason.PERSONAL_DATA, document_no="遮蔽〔2026〕2号"
    )
    first, second = await make_operator(session), await make_operator(session)
    made = await actions.request_notice_redaction(
        session, CLOCK, actor=first.actor, notice_id=row.id, asked=asked
    )
    with pytest.raises(errors.RedactionBySamePerson):
        await actions.review_redaction(
            session,
            CLOCK,
            actor=first.actor,
            redaction_id=made.id,
            approved=True,
            expected=made.version,
        )
    await actions.review_redaction(
        session, CLOCK, actor=second.actor, redaction_id=made.id, approved=True, expected=made.version
    )


async def _everything(session: AsyncSession) -> str:
    """Every row that tells of notices, as text."""
    told = ""
    for table in ("notices", "notice_entries", "notice_blobs", "notice_mends", "notice_holds", "events"):
        found = await session.execute(text(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t"))
        told += str(found.scalar_one())
    return told


async def test_what_the_law_takes_away_is_nowhere_and_the_chain_is_whole(session: AsyncSession) -> None:
    officer = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    party = await session.get_one(PartyRow, officer.party_id)
    leader = await make_member(session, Role.ORG_LEADER, party=party)
    row = await make_notice(session, officer)
    mend = await make_mend(session, row, officer, fields={"contact": f"王老师 {PHONE}"}, reason="更正电话")
    await notices.confirm_mend(session, CLOCK, actor=leader.actor, mend_id=mend.id, expected=mend.version)
    assert mend.seq is not None
    assert PHONE in await _everything(session)
    await _redact(session, row, mend.seq, "contact")
    assert PHONE not in await _everything(session)
    told = await queries.notice(session, actor=None, notice_id=row.id)
    contact = next(field for field in told.content if field.name == "contact")
    assert (contact.is_redacted, contact.value) == (True, None)
    assert contact.redaction is not None
    assert contact.redaction.reason == "personal_data"
    assert "依法遮蔽" in told.page
    assert "拟交易价格" in told.page
    revisions = await queries.revisions(session, row.id)
    assert (revisions[0].differences[0].before, revisions[0].differences[0].after) == (
        CONTENT["contact"],
        None,
    )
    previous = GENESIS
    for entry in await session.scalars(
        select(NoticeEntryRow).where(NoticeEntryRow.notice_id == row.id).order_by(NoticeEntryRow.seq)
    ):
        assert entry.hash == link(
            row.id, seq=entry.seq, kind=entry.kind, at=entry.at, payload=entry.payload, previous=previous
        )
        previous = entry.hash
    with pytest.raises(errors.TextAbsent):
        await _redact(session, row, mend.seq, "contact")


async def test_a_title_goes_from_lists_and_events_too(session: AsyncSession) -> None:
    officer = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    row = await make_notice(session, officer, title="王某某等人的秘密工艺")
    await _redact(session, row, 1, "title")
    assert "秘密工艺" not in await _everything(session)
    assert row.title == "依法遮蔽"


async def test_overseers_of_another_region_take_nothing_away(session: AsyncSession) -> None:
    officer = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    row = await make_notice(session, officer)
    far = await make_operator(session, region_scope="320000")
    asked = RedactionIn(
        seq=1, field="contact", reason=RedactionReason.COURT_ORDER, document_no="遮蔽〔2026〕3号"
    )
    with pytest.raises(NotFound):
        await actions.request_notice_redaction(session, CLOCK, actor=far.actor, notice_id=row.id, asked=asked)
