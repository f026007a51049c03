"""Marks: a reader's name over each page of somebody else's PDF or picture, set anew, so that nothing active comes along.

What the press reads is a stranger's file. It is read twice: when it is put in (then it is counted and set whole, and what
cannot be set is refused), and each time it is given out. Call both in a thread, and never inside a write transaction.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typst

from app.papers.press import TEMPLATES, fonts

PAGES_MAX: Final = 500
_SUFFIXES: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class PagesUnfit(Exception):
    """The file cannot be set, or has more pages than a paper may have."""


def count_pages(data: bytes, media_type: str) -> int:
    """How many pages a file has; each of them can be marked. Raises `PagesUnfit`."""
    if media_type != "application/pdf":
        _set(data, media_type, 1, 1, ["·"])
        return 1
    if not _has(data, 1):
        raise PagesUnfit("no page can be read")
    low, high = 1, 2
    while _has(data, high):
        if high > PAGES_MAX:
            raise PagesUnfit("too many pages")
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _has(data, middle) else (low, middle)
    if low > PAGES_MAX:
        raise PagesUnfit("too many pages")
    _set(data, media_type, 1, low, ["·"])
    return low


def marked(data: bytes, media_type: str, pages: int, lines: Sequence[str]) -> bytes:
    """The file as a PDF whose pages, each as large as it was, carry these lines. Raises `PagesUnfit`."""
    return _set(data, media_type, 1, pages, lines)


def _has(data: bytes, page: int) -> bool:
    try:
        _set(data, "application/pdf", page, page, ["·"])
    except PagesUnfit:
        return False
    return True


def _set(data: bytes, media_type: str, first: int, last: int, lines: Sequence[str]) -> bytes:
    suffix = _SUFFIXES[media_type]
    with tempfile.TemporaryDirectory(prefix="jishi-mark-") as folder:
        root = Path(folder)
        (root / f"source.{suffix}").write_bytes(data)
        (root / "mark.typ").write_bytes((TEMPLATES / "mark.typ").read_bytes())
        told = {"source": f"/source.{suffix}", "first": first, "last": last, "lines": list(lines)}
        try:
            printed = typst.compile(
                root / "mark.typ",
                root=root,
                font_paths=fonts(),
                sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
                timestamp=0,
                format="pdf",
            )
        except (typst.TypstError, RuntimeError) as error:
            raise PagesUnfit(str(error).splitlines()[0][:200]) from None
    assert isinstance(printed, bytes)
    return printed
