"""Statements on the session's own connection: in its transaction, in their order, with its errors."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import bindparam, column, literal, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain

TABLE = "CREATE TEMPORARY TABLE told (no integer PRIMARY KEY, at timestamptz, id uuid, hash bytea, doc jsonb) ON COMMIT DROP"
ADD = (
    "INSERT INTO told SELECT * FROM json_to_recordset($1::json)"
    " AS t (no integer, at timestamptz, id uuid, hash bytea, doc jsonb)"
)


async def test_a_plain_statement_is_part_of_the_sessions_transaction(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    assert (
        await plain.run(session, "INSERT INTO told (no) SELECT * FROM unnest($1::integer[])", [1, 2, 3]) == 3
    )
    assert (await session.execute(text("SELECT count(*) FROM told"))).scalar_one() == 3
    assert [
        row["no"] for row in await plain.fetch(session, "SELECT no FROM told WHERE no > $1 ORDER BY no", 1)
    ] == [2, 3]


async def test_a_session_that_has_done_nothing_yet_begins_with_a_plain_statement(
    session: AsyncSession,
) -> None:
    first = await plain.fetch(session, "SELECT txid_current()")
    assert (await session.execute(text("SELECT txid_current()"))).scalar_one() == first[0][0]


async def test_rows_keep_instants_ids_bytes_and_documents(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    row = {
        "no": 1,
        "at": datetime(2026, 3, 1, 2, 3, 4, 567_891, tzinfo=UTC),
        "id": uuid4(),
        "hash": bytes(range(32)),
        "doc": {"甲": ["\\x00", None, 1]},
    }
    await plain.run(session, ADD, plain.rows_json([row]))
    assert dict((await plain.fetch(session, "SELECT * FROM told"))[0]) == row


def test_what_has_no_form_in_a_row_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        plain.rows_json([{"no": 1j}])


async def test_a_broken_constraint_is_the_sessions_own_error_and_says_no_value(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    with pytest.raises(IntegrityError) as broken:
        await plain.run(session, "INSERT INTO told (no) VALUES ($1), ($1)", 4_711)
    assert broken.value.orig is not None and broken.value.orig.sqlstate == "23505"  # type: ignore[attr-defined]
    assert "4711" not in str(broken.value).replace("Key (no)=(4711)", "")


async def test_posted_statements_run_in_their_order(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    async with plain.posting(session):
        for no in range(20):
            await plain.post(
                session, "INSERT INTO told (no) SELECT coalesce(max(no), $1 - 1) + 1 FROM told", no
            )
    assert [row[0] for row in await plain.fetch(session, "SELECT no FROM told ORDER BY no")] == list(
        range(20)
    )


async def test_an_error_of_a_posted_statement_comes_out_at_the_next_one(session: AsyncSession) -> None:
    with pytest.raises(DBAPIError, match="nowhere"):
        async with plain.posting(session):
            await plain.post(session, "INSERT INTO nowhere VALUES (1)")
            await plain.fetch(session, "SELECT 1")


async def test_an_error_of_the_last_posted_statement_comes_out_at_the_end(session: AsyncSession) -> None:
    with pytest.raises(DBAPIError, match="nowhere"):
        async with plain.posting(session):
            await plain.post(session, "INSERT INTO nowhere VALUES (1)")


async def test_a_fault_of_the_callers_waits_for_what_was_posted(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    with pytest.raises(ZeroDivisionError):
        async with plain.posting(session):
            await plain.post(session, "INSERT INTO told (no) SELECT 1 FROM pg_sleep(0.05)")
            _ = 1 // 0
    # The connection is free again.
    assert (await session.execute(text("SELECT count(*) FROM told"))).scalar_one() == 1


async def test_waits_are_used(session: AsyncSession) -> None:
    waits: list[int] = []
    plain.use_waits(session, lambda: waits.append(len(waits)))
    await plain.fetch(session, "SELECT 1")
    await plain.run(session, "SELECT 1")
    assert waits == [0, 1]


def test_a_written_statement_numbers_its_parameters_and_holds_its_constants() -> None:
    found = (
        select(column("a"))
        .select_from(table("t"))
        .where(column("b") == bindparam("b"), column("c") == literal("it's"))
    )
    told = plain.written(found, "b").replace("\n", "")
    assert told.endswith("WHERE b = $1 AND c = 'it''s'::VARCHAR")
    with pytest.raises(KeyError):
        plain.written(select(column("a")).where(column("b") == bindparam("b", required=True)), "other")
