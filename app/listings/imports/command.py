"""An import on the market's own machine: the same steps as the worker's, with the file where it lies."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.db.clock import Clock
from app.db.session import Database
from app.identity.access import Actor
from app.listings.imports import actions, queries
from app.listings.imports.jobs import Progress, run_file
from app.listings.imports.report import csv_report
from app.listings.imports.schemas import ImportQuery, OperationOut
from app.listings.imports.tables import ImportFindingRow

SHOWN_MAX = 20


@dataclass(frozen=True)
class Ended:
    """An import that has ended: its operation, and the first things that were said about rows."""

    operation: OperationOut
    findings: list[ImportFindingRow]


async def importer(database: Database, who: str | None) -> Actor | None:
    """Who the command speaks for; None if nobody of that name may import."""
    async with database.transaction() as session:
        found = await queries.importers(session, who)
    return found[0] if found else None


async def import_file(
    database: Database,
    *,
    actor: Actor,
    asked: ImportQuery,
    path: Path,
    mapping: dict[str, Any] | None,
    progress: Progress,
) -> Ended:
    """Import a file at an absolute path and wait for the end. The file stays."""
    upload = _measure(path)
    async with database.transaction() as session:
        row = await actions.start_import(session, actor=actor, asked=asked, upload=upload, mapping=mapping)
    async with database.transaction() as session:
        run = await actions.begin(session, Clock(), import_id=row.id)
    assert run is not None
    await run_file(database, run, path, progress)
    async with database.transaction() as session:
        operation = await queries.operation(session, run.id, actor)
        findings = await queries.findings(session, run.id, after=(0, -1), limit=SHOWN_MAX)
    return Ended(operation, list(findings))


def report(database: Database, operation_id: UUID) -> AsyncIterator[bytes]:
    """The whole report as CSV."""
    return csv_report(database, operation_id)


def _measure(path: Path) -> actions.Upload:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return actions.Upload(None, path.stat().st_size, digest)
