"""A lawful redaction: two persons, gone everywhere at once, and the chain stays whole."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions.queries import events_between
from app.db.session import Database
from app.evidence import actions, queries
from app.evidence.errors import RedactionBySamePerson, TextAbsent
from app.evidence.rules.checking import verify_record
from app.evidence.rules.redaction import RedactionReason
from app.evidence.schemas import RedactionIn
from app.identity.permissions import Role
from app.kit.errors import NotFound
from tests.evidence.sales import NOTE, make_ended, make_interrupted, make_supervisor
from tests.evidence.test_records import record_of
from tests.factories.auctions import CLOCK, Sale
from tests.factories.identity import Member, make_member


async def seq_of(session: AsyncSession, sale: Sale, kind: str = "suspended") -> int:
    events = await events_between(session, sale.auction_id, after=0, limit=1_000)
    return next(event.seq for event in events if event.kind == kind)


def asked(seq: int, field: str = "note") -> RedactionIn:
    return RedactionIn(seq=seq, field=field, reason=RedactionReason.PERSONAL_DATA, document_no="遮蔽2026-1")


async def redact(session: AsyncSession, sale: Sale) -> tuple[int, Member]:
    """The note of the suspension, asked for by the operator and decided by a supervisor."""
    seq, supervisor = await seq_of(session, sale), await make_supervisor(session)
    row = await actions.request_redaction(
        session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=asked(seq)
    )
    await actions.review_redaction(
        session, CLOCK, actor=supervisor.actor, redaction_id=row.id, approved=True, expected=row.version
    )
    return seq, supervisor


async def test_the_text_is_gone_from_every_table_and_the_record_still_verifies(session: AsyncSession) -> None:
    sale = await make_ended(session)
    before = await record_of(session, sale)
    seq, _ = await redact(session, sale)

    told = await record_of(session, sale)
    report = verify_record(told)
    assert report.differences == []
    assert [(note.code, note.seq) for note in report.notes] == [("text_redacted", seq)]
    assert [one["hash"] for one in told["facts"]] == [one["hash"] for one in before["facts"]]
    shown = told["facts"][seq - 1]["texts"]["note"]
    assert (shown["salt"], shown["text"], shown["redaction"]["reason"]) == (None, None, "personal_data")

    events = await events_between(session, sale.auction_id, after=seq - 1, limit=1)
    assert events[0].note == "依法遮蔽"
    tables = await session.execute(
        text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    )
    for name in tables.scalars().all():
        found = await session.execute(
            text(f'SELECT count(*) FROM "{name}" t WHERE t::text LIKE :part'), {"part": "%13800000000%"}
        )
        assert found.scalar_one() == 0, name


async def test_nobody_redacts_alone(session: AsyncSession) -> None:
    sale = await make_interrupted(session)
    operator, seq = sale.operator.actor, await seq_of(session, sale)
    row = await actions.request_redaction(
        session, CLOCK, actor=operator, auction_id=sale.auction_id, asked=asked(seq)
    )
    with pytest.raises(RedactionBySamePerson):
        await actions.review_redaction(
            session, CLOCK, actor=operator, redaction_id=row.id, approved=True, expected=row.version
        )
    events = await events_between(session, sale.auction_id, after=seq - 1, limit=1)
    assert events[0].note == NOTE


async def test_a_refused_request_leaves_the_text_and_may_be_made_again(session: AsyncSession) -> None:
    sale = await make_interrupted(session)
    operator, seq = sale.operator.actor, await seq_of(session, sale)
    supervisor = await make_supervisor(session)
    first = await actions.request_redaction(
        session, CLOCK, actor=operator, auction_id=sale.auction_id, asked=asked(seq)
    )
    same = await actions.request_redaction(
        session, CLOCK, actor=supervisor.actor, auction_id=sale.auction_id, asked=asked(seq)
    )
    assert same.id == first.id
    await actions.review_redaction(
        session, CLOCK, actor=supervisor.actor, redaction_id=first.id, approved=False, expected=first.version
    )
    again = await actions.request_redaction(
        session, CLOCK, actor=operator, auction_id=sale.auction_id, asked=asked(seq)
    )
    assert again.id != first.id
    assert (await events_between(session, sale.auction_id, after=seq - 1, limit=1))[0].note == NOTE


async def test_what_is_not_there_cannot_be_redacted_and_not_twice(session: AsyncSession) -> None:
    sale = await make_interrupted(session)
    seq, _ = await redact(session, sale)
    for wrong in (asked(seq), asked(seq, "reason"), asked(1), asked(999)):
        with pytest.raises(TextAbsent):
            await actions.request_redaction(
                session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=wrong
            )


async def test_staff_of_another_region_redact_nothing_here(session: AsyncSession) -> None:
    sale = await make_interrupted(session)
    far = await make_member(session, Role.OPERATOR, region_scope="330200")
    with pytest.raises(NotFound):
        await actions.request_redaction(
            session, CLOCK, actor=far.actor, auction_id=sale.auction_id, asked=asked(1)
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE auction_texts SET text = '别的'",
        "UPDATE auction_texts SET salt = decode(repeat('00', 16), 'hex')",
        "DELETE FROM auction_texts",
        "UPDATE auction_texts SET seq = seq + 1",
    ],
)
async def test_a_text_is_taken_away_and_never_rewritten(session: AsyncSession, statement: str) -> None:
    await make_interrupted(session)
    with pytest.raises(IntegrityError):
        await session.execute(text(statement))


async def test_a_redaction_over_http_is_seen_in_events_stream_and_outbox(
    client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        sale = await make_ended(session)
        supervisor = await make_supervisor(session)
        seq = await seq_of(session, sale)
    path = f"/v1/auctions/{sale.auction_id}"
    asking: dict[str, Any] = {
        "seq": seq,
        "field": "note",
        "reason": "personal_data",
        "document_no": "遮蔽2026-1",
    }
    made = await client.post(f"{path}/redactions", json=asking, headers=sale.operator.headers)
    assert made.status_code == 201, made.text
    before = await client.get(f"{path}/record")
    decided = await client.post(
        f"/v1/redactions/{made.json()['id']}/review",
        json={"approved": True},
        headers=supervisor.headers | {"If-Match": made.headers["ETag"]},
    )
    assert (decided.status_code, decided.json()["status"]) == (200, "done"), decided.text
    for address in (path, f"{path}/events?limit=200", f"{path}/record"):
        answer = await client.get(address)
        assert answer.status_code == 200
        assert "13800000000" not in answer.text, address
    assert (await client.get(f"{path}/record")).headers["ETag"] != before.headers["ETag"]
    listed = await client.get(f"{path}/redactions", headers=sale.operator.headers)
    assert [one["status"] for one in listed.json()["data"]] == ["done"]


async def test_the_cancellation_of_an_offering_does_not_copy_the_note(session: AsyncSession) -> None:
    from app.auctions.rules.commands import CancelReason
    from app.auctions.schemas import CancelIn
    from app.events.tables import EventRow

    sale = await make_interrupted(session)
    asked_for = CancelIn(reason=CancelReason.TITLE_DEFECT, document_no="甲1", note=NOTE)
    await auctions.cancel(
        session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=asked_for
    )
    told = await session.execute(select(EventRow).where(EventRow.subject_id == sale.offering_id))
    assert all("13800000000" not in str(event.payload) for event in told.scalars())
    assert queries is not None
