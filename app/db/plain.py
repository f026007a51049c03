"""Statements written out, run on a session's own connection without the layers between.

For the few statements that run thousands of times a minute: a third of the time of the same through the session, in the
same transaction, with the same errors. Many rows travel as one array a column (`columns`), a few with many kinds of
column as one JSON document (`rows_json`).
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import ClauseElement, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import SessionTransaction

_DRIVER: Final = "driver"
_POSTED: Final = "posted"
_MEANWHILE: Final = "meanwhile"
_BEGIN: Final = text("SELECT")
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library has no type for it
_NUMBERED: Final = re.compile(r"\$(\d+)")
_NAMED: Final = re.compile(r"%\((\w+)\)s")


async def fetch(session: AsyncSession, statement: str, *values: Any) -> list[asyncpg.Record]:
    """The rows of a statement with `$1`, `$2`, … Raises what the session would: `DBAPIError` with the driver's error."""
    await settle(session)
    connection = await _connection(session)
    try:
        found: list[asyncpg.Record] = await connection.fetch(statement, *values)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _told(error, connection) from error
    return found


def use_waits(session: AsyncSession, meanwhile: Callable[[], None]) -> None:
    """Let something be called before this session waits for what was posted: the longest of its waits for the database."""
    session.info[_MEANWHILE] = meanwhile


@asynccontextmanager
async def posting(session: AsyncSession) -> AsyncIterator[None]:
    """Within it, what is posted is kept back, and goes to the server as one statement before anything else does, at the
    latest when the block ends. One way there and back instead of many; the parts see nothing of each other's rows.
    A block within a block is part of it.
    """
    if is_posting(session):
        yield
        return
    session.info[_POSTED] = []
    try:
        yield
        await settle(session)
    finally:
        del session.info[_POSTED]


async def post(
    session: AsyncSession, statement: str, *values: Any, check: Callable[[int], None] | None = None
) -> None:
    """Run an INSERT or UPDATE without RETURNING whose rows nothing of what is posted with it reads; now, or in the block.

    check: is given how many rows it touched, and raises what is to come out.
    """
    posted: list[_Posted] | None = session.info.get(_POSTED)
    if posted is not None:
        posted.append((statement, values, check))
    else:
        touched = await run(session, statement, *values)
        if check is not None:
            check(touched)


def is_posting(session: AsyncSession) -> bool:
    """Whether what is posted is kept back now."""
    return _POSTED in session.info


async def settle(session: AsyncSession) -> None:
    """Send what was posted: before the session itself is used within the block."""
    posted: list[_Posted] = session.info.get(_POSTED) or []
    if not posted:
        return
    session.info[_POSTED] = []
    if (meanwhile := session.info.get(_MEANWHILE)) is not None:
        meanwhile()
    touched = (await fetch(session, _together(tuple(one[0] for one in posted)), *_values(posted)))[0]
    for (_, _, check), count in zip(posted, touched, strict=True):
        if check is not None:
            check(count)


_Posted = tuple[str, tuple[Any, ...], Callable[[int], None] | None]


def _values(posted: Sequence[_Posted]) -> list[Any]:
    return [value for _, values, _ in posted for value in values]


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement that reads, with its values: for whoever reads something else by the same way."""

    statement: str
    values: tuple[Any, ...]


def shifted(statement: str, by: int) -> str:
    """A statement whose `$1` is called `$1 + by`, and so on: a part of one that has so many values before it."""
    return _NUMBERED.sub(lambda found: f"${int(found[1]) + by}", statement)


@cache
def _together(statements: tuple[str, ...]) -> str:
    """Several statements as one, which answers how many rows each has touched."""
    parts, before = [], 0
    for number, statement in enumerate(statements):
        used = max((int(found) for found in _NUMBERED.findall(statement)), default=0)
        parts.append(f"part{number} AS ({shifted(statement, before)} RETURNING 1)")
        before += used
    counts = ", ".join(f"(SELECT count(*) FROM part{number})" for number in range(len(statements)))
    return f"WITH {', '.join(parts)} SELECT {counts}"


async def run(session: AsyncSession, statement: str, *values: Any) -> int:
    """Run a statement; how many rows it touched. Raises as `fetch` does."""
    await settle(session)
    connection = await _connection(session)
    try:
        status: str = await connection.execute(statement, *values)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _told(error, connection) from error
    return int(status.rpartition(" ")[2])


def written(statement: ClauseElement, *names: str) -> str:
    """A statement as text, whose parameters of these names become `$1`, `$2`, … in this order; other values stand in it.

    Raises `KeyError` for a parameter that is not among the names.
    """
    made = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    order = {name: number for number, name in enumerate(names, start=1)}
    constants = {
        name: value for name, value in made.params.items() if name not in order and value is not None
    }
    told = str(made)
    for name, value in constants.items():
        literal = "'" + str(value).replace("'", "''") + "'"
        told = told.replace(f"%({name})s", literal)
    return _NAMED.sub(lambda found: f"${order[found[1]]}", told)


def columns(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows as the arrays that `unnest` takes, one for each column."""
    return list(zip(*rows, strict=True))


def rows_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows for `json_to_recordset`: bytes become what `bytea` reads, instants and ids what their types read."""
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, UUID):
        return str(value)  # the driver's own kind of UUID
    raise TypeError(f"{type(value).__name__} has no form in a row")


async def _connection(session: AsyncSession) -> asyncpg.Connection:
    """The driver's connection, in the session's transaction."""
    kept = session.info.get(_DRIVER)
    if kept is not None and kept[0] is _innermost(session) and kept[0] is not None:
        return cast(asyncpg.Connection, kept[1])
    proxied = await (await session.connection()).get_raw_connection()
    connection = cast(asyncpg.Connection, proxied.driver_connection)
    if not connection.is_in_transaction():
        # The session begins its transaction on the server with its own first statement.
        await session.execute(_BEGIN)
    session.info[_DRIVER] = (_innermost(session), connection)
    return connection


def _innermost(session: AsyncSession) -> SessionTransaction | None:
    """The session's transaction, or its innermost savepoint, which is sent to the server when it is first used."""
    of = session.sync_session
    return of.get_nested_transaction() or of.get_transaction()


def _told(error: Exception, connection: asyncpg.Connection) -> DBAPIError:
    """The driver's error as the session tells it; its values never appear (they are names, contacts, prices)."""
    kind = IntegrityError if isinstance(error, asyncpg.IntegrityConstraintViolationError) else DBAPIError
    return kind(None, None, error, hide_parameters=True, connection_invalidated=connection.is_closed())
