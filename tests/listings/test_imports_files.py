"""Files as strangers make them: encodings, packing, workbooks, damage and bombs."""

import gzip
import io
import json
import zipfile

import pytest

from tests.listings.office import HEADER, Importing, counts, line, table, workbook


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_tables_of_every_office_are_read(importing: Importing, encoding: str) -> None:
    told = await importing.run(table(line("1", title="镕铜䶮导体")).decode().encode(encoding))
    assert told["counts"] == counts(created=1)
    assert await importing.titles() == ["镕铜䶮导体"]


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
async def test_any_line_ending_and_packing_is_read(importing: Importing, ending: str) -> None:
    body = table(line("1"), line("2")).decode().replace("\r\n", ending).encode()
    assert (await importing.run(gzip.compress(body)))["counts"] == counts(created=2)


async def test_a_workbook_is_read_with_its_numbers(importing: Importing) -> None:
    good = line("1").split(",")
    rows = [HEADER.split(","), good, [], line("2", title="").split(","), line("3").split(",")]
    rows[4][5] = 80.5  # type: ignore[call-overload]  # a number among texts
    told = await importing.run(workbook(rows), format="xlsx")
    assert told["counts"] == counts(created=2, refused=1)
    assert [(row["row"], row["field"]) for row in await importing.report(told)] == [(4, "/title")]


async def test_jsonl_is_read_in_the_shape_of_the_interface(importing: Importing) -> None:
    good = {
        "external_id": "1",
        "title": "甲",
        "abstract": "摘要",
        "tech_field": "nuclear",
        "trl": {"level": 3},
    }
    lines = [
        json.dumps(good),
        "",
        "{broken",
        json.dumps(good | {"external_id": "2", "unknown": 1}),
        '{"external_id": "3", "external_id": "4"}',
        json.dumps(good | {"external_id": "5", "estimated_value": 1e3}),
        "[" * 200_000,
        '{"title": NaN}',
        json.dumps(good | {"external_id": "6", "title": "\ud800"}),
    ]
    told = await importing.run("\n".join(lines).encode(), format="jsonl")
    assert told["counts"] == counts(created=1, refused=7)
    assert [(row["row"], row["field"], row["code"]) for row in await importing.report(told)] == [
        (3, "", "row_unreadable"),
        (4, "/unknown", "extra_forbidden"),
        (5, "", "row_unreadable"),
        (6, "/estimated_value", "string_type"),
        (7, "", "row_unreadable"),
        (8, "", "row_unreadable"),
        (9, "/title", "string_unicode"),
    ]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"\xff\xff\xff\x00\x81", "csv", "encoding_unknown"),
        ("甲,甲\n1,2".encode(), "csv", "header_duplicate"),
        (b"a,b\n1,2", "csv", "header_not_recognised"),
        (b"\n", "csv", "header_not_recognised"),
        (b"PK\x03\x04 not a workbook", "xlsx", "workbook_unreadable"),
        (gzip.compress(b"x" * 10_000)[:25], "csv", "file_refused"),
    ],
)
async def test_a_file_that_cannot_be_read_fails_with_its_reason(
    importing: Importing, body: bytes, kind: str, code: str
) -> None:
    told = await importing.run(body, format=kind)
    assert (told["state"], told["failure"]["code"]) == ("failed", code)
    assert told["failure"]["reason"] and told["failure"]["reason_en"]
    assert await importing.titles() == []


def _bomb(sheet: bytes, lie: bool = False) -> bytes:
    """A workbook whose sheet is this, packed as small as it goes; a lie gives a small size in the directory."""
    file = io.BytesIO(workbook([["title"]]))
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(file) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    data = packed.getvalue()
    if lie:
        size = len(sheet).to_bytes(4, "little")
        data = data.replace(size, (1_000).to_bytes(4, "little"))
    return data


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("large", _bomb(b"<worksheet><sheetData>" + b"0" * 300_000_000)),
        ("lying", _bomb(b"<worksheet><sheetData>" + b"0" * 300_000_000, lie=True)),
        (
            "wide",
            _bomb(
                b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
                b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
            ),
        ),
    ],
)
async def test_a_bomb_fails_its_own_import_and_nothing_else(
    importing: Importing, name: str, body: bytes
) -> None:
    assert len(body) < 1_000_000, name
    told = await importing.run(body, format="xlsx")
    assert told["state"] == "failed"
    assert told["failure"]["code"] in {"file_too_large_unpacked", "parser_stopped", "workbook_unreadable"}
    assert (await importing.run(table(line("1"))))["counts"] == counts(created=1)
