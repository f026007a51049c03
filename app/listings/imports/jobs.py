"""Running an import: read the file in its own process, store what comes in small transactions, delete the file."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from app.db.clock import Clock
from app.db.session import Database
from app.jobs.port import JobContext
from app.listings.imports import actions, errors
from app.listings.imports.reading.parser import FileFailed, ParsedRow, parsed
from app.listings.imports.rules import limits
from app.listings.imports.states import FileFormat
from app.listings.imports.tables import ImportRow

log = structlog.get_logger()

FORGOTTEN_SECONDS: Final = 86_400
Progress = Callable[[int], None]


async def run_import(context: JobContext, payload: Mapping[str, Any]) -> None:
    """The worker's entry: run one import and delete its file. A second delivery of an ended one does nothing."""
    import_id = UUID(payload["import_id"])
    directory = context.settings.import_directory
    _forget_old(directory)
    run = await _begin(context.database, import_id)
    if run is None or run.file_name is None:
        return
    path = directory / run.file_name
    await run_file(context.database, run, path)
    path.unlink(missing_ok=True)


async def run_file(
    database: Database, run: ImportRow, path: Path, progress: Progress = lambda _done: None
) -> None:
    """Run a begun import with the file at an absolute path. Refusals of the file end in a failed operation.

    A database that goes away is raised, and the file kept, so that the run can be taken up again.
    """
    try:
        async for done in _stored(database, run, path):
            progress(done)
        async with database.transaction() as session:
            await actions.finish(session, Clock(), import_id=run.id)
    except FileFailed as failed:
        await _fail(database, run.id, failed)
    except (DBAPIError, OSError):
        raise
    except Exception as error:  # never the text: it could quote the file
        log.error("import_failed", import_id=str(run.id), error=type(error).__name__)
        await _fail(database, run.id, FileFailed.of(errors.RunInterrupted()))


async def _stored(database: Database, run: ImportRow, path: Path) -> AsyncIterator[int]:
    """Store the file's rows; tell after each commit how many were dealt with."""
    chunk: list[ParsedRow] = []
    size, held, done = limits.CHUNK_ROWS, 0, 0
    async for told in parsed(path, FileFormat(run.format), run.mapping):
        if isinstance(told, int):
            async with database.transaction() as session:
                await actions.note_total(session, import_id=run.id, total=told)
            continue
        chunk.append(told)
        held += told.size
        if len(chunk) >= size or held >= limits.CHUNK_BYTES:
            size = await _store(database, run.id, chunk)
            done, held, chunk = done + len(chunk), 0, []
            yield done
    await _store(database, run.id, chunk)
    yield done + len(chunk)


async def _store(database: Database, import_id: UUID, chunk: list[ParsedRow]) -> int:
    """Store one chunk; returns the size that the next one should have."""
    began = time.monotonic()
    async with database.transaction() as session:
        await actions.store_rows(session, Clock(), import_id=import_id, rows=chunk)
    slow = time.monotonic() - began > limits.CHUNK_SECONDS_GOAL
    return max(1, len(chunk) // 2) if slow else limits.CHUNK_ROWS


async def _begin(database: Database, import_id: UUID) -> ImportRow | None:
    async with database.transaction() as session:
        return await actions.begin(session, Clock(), import_id=import_id)


async def _fail(database: Database, import_id: UUID, failed: FileFailed) -> None:
    async with database.transaction() as session:
        await actions.fail(session, Clock(), import_id=import_id, failed=failed)


def _forget_old(directory: Path) -> None:
    """Delete files that nobody came back for: an upload cut off before its import was noted, a run given up."""
    if not directory.is_dir():
        return
    for path in directory.iterdir():
        if path.is_file() and time.time() - path.stat().st_mtime > FORGOTTEN_SECONDS:
            path.unlink(missing_ok=True)
