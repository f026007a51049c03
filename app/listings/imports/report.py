"""The report of an import as a download: every refused row with its field and reason. It quotes no cell.

In CSV a text that a spreadsheet could take for a formula gets an apostrophe in front: column names and field names come
from the stranger's file.
"""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from app.db.session import Database
from app.listings.imports.queries import findings
from app.listings.imports.tables import ImportFindingRow

COLUMNS: Final = ("row", "outcome", "field", "column", "code", "reason_zh", "reason_en")
BATCH: Final = 1_000
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", " ", "'", '"', "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_RISKY) else text


async def csv_report(database: Database, import_id: UUID) -> AsyncIterator[bytes]:
    """The report as CSV with a byte order mark, so that office programs read it as UTF-8."""
    yield b"\xef\xbb\xbf" + _csv([COLUMNS])
    async for batch in _batches(database, import_id):
        yield _csv([[str(row.row), *(safe_cell(text) for text in _texts(row))] for row in batch])


async def jsonl_report(database: Database, import_id: UUID) -> AsyncIterator[bytes]:
    """The report as one JSON object a line."""
    async for batch in _batches(database, import_id):
        told = [dict(zip(COLUMNS, (row.row, *_texts(row)), strict=True)) for row in batch]
        yield "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told).encode()


def _texts(row: ImportFindingRow) -> list[str]:
    return [row.outcome, row.pointer or "", row.column or "", row.code, row.reason_zh, row.reason_en]


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


async def _batches(database: Database, import_id: UUID) -> AsyncIterator[Sequence[ImportFindingRow]]:
    """Batches, each read in a short transaction of its own: a slow reader holds no connection."""
    after = (0, -1)
    while True:
        async with database.transaction() as session:
            batch = await findings(session, import_id, after=after, limit=BATCH)
        if not batch:
            return
        yield batch
        after = (batch[-1].row, batch[-1].position)
