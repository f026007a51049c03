"""The parsing process: reads one file under limits and writes one line of JSON for each row that it has judged.

It gets the path, the format and the mapping as JSON on its standard input, knows nothing else and opens nothing else.
Lines: `total`, then `ok` or `no` for each row, then `end`; or `fail` with the reason. What is secret is never written.
"""

import json
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.listings.imports import errors
from app.listings.imports.reading.texts import CsvFile, JsonlFile, Row
from app.listings.imports.reading.workbooks import XlsxFile
from app.listings.imports.rules import limits
from app.listings.imports.rules.mapping import FieldFrom, default_fields
from app.listings.imports.rules.mapping import Mapping as FieldMapping
from app.listings.imports.rules.rows import Accepted, Finding, judge
from app.listings.imports.states import FileFormat

File = CsvFile | JsonlFile | XlsxFile


def confine() -> None:
    """Give up what parsing does not need: memory and time beyond the limits, writing files, opening many."""
    seconds = limits.CPU_SECONDS_MAX
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES_MAX, limits.MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lines(path: Path, kind: FileFormat, mapping: FieldMapping | None) -> Iterator[dict[str, Any]]:
    """What is to be written, in order."""
    try:
        file = _open(path, kind, mapping)
        fields = _fields(file, mapping)
        total = file.count()
        if total > limits.ROWS_MAX:
            raise errors.RowsTooMany(
                f"共 {total} 行，上限为 {limits.ROWS_MAX} 行。",
                f"There are {total} rows; the limit is {limits.ROWS_MAX}.",
            )
        yield {"total": max(total, 0)}
        yield from _judged(file, fields)
        yield {"end": True}
    except errors.FileRefused as refusal:
        yield _failure(refusal)
    except MemoryError:
        yield _failure(errors.ParserStopped())


def _open(path: Path, kind: FileFormat, mapping: FieldMapping | None) -> File:
    if kind is FileFormat.XLSX:
        return XlsxFile(path, mapping)
    return CsvFile(path, mapping) if kind is FileFormat.CSV else JsonlFile(path)


def _fields(file: File, mapping: FieldMapping | None) -> Mapping[str, FieldFrom] | None:
    """The mapping, or what the header says by itself, or None for rows in the API's own shape."""
    if file.names is None:
        return mapping.fields if mapping is not None else None
    if mapping is None:
        fields = default_fields(file.names)
        if "title" not in fields:
            raise errors.HeaderNotRecognised()
        return fields
    missing = {source.column for source in mapping.fields.values()} - {None, *file.names}
    if missing:
        raise errors.HeaderNotRecognised(
            f"缺少对应表中的 {len(missing)} 列。",
            f"{len(missing)} column(s) that the mapping names are missing.",
        )
    return mapping.fields


def _judged(file: File, fields: Mapping[str, FieldFrom] | None) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for number, cells in file.rows():
        yield _line((number, cells), fields, seen)


def _line(row: Row, fields: Mapping[str, FieldFrom] | None, seen: set[str]) -> dict[str, Any]:
    number, cells = row
    if isinstance(cells, errors.RowRefused):
        return _refused(number, [Finding.of(cells)])
    try:
        judged = judge(cells, fields)
    except (
        ValueError,
        TypeError,
        RecursionError,
    ):  # whatever a stranger thought of: the row is refused, alone
        return _refused(number, [Finding.of(errors.RowUnreadable())])
    if isinstance(judged, list):
        return _refused(number, judged)
    if judged.content.external_id in seen:
        return _refused(number, [Finding.of(errors.ExternalIdRepeated(field="/external_id"))])
    seen.add(judged.content.external_id)
    return _accepted(number, judged)


def _accepted(number: int, judged: Accepted) -> dict[str, Any]:
    content = judged.content.model_dump(mode="json")
    if len(json.dumps(content, ensure_ascii=False)) > limits.ROW_LENGTH_MAX:
        return _refused(number, [Finding.of(errors.RowTooLarge())])
    return {"row": number, "ok": content, "digest": judged.digest}


def _refused(number: int, findings: list[Finding]) -> dict[str, Any]:
    told = [[f.pointer, f.column, f.code, f.reason_zh, f.reason_en] for f in findings]
    return {"row": number, "no": told}


def _failure(refusal: errors.FileRefused) -> dict[str, Any]:
    return {"fail": [refusal.code, refusal.detail_zh, refusal.detail_en]}


def main() -> None:
    """Read the task, confine ourselves, write the lines."""
    task = json.loads(sys.stdin.read())
    mapping = FieldMapping.model_validate(task["mapping"]) if task["mapping"] is not None else None
    confine()
    for line in lines(Path(task["path"]), FileFormat(task["format"]), mapping):
        sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
