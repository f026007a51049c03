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


async def test_what_is_posted_goes_out_as_one_statement_and_every_part_counts_for_itself(
    session: AsyncSession,
) -> None:
    await session.execute(text(TABLE))
    counted: list[int] = []
    ways: list[int] = []
    plain.use_waits(session, lambda: ways.append(1))
    async with plain.posting(session):
        assert plain.is_posting(session)
        await plain.post(session, "INSERT INTO told (no) VALUES ($1), ($2)", 1, 2, check=counted.append)
        await plain.post(
            session, "INSERT INTO told (no, id) SELECT 3, $1 WHERE $2", uuid4(), False, check=counted.append
        )
        await plain.post(
            session,
            "INSERT INTO told (no) SELECT * FROM unnest($1::integer[])",
            [4, 5, 6],
            check=counted.append,
        )
        assert ways == []
    assert (counted, len(ways)) == ([2, 0, 3], 1)
    assert [row[0] for row in await plain.fetch(session, "SELECT no FROM told ORDER BY no")] == [
        1,
        2,
        4,
        5,
        6,
    ]


async def test_a_reader_in_the_block_finds_what_was_posted_before_him(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    async with plain.posting(session):
        await plain.post(session, "INSERT INTO told (no) VALUES (1)")
        assert (await plain.fetch(session, "SELECT count(*) FROM told"))[0][0] == 1
        await plain.post(session, "INSERT INTO told (no) VALUES (2)")
    assert (await plain.fetch(session, "SELECT count(*) FROM told"))[0][0] == 2


async def test_outside_the_block_nothing_is_kept_back(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    counted: list[int] = []
    await plain.post(session, "INSERT INTO told (no) VALUES (1)", check=counted.append)
    assert counted == [1] and not plain.is_posting(session)


async def test_an_error_of_what_was_posted_comes_out_at_the_end(session: AsyncSession) -> None:
    with pytest.raises(DBAPIError, match="nowhere"):
        async with plain.posting(session):
            await plain.post(session, "INSERT INTO nowhere VALUES (1)")


async def test_a_fault_of_the_callers_leaves_out_what_was_posted(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    with pytest.raises(ZeroDivisionError):
        async with plain.posting(session):
            await plain.post(session, "INSERT INTO told (no) VALUES (1)")
            _ = 1 // 0
    assert (await session.execute(text("SELECT count(*) FROM told"))).scalar_one() == 0


async def test_the_wait_for_what_was_posted_is_used_and_no_other(session: AsyncSession) -> None:
    await session.execute(text(TABLE))
    waits: list[int] = []
    plain.use_waits(session, lambda: waits.append(len(waits)))
    await plain.fetch(session, "SELECT 1")
    await plain.run(session, "SELECT 1")
    assert waits == []
    async with plain.posting(session):
        await plain.post(session, "INSERT INTO told (no) VALUES (1)")
    assert waits == [0]


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


async def test_a_plain_statement_that_comes_first_in_a_savepoint_is_taken_back_with_it(
    session: AsyncSession,
) -> None:
    await session.execute(text(TABLE))
    await plain.run(session, "INSERT INTO told (no) VALUES ($1)", 1)
    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            await plain.run(session, "INSERT INTO told (no) VALUES ($1)", 2)
            await plain.run(session, "INSERT INTO told (no) VALUES ($1)", 1)
    assert [row["no"] for row in await plain.fetch(session, "SELECT no FROM told")] == [1]


async def test_what_is_posted_in_a_block_within_a_block_goes_with_the_outer_one(
    session: AsyncSession,
) -> None:
    await session.execute(text(TABLE))
    async with plain.posting(session):
        await plain.post(session, "INSERT INTO told (no) VALUES ($1)", 1)
        async with plain.posting(session):
            await plain.post(session, "INSERT INTO told (no) VALUES ($1)", 2)
        assert (await session.execute(text("SELECT count(*) FROM told"))).scalar_one() == 0
    assert (await session.execute(text("SELECT count(*) FROM told"))).scalar_one() == 2
