"""XLSX workbooks. The archive is looked at before it is unpacked; what lies about its sizes meets the memory limit."""

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from app.listings.imports import errors
from app.listings.imports.reading.texts import Row, header
from app.listings.imports.rules import limits
from app.listings.imports.rules.mapping import Mapping


class XlsxFile:
    """One sheet of a workbook: the named one, else the first."""

    def __init__(self, path: Path, mapping: Mapping | None) -> None:
        _check_archive(path)
        self._header_row = mapping.header_row if mapping is not None else 1
        self._sheet = _sheet(path, mapping.sheet if mapping is not None else None)
        self.names = self._header()

    def count(self) -> int:
        """How many rows there are below the header."""
        return self._sheet.total_height - self._header_row

    def rows(self) -> Iterator[Row]:
        """The rows below the header; empty ones are left out. Formulas count with the value that was stored."""
        for number, cells in self._numbered():
            if number <= self._header_row:
                continue
            if len(cells) > limits.COLUMNS_MAX and any(cells[limits.COLUMNS_MAX :]):
                yield number, errors.RowTooLarge()
                continue
            texts = [_text(cell) for cell in cells[: limits.COLUMNS_MAX]]
            if any(len(text) > limits.CELL_LENGTH_MAX for text in texts):
                yield number, errors.RowTooLarge()
            elif any(text.strip() for text in texts):
                yield number, dict(zip(self.names, texts, strict=False))

    def _numbered(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows with their numbers in the sheet; the library begins at A1 or at the first row that holds something."""
        return enumerate(self._sheet.iter_rows(), 1)

    def _header(self) -> list[str]:
        for number, cells in self._numbered():
            if number == self._header_row:
                return header([_text(cell) for cell in cells])
        raise errors.HeaderNotRecognised()


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as broken:
        raise errors.WorkbookUnreadable() from broken
    if len(entries) > limits.ARCHIVE_ENTRIES_MAX:
        raise errors.FileTooLarge()
    if sum(entry.file_size for entry in entries) > limits.UNPACKED_BYTES_MAX:
        raise errors.FileTooLarge()


def _sheet(path: Path, name: str | None) -> CalamineSheet:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        if name is not None and name not in workbook.sheet_names:
            raise errors.SheetMissing()
        return workbook.get_sheet_by_name(name) if name is not None else workbook.get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError) as broken:
        raise errors.WorkbookUnreadable() from broken


def _text(cell: object) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell)
