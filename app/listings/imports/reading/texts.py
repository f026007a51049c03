"""Text files: unpacked if need be, decoded as UTF-8 or GB18030, cut into rows of CSV or JSONL."""

import codecs
import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from app.listings.imports import errors
from app.listings.imports.rules import limits
from app.listings.imports.rules.mapping import Mapping

_BLOCK: Final = 1 << 20
_DELIMITERS: Final = ",\t;"

Row = tuple[int, dict[str, Any] | errors.RowRefused]
"""The row's number in the file, and its cells by column name or why it cannot be read."""


class _Measured(io.RawIOBase):
    """A file that refuses to give more bytes than the limit, however small it was packed."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._left = source, limits.UNPACKED_BYTES_MAX

    def readable(self) -> bool:
        """It is read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        try:
            data = self._source.read(len(buffer))
        except (OSError, EOFError) as broken:  # damaged gzip
            raise errors.FileRefused("压缩文件已损坏。", "The compressed file is damaged.") from broken
        self._left -= len(data)
        if self._left < 0:
            raise errors.FileTooLarge()
        buffer[: len(data)] = data
        return len(data)


def opened(path: Path) -> io.BufferedReader:
    """The file's bytes, unpacked where it is gzip, limited."""
    raw = path.open("rb")
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    source: Any = gzip.GzipFile(fileobj=raw) if packed else raw
    return io.BufferedReader(_Measured(source), _BLOCK)


def encoding_of(path: Path) -> str:
    """UTF-8, with or without its mark, UTF-16 by its mark, else GB18030. Raises `EncodingUnknown`."""
    with opened(path) as data:
        begins = data.peek(4)[:4]
    if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ("utf-16",)
    else:
        candidates = ("utf-8-sig", "gb18030")  # type: ignore[assignment]  # tuples of other lengths
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise errors.EncodingUnknown()


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with opened(path) as data:
            while block := data.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


class CsvFile:
    """A table in text."""

    def __init__(self, path: Path, mapping: Mapping | None) -> None:
        # Judged by `rows`: a reader that gives a row up within a quoted cell takes the next row for the rest of it.
        csv.field_size_limit(limits.ROW_LENGTH_MAX)
        self._path, self._encoding = path, encoding_of(path)
        self._header_row = mapping.header_row if mapping is not None else 1
        self._delimiter = (mapping.delimiter if mapping is not None else None) or self._guess()
        self.names = self._header()

    def count(self) -> int:
        """How many rows there are below the header."""
        return sum(1 for _ in self._records()) - self._header_row

    def rows(self) -> Iterator[Row]:
        """The rows below the header; empty ones are left out."""
        for number, cells in enumerate(self._records(), 1):
            if number <= self._header_row:
                continue
            if isinstance(cells, errors.RowRefused):
                yield number, cells
            elif len(cells) > limits.COLUMNS_MAX or max(map(len, cells), default=0) > limits.CELL_LENGTH_MAX:
                yield number, errors.RowTooLarge()
            elif any(cell.strip() for cell in cells):
                yield number, dict(zip(self.names, cells, strict=False))

    def _lines(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(opened(self._path), encoding=self._encoding, newline="")

    def _guess(self) -> str:
        with self._lines() as text:
            for _ in range(self._header_row):
                line = text.readline(limits.ROW_LENGTH_MAX)
        return max(_DELIMITERS, key=line.count)

    def _records(self) -> Iterator[list[str] | errors.RowRefused]:
        """Records as the file has them. After a broken one the reader goes on with the next line."""
        with self._lines() as text:
            reader = csv.reader(_bounded(text), delimiter=self._delimiter)
            while True:
                try:
                    yield next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield errors.RowUnreadable()

    def _header(self) -> list[str]:
        for number, cells in enumerate(self._records(), 1):
            if number == self._header_row and isinstance(cells, list):
                return header(cells)
        raise errors.HeaderNotRecognised()


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines of a bounded length: one that never ends must not be read as a whole."""
    while line := text.readline(limits.ROW_LENGTH_MAX):
        yield line


def header(cells: list[str]) -> list[str]:
    """A header's names. Raises `HeaderDuplicate`; columns without a name are numbered and never mapped."""
    names = [cell.strip() for cell in cells[: limits.COLUMNS_MAX]]
    named = [name for name in names if name]
    if len(set(named)) != len(named):
        raise errors.HeaderDuplicate()
    if not named:
        raise errors.HeaderNotRecognised()
    return [name or f"\x00{index}" for index, name in enumerate(names)]


class JsonlFile:
    """One JSON object a line."""

    names: list[str] | None = None

    def __init__(self, path: Path) -> None:
        self._path, self._encoding = path, encoding_of(path)

    def count(self) -> int:
        """How many lines there are that are not empty."""
        return sum(1 for _, line in self._lines() if line is None or line.strip())

    def rows(self) -> Iterator[Row]:
        """The lines as objects."""
        for number, line in self._lines():
            if line is None:
                yield number, errors.RowTooLarge()
            elif line.strip():
                yield number, _object(line)

    def _lines(self) -> Iterator[tuple[int, str | None]]:
        """Lines by number; None stands for one that is too long, whose rest is passed over."""
        number = 0
        with io.TextIOWrapper(opened(self._path), encoding=self._encoding, newline="\n") as text:
            while line := text.readline(limits.ROW_LENGTH_MAX):
                number += 1
                if line.endswith("\n") or len(line) < limits.ROW_LENGTH_MAX:
                    yield number, line
                    continue
                while line and not line.endswith("\n"):
                    line = text.readline(limits.ROW_LENGTH_MAX)
                yield number, None


def _object(line: str) -> dict[str, Any] | errors.RowRefused:
    try:
        found = json.loads(line, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return errors.RowUnreadable()
    return found if isinstance(found, dict) else errors.RowUnreadable()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _refuse(_name: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")
