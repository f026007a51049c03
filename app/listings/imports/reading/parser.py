"""Our side of the parsing process: starts it, takes its lines, and survives whatever becomes of it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.config import ROOT
from app.listings.imports import errors
from app.listings.imports.rules import limits
from app.listings.imports.rules.mapping import ImportedRow
from app.listings.imports.rules.rows import Finding
from app.listings.imports.states import FileFormat

_LINE_BYTES_MAX: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class ParsedRow:
    """A row as the parsing process judged it: content with its digest, or findings. `size` is in bytes, about."""

    number: int
    content: ImportedRow | None
    digest: bytes
    findings: tuple[Finding, ...]
    size: int = 0


class FileFailed(Exception):
    """The whole file was refused; carries the code and the sentences."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(f"{code}: {en}")

    @classmethod
    def of(cls, refusal: errors.FileRefused) -> "FileFailed":
        """From our own refusal."""
        return cls(refusal.code, refusal.detail_zh, refusal.detail_en)


async def parsed(
    path: Path, kind: FileFormat, mapping: dict[str, Any] | None
) -> AsyncIterator[int | ParsedRow]:
    """The number of rows of the file at an absolute path, then each row. Raises `FileFailed` when the file is refused or the process dies.

    The process gets no environment but what Python needs; its words on the error stream are thrown away, since they
    could quote the file.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.listings.imports.reading.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
        limit=_LINE_BYTES_MAX,
        start_new_session=True,
    )
    try:
        await _give(process, {"path": str(path), "format": str(kind), "mapping": mapping})
        async for line in _lines(process):
            if "fail" in line:
                raise FileFailed(*line["fail"])
            yield line["total"] if "total" in line else _row(line)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _give(process: asyncio.subprocess.Process, task: dict[str, Any]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(task).encode())
        await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        raise FileFailed.of(errors.ParserStopped()) from None


async def _lines(process: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    """Its lines up to the last one; an end without it is a death."""
    assert process.stdout is not None
    while True:
        try:
            async with asyncio.timeout(limits.SILENCE_SECONDS_MAX):
                raw = await process.stdout.readline()
        except TimeoutError:
            raise FileFailed.of(errors.ParserTooSlow()) from None
        if not raw:
            slow = await process.wait() == -signal.SIGXCPU
            raise FileFailed.of(errors.ParserTooSlow() if slow else errors.ParserStopped())
        line: dict[str, Any] = json.loads(raw)
        if "end" in line:
            return
        line["size"] = len(raw)
        yield line


def _row(line: dict[str, Any]) -> ParsedRow:
    if "no" in line:
        return ParsedRow(line["row"], None, b"", tuple(Finding(*told) for told in line["no"]), line["size"])
    content = ImportedRow.model_validate(line["ok"], strict=False)
    return ParsedRow(line["row"], content, bytes.fromhex(line["digest"]), (), line["size"])
