"""The record of a notice: checked without a database, also once a part of it was taken away; whatever is changed shows."""

import copy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.evidence import queries
from app.evidence.rules.checking import verify_record
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.canonical import canonical
from app.notices import actions
from app.notices.actions.redacting import take_away
from tests.factories.identity import make_member
from tests.factories.notices import make_mend, make_notice

CLOCK = Clock()
TOMBSTONE = {
    "reason": "personal_data",
    "document_no": "遮蔽〔2026〕2号",
    "requested_by": "某交易中心",
    "decided_by": "某监管局",
    "at": "2026-11-25T04:00:00.000000Z",
}


async def _record(session: AsyncSession, *, redacted: bool) -> dict[str, Any]:
    officer = await make_member(session, Role.TTO_OFFICER, kind=PartyKind.UNIVERSITY)
    party = await session.get_one(PartyRow, officer.party_id)
    leader = await make_member(session, Role.ORG_LEADER, party=party)
    row = await make_notice(session, officer)
    mend = await make_mend(session, row, officer)
    await actions.confirm_mend(session, CLOCK, actor=leader.actor, mend_id=mend.id, expected=mend.version)
    if redacted:
        at = await CLOCK.read(session)
        await take_away(session, row, seq=1, field="contact", at=at, tombstone=TOMBSTONE)
    told: dict[str, Any] = orjson.loads(canonical(await queries.notice_record(session, row.id)))
    return told


async def test_a_record_verifies_and_says_what_was_redacted(session: AsyncSession) -> None:
    whole = verify_record(await _record(session, redacted=False))
    assert (whole.verified, whole.facts, whole.notes) == (True, 3, [])
    taken = verify_record(await _record(session, redacted=True))
    assert taken.verified
    assert {(note.code, note.details["field"]) for note in taken.notes} == {
        ("text_redacted", "contact"),
        ("text_redacted", "page"),
    }


@pytest.mark.parametrize(
    ("where", "value", "code"),
    [
        (("entries", 0, "payload", "number"), "GS-2026-999999", "entry_altered"),
        (("entries", 0, "at"), "2020-01-01T00:00:00.000000Z", "entry_altered"),
        (("entries", 0, "values", "price", "value"), {"text": "1.00 元"}, "text_altered"),
        (("entries", 0, "values", "price", "redaction"), TOMBSTONE, "text_altered"),
        (("entries", 1, "hash"), "0" * 64, "entry_altered"),
        (("notice", "status"), "passed", "claim_differs"),
        (("batches", 0, "signature"), "0" * 128, "signature_wrong"),
    ],
)
async def test_what_is_changed_is_found(
    session: AsyncSession, where: tuple[Any, ...], value: Any, code: str
) -> None:
    told = await _record(session, redacted=False)
    part: Any = told
    for step in where[:-1]:
        part = part[step]
    part[where[-1]] = value
    assert code in {found.code for found in verify_record(told).differences}


async def test_an_entry_or_a_value_that_is_dropped_is_missed(session: AsyncSession) -> None:
    told = await _record(session, redacted=False)
    dropped = copy.deepcopy(told)
    del dropped["entries"][1]
    assert not verify_record(dropped).verified
    emptied = copy.deepcopy(told)
    del emptied["entries"][0]["values"]["contact"]
    assert [found.code for found in verify_record(emptied).differences] == ["text_missing"]


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
@settings(max_examples=30, deadline=None)
def test_any_document_is_read_without_breaking_down(told: Any) -> None:
    form = {"schema": "jishi/notice-record/1", "entries": told}
    assert not verify_record(form).verified
