"""Keyset paging: an opaque cursor that holds the last row's sort values and the filters that it belongs to."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kit.errors import Malformed

LIMIT_MAX = 200


class CursorInvalid(Malformed):
    """The cursor is not one of ours, or belongs to other filters."""

    code = "cursor_invalid"
    title_zh = "分页游标无效"
    title_en = "The cursor is not valid for this list"
    remedy_zh = "请去掉 cursor 参数从第一页重新读取；换了筛选条件就要换游标。"
    remedy_en = "Start again without a cursor; a cursor belongs to the filters it was made with."


def _digest(filters: Mapping[str, Any]) -> str:
    text = json.dumps(filters, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def encode_cursor(values: Sequence[Any], filters: Mapping[str, Any]) -> str:
    """A cursor after the row with these sort values. Values: str, int, datetime or UUID."""
    plain = [
        ["t", v.isoformat()]
        if isinstance(v, datetime)
        else ["u", str(v)]
        if isinstance(v, UUID)
        else ["v", v]
        for v in values
    ]
    raw = json.dumps([_digest(filters), plain], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, filters: Mapping[str, Any], kinds: Sequence[type]) -> list[Any]:
    """The sort values of a cursor. Raises `CursorInvalid` unless it is ours, for these filters, of these kinds."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        digest, plain = json.loads(raw)
        read: dict[str, Callable[[Any], Any]] = {
            "t": datetime.fromisoformat,
            "u": UUID,
            "v": lambda value: value,
        }
        values = [read[tag](value) for tag, value in plain]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CursorInvalid(field="/query/cursor") from error
    fits = len(values) == len(kinds) and all(type(v) is kind for v, kind in zip(values, kinds, strict=True))
    if digest != _digest(filters) or not fits or any(_unfit(v) for v in values):
        raise CursorInvalid(field="/query/cursor")
    return values


def _unfit(value: Any) -> bool:
    """A forged cursor may hold what no column could: out of bigint, a NUL, a time without zone."""
    if isinstance(value, int):
        return not -(2**63) <= value < 2**63
    if isinstance(value, datetime):
        return value.tzinfo is None
    return isinstance(value, str) and ("\x00" in value or any("\ud800" <= c <= "\udfff" for c in value))
