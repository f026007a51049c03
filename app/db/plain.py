"""Statements written out, run on a session's own connection without the layers between.

For the few statements that run thousands of times a minute: a third of the time of the same through the session, in the
same transaction, with the same errors. Many rows travel as one JSON document (`rows_json`), which the driver passes on as
it is; arrays cost it a look at every element.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, cast
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import ClauseElement, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

_DRIVER: Final = "driver"
_POSTED: Final = "posted"
_MEANWHILE: Final = "meanwhile"
_BEGIN: Final = text("SELECT")
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # the library has no type for it
_NAMED: Final = re.compile(r"%\((\w+)\)s")


async def fetch(session: AsyncSession, statement: str, *values: Any) -> list[asyncpg.Record]:
    """The rows of a statement with `$1`, `$2`, … Raises what the session would: `DBAPIError` with the driver's error."""
    connection = await _connection(session)
    try:
        found: list[asyncpg.Record] = await connection.fetch(statement, *values)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise _told(error, connection) from error
    return found


def use_waits(session: AsyncSession, meanwhile: Callable[[], None]) -> None:
    """Let something be called before each of this module's waits for the database in this session."""
    session.info[_MEANWHILE] = meanwhile


@asynccontextmanager
async def posting(session: AsyncSession) -> AsyncIterator[None]:
    """Within it, `post` does not wait for its statement: the next one is prepared while the server works on this one.

    They run in their order, and all have ended when the block has. An error comes out of a later call, at the latest
    here. Nothing else may use the session's connection meanwhile but what is in this module (see `settle`).
    """
    session.info[_POSTED] = None
    try:
        yield
    except BaseException:
        with contextlib.suppress(Exception):
            await settle(session)
        raise
    finally:
        running = session.info.pop(_POSTED)
        if running is not None:
            await running


async def post(session: AsyncSession, statement: str, *values: Any) -> None:
    """`run` a statement whose count nobody asks for; within `posting`, without waiting for it."""
    if _POSTED not in session.info:
        await run(session, statement, *values)
        return
    await settle(session)
    session.info[_POSTED] = asyncio.create_task(run(session, statement, *values))
    await asyncio.sleep(0)  # now it is sent


async def settle(session: AsyncSession) -> None:
    """Wait for what was posted: before the session itself is used."""
    running = session.info.get(_POSTED)
    if running is not None and running is not asyncio.current_task():
        session.info[_POSTED] = None
        await running


async def run(session: AsyncSession, statement: str, *values: Any) -> int:
    """Run a statement; how many rows it touched. Raises as `fetch` does."""
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
    await settle(session)
    if (meanwhile := session.info.get(_MEANWHILE)) is not None:
        meanwhile()
    kept = session.info.get(_DRIVER)
    if kept is not None and kept[0] is session.get_transaction() and kept[0] is not None:
        return cast(asyncpg.Connection, kept[1])
    proxied = await (await session.connection()).get_raw_connection()
    connection = cast(asyncpg.Connection, proxied.driver_connection)
    if not connection.is_in_transaction():
        # The session begins its transaction on the server with its own first statement.
        await session.execute(_BEGIN)
    session.info[_DRIVER] = (session.get_transaction(), connection)
    return connection


def _told(error: Exception, connection: asyncpg.Connection) -> DBAPIError:
    """The driver's error as the session tells it; its values never appear (they are names, contacts, prices)."""
    kind = IntegrityError if isinstance(error, asyncpg.IntegrityConstraintViolationError) else DBAPIError
    return kind(None, None, error, hide_parameters=True, connection_invalidated=connection.is_closed())
