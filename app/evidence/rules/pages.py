"""The page of a pack: everything that is in it as one file that any browser shows, without a script and without a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote

from app.kit.dates import beijing

_DEPTH_MAX: Final = 8
_STYLE: Final = (
    "body{font:15px/1.7 'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;color:#1c2430;margin:0 auto;"
    "max-width:60rem;padding:2rem 1rem}h1{font-size:1.5rem}h2{font-size:1.15rem;border-bottom:1px solid #c8d0da;"
    "padding-bottom:.2rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%;margin:.4rem 0}"
    "td,th{border:1px solid #dbe1e8;padding:.25rem .5rem;text-align:left;vertical-align:top;font-weight:400;"
    "overflow-wrap:anywhere}th{background:#f3f6f9;width:11rem;color:#3c4a5c}code{font-size:.8rem;word-break:break-all}"
    ".gone{color:#8a1f11}details>summary{cursor:pointer;color:#3c4a5c}"
)
_WORDS: Final[Mapping[str, str]] = {
    "number": "编号", "title": "名称", "status": "状态", "kind": "类型", "at": "时间", "path": "定价方式",
    "mode": "转化方式", "ask": "挂牌价", "amount": "金额", "seller_name": "出让方", "buyer_name": "受让方",
    "holder_name": "权利人", "rule": "成交规则", "source": "依据", "guard": "审查事项", "outcome": "结果",
    "entries": "记录", "values": "内容", "payload": "记录内容", "statement": "异议内容", "findings": "处理意见",
    "ground": "异议理由", "filer_name": "异议人", "filed_at": "提出时间", "decided_at": "决定时间", "opinions": "意见",
    "decision": "决定", "document_no": "文号", "decided_on": "决定日期", "awarded_at": "成交时间", "redaction": "依法遮蔽",
    "reason": "理由", "value": "值", "hash": "哈希", "previous": "上一条哈希", "detail": "说明", "price": "价格",
    "abstract": "内容摘要", "conversion_mode": "转化方式", "objection_channel": "异议渠道", "related_party": "关联关系",
    "contact": "联系方式", "rights": "知识产权", "name": "名称", "region_code": "行政区划", "version": "版本",
}  # fmt: skip
_HIDDEN: Final = frozenset({"salt", "path", "batch", "index", "batches", "keys", "previous"})


@dataclass(frozen=True)
class Section:
    """One item: where it lies, and what it says (None where the file itself is to be opened)."""

    title: str
    path: str
    sha256: str
    content: Any


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    kind: str
    words: str


def page(
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    moments: Sequence[Moment],
    sections: Sequence[Section],
    absent: Sequence[tuple[str, str]],
) -> bytes:
    """The whole page in UTF-8. Every text is escaped; links lead to files of the pack alone. Times are Beijing time."""
    parts = [
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>",
        _rows(facts),
        "<p>用 <code>python -m app verify 本包.zip</code> 离线核验。Check the pack offline with this command.</p>",
    ]
    for name, why in absent:
        parts.append(f'<p class="gone">{escape(name)}：{escape(why)}（依法遮蔽 redacted）</p>')
    parts.append("<h2>经过（北京时间）</h2><table>")
    parts += [
        f"<tr><th>{beijing(one.at):%Y-%m-%d %H:%M:%S}</th><td>{escape(one.words)}<br><code>{escape(one.kind)}</code></td></tr>"
        for one in moments
    ]
    parts.append("</table>")
    for section in sections:
        parts.append(
            f'<h2>{escape(section.title)}</h2><p><a href="{quote(section.path)}">{escape(section.path)}</a>'
            f"<br><code>SHA-256 {section.sha256}</code></p>"
        )
        if section.content is not None:
            parts.append(_told(section.content, 0))
    parts.append("</body></html>")
    return "".join(parts).encode()


def _rows(pairs: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in pairs)
    return f"<table>{rows}</table>"


def _told(value: Any, depth: int) -> str:
    if depth > _DEPTH_MAX:
        return "…"
    if isinstance(value, Mapping):
        rows = "".join(
            f"<tr><th>{escape(_WORDS.get(str(name), str(name)))}</th><td>{_told(one, depth + 1)}</td></tr>"
            for name, one in value.items()
            if not (str(name) in _HIDDEN and depth > 0) and one not in (None, [], {})
        )
        return f"<table>{rows}</table>" if rows else "—"
    if isinstance(value, list | tuple):
        return "".join(f"<div>{_told(one, depth + 1)}</div>" for one in value) or "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return escape("—" if value is None else str(value))
