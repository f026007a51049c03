"""Papers: the same bytes for the same values, every character with a shape, text that is only text."""

import re
from datetime import UTC, datetime
from typing import Any

from app.papers import pdf

AT = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


def record(**changed: Any) -> dict[str, Any]:
    """A small record."""
    usual: dict[str, Any] = {
        "title": "拍卖笔录",
        "number": "ZC-2026-000001",
        "facts": [["拍卖会", "2026 浙江拍·秋季科技成果拍卖会"], ["地点", "杭州"]],
        "parts": [
            {
                "title": "标的 01",
                "facts": [["起拍价", "200.00 万元"]],
                "paragraphs": ["第 260 号竞买人出价 300 万元,落槌。"],
                "table": {
                    "columns": ["序号", "竞买人"],
                    "widths": [1, 3],
                    "rows": [["1", "260"], ["2", "211"]],
                },
            }
        ],
        "signatures": ["拍卖师", "记录人", "买受人"],
        "notes": ["本笔录一式三份。"],
    }
    return usual | changed


def test_a_paper_is_a_pdf_for_the_archive() -> None:
    printed = pdf("record", record(), AT)
    assert printed.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in printed
    assert b"NotoSansCJK" in printed


def test_the_same_values_give_the_same_bytes() -> None:
    assert pdf("record", record(), AT) == pdf("record", record(), AT)
    assert pdf("record", record(), AT) != pdf("record", record(number="ZC-2026-000002"), AT)


def test_what_looks_like_a_command_is_set_as_it_is() -> None:
    hostile = '#panic("x") $ \\ #read("/etc/passwd") ] " <script>'
    assert pdf("record", record(title=hostile, notes=[hostile], facts=[[hostile, hostile]]), AT).startswith(
        b"%PDF"
    )


def test_rare_characters_of_names_have_a_shape() -> None:
    plain, rare = pdf("record", record(notes=["王"]), AT), pdf("record", record(notes=["𠮷䶮㛃"]), AT)
    assert len(rare) > len(plain)


def test_a_record_of_many_pages_keeps_its_table_head() -> None:
    rows = [[str(number), "260"] for number in range(200)]
    part = {"title": "出价", "table": {"columns": ["序号", "竞买人"], "widths": [1, 3], "rows": rows}}
    printed = pdf("record", record(parts=[part]), AT)
    assert max(int(count) for count in re.findall(rb"/Count (\d+)", printed)) >= 3
