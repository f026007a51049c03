"""A notice as a page of its own: plain HTML without scripts, rendered once and kept as it was. Pure."""

from collections.abc import Mapping
from html import escape
from typing import Any

from app.notices.rules.fields import FIELDS
from app.notices.rules.record import REDACTED


def page(*, number: str, heading: str, content: Mapping[str, Any]) -> str:
    """The page: the heading, the number and every field in the order of the table of fields.

    A value that is an object with `text` is told by it; None for what was lawfully taken away.
    """
    rows = [
        f"<dt>{escape(FIELDS[name].title_zh)}</dt><dd>{_shown(content[name])}</dd>"
        for name in FIELDS
        if name in content
    ]
    return (
        f'<article lang="zh-CN"><h1>{escape(heading)}</h1><p>{escape(number)}</p>'
        f"<dl>{''.join(rows)}</dl></article>"
    )


def _shown(value: Any) -> str:
    if value is None:
        return f"<em>{REDACTED}</em>"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list | tuple):
        return "<ol>" + "".join(f"<li>{_shown(one)}</li>" for one in value) + "</ol>" if value else "无"
    return "<br>".join(escape(line) for line in str(value).splitlines()) or "无"


def _object(value: Mapping[str, Any]) -> str:
    if "text" in value:
        return _shown(value["text"])
    if value.keys() == {"name", "number"}:
        return _shown(f"{value['name']}（{value['number']}）")
    return "<dl>" + "".join(f"<dt>{escape(k)}</dt><dd>{_shown(v)}</dd>" for k, v in value.items()) + "</dl>"
