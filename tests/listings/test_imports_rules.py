"""From cells to an achievement: mappings, labels, amounts, secrecy; and properties of whole files."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.config import ROOT
from app.listings.imports import errors
from app.listings.imports.reading.child import lines
from app.listings.imports.report import safe_cell
from app.listings.imports.rules.mapping import Mapping, default_fields
from app.listings.imports.rules.outcomes import outcome
from app.listings.imports.rules.rows import Accepted, amount, judge
from app.listings.imports.states import FileFormat
from app.listings.rules.labels import HEADERS, LABELS
from app.listings.states import AchievementStatus
from tests.listings.office import HEADER, line

FIELDS: dict[str, Any] = {
    "external_id": {"column": "id"},
    "title": {"column": "t"},
    "abstract": {"column": "t"},
    "tech_field": {
        "column": "c",
        "starts_with": {"T": "nuclear", "TP": "electronics_it"},
        "otherwise": "aerospace",
    },
}


def judged(cells: dict[str, Any], **fields: Any) -> Accepted | list[Any]:
    return judge(cells, Mapping.model_validate({"fields": FIELDS | fields}).fields)


def accepted(cells: dict[str, Any], **fields: Any) -> dict[str, Any]:
    found = judged(cells, **fields)
    assert isinstance(found, Accepted), found
    return found.content.model_dump(mode="json")


ROW = {"id": "1", "t": "题目", "c": "TP18"}


@pytest.mark.parametrize(
    ("written", "field"),
    [("TP18", "electronics_it"), ("TL5", "nuclear"), ("", "aerospace"), ("V2", "aerospace")],
)
def test_the_longest_beginning_counts_and_otherwise_the_rest(written: str, field: str) -> None:
    assert accepted(ROW | {"c": written})["tech_field"] == field


def test_an_item_about_which_no_cell_says_anything_is_left_out() -> None:
    trl = {"trl.level": {"column": "trl"}, "trl.scheme": {"constant": "GB/T 22900-2022"}}
    assert accepted(ROW | {"trl": ""}, **trl)["trl"] is None
    assert accepted(ROW | {"trl": "6"}, **trl)["trl"] == {"level": 6, "scheme": "GB/T 22900-2022"}


def test_an_item_of_constants_alone_is_kept() -> None:
    contact = {"contact.name": {"constant": "办公室"}, "contact.email": {"constant": "a@example.cn"}}
    assert accepted(ROW, **contact)["contact"]["name"] == "办公室"


@pytest.mark.parametrize("written", ["2023-05-01", "2023/5/1", "2023.05.01", "2023年5月1日", "20230501"])
def test_dates_are_read_as_people_write_them(written: str) -> None:
    told = accepted(ROW | {"d": written}, research_begins_on={"column": "d"})
    assert told["research_begins_on"] == "2023-05-01"


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("80", "wan", "800000.00"),
        ("120.5", "wan", "1205000.00"),
        ("0.000001", "wan", "0.01"),
        ("3", "yuan", "3.00"),
        ("3.5", "yuan", "3.50"),
    ],
)
def test_amounts_are_exact(text: str, unit: str, yuan: str) -> None:
    assert amount(text, unit, "/price_min") == yuan


@pytest.mark.parametrize("text", ["１２３", "12３", "１２.５", "壹佰", "¥12", "٣"])
@pytest.mark.parametrize("unit", ["yuan", "wan"])
def test_digits_beyond_ascii_are_refused_and_never_guessed_at(text: str, unit: str) -> None:
    with pytest.raises(errors.AmountNotAscii):
        amount(text, unit, "/price_min")


@given(st.text(max_size=20), st.sampled_from(["yuan", "wan"]))
def test_an_amount_is_exact_or_refused_with_a_declared_reason(text: str, unit: str) -> None:
    try:
        found = amount(text, unit, "/price_min")
    except (errors.AmountNotAscii, errors.AmountMalformed):
        return
    assert text.isascii() and found[-3] == "."


@pytest.mark.parametrize(
    "cells",
    [
        {"密级": "秘密"},
        {"密 级": "机密"},
        {"Secrecy_Level": "internal"},
        {"密级": "不知道"},
        {"t": "甲 秘密★ 5年"},
        {"note": "绝密☆"},
    ],
)
def test_a_secret_row_is_refused_whatever_the_mapping_names(cells: dict[str, str]) -> None:
    (finding,) = judged(ROW | cells)  # type: ignore[misc]  # a list of one
    assert (finding.code, finding.pointer, finding.column) == ("secret_not_imported", "/secrecy_level", None)


@pytest.mark.parametrize("word", ["公开", "非密", "none", "NONE", "", " "])
def test_what_is_marked_as_open_goes_in(word: str) -> None:
    assert accepted(ROW | {"密级": word})["secrecy_level"] == "none"


@pytest.mark.parametrize(
    "fields",
    [
        {"nothing": {"column": "a"}},
        {"title": {}},
        {"title": {"column": "a", "constant": "b"}},
        {"status": {"constant": "published"}},
        {"Title": {"column": "a"}},
        {"title.__class__": {"column": "a"}},
    ],
)
def test_a_mapping_that_cannot_mean_anything_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Mapping.model_validate({"fields": fields})


def test_the_example_mapping_is_one() -> None:
    path = ROOT / "docs" / "examples" / "sample_achievements.map.json"
    mapping = Mapping.model_validate_json(path.read_bytes())
    found = judge(
        {"id": "x-1", "title": "题目", "abstract": "摘要", "keywords": ["词"], "clc": "TL5", "note": "…"},
        mapping.fields,
    )
    assert isinstance(found, Accepted)
    assert (found.content.tech_field, found.content.keywords) == ("nuclear", ("词",))
    assert [(right.type, right.name) for right in found.content.ip_rights] == [("know_how", "题目")]


def test_every_label_and_header_leads_somewhere() -> None:
    assert set(default_fields(list(HEADERS))) == set(HEADERS.values())
    for words in LABELS.values():
        assert all(words.values())


@pytest.mark.parametrize(
    ("stored", "digest", "became"),
    [
        (None, b"1", "created"),
        ((AchievementStatus.DRAFT, b"1"), b"1", "unchanged"),
        ((AchievementStatus.PUBLISHED, b"1"), b"1", "unchanged"),
        ((AchievementStatus.DRAFT, b"1"), b"2", "updated"),
        ((AchievementStatus.RETURNED, b"1"), b"2", "updated"),
        ((AchievementStatus.SUBMITTED, b"1"), b"2", "not_changed_beyond_draft"),
        ((AchievementStatus.WITHDRAWN, b"1"), b"2", "not_changed_beyond_draft"),
    ],
)
def test_what_a_row_does_to_what_is_stored(stored: Any, digest: bytes, became: str) -> None:
    assert outcome(stored, digest) == became


# --- whole files: whatever a stranger sends, each line is judged or the file refused, and nothing else happens

_CELLS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["", "１２３", "=1+1", "a\rb", '"', "\x00", "秘密★10年", "80", "202110123456.9", "新材料", "x" * 40_000]
)
_QUIET = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _judge_file(path: Path, body: bytes, kind: FileFormat) -> list[dict[str, Any]]:
    path.write_bytes(body)
    told = list(lines(path, kind, None))
    json.dumps(told).encode()
    assert "fail" in told[-1] or ("total" in told[0] and "end" in told[-1])
    for row in told[1:-1]:
        assert ("ok" in row) != ("no" in row)
        for _pointer, _column, code, zh, en in row.get("no", []):
            assert code and zh and en
    return told


@_QUIET
@given(st.binary(max_size=400), st.sampled_from(FileFormat))
def test_bytes_of_any_kind_are_judged_or_refused(tmp_path: Path, body: bytes, kind: FileFormat) -> None:
    _judge_file(tmp_path / "file", body, kind)


@_QUIET
@given(st.lists(st.lists(_CELLS, max_size=14), max_size=6), st.sampled_from(["\r\n", "\n", "\r"]))
def test_tables_of_any_cells_are_judged_row_by_row(
    tmp_path: Path, rows: list[list[str]], ending: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ending).writerows([HEADER.split(","), *rows, line("last").split(",")])
    told = _judge_file(tmp_path / "file.csv", text.getvalue().encode(), FileFormat.CSV)
    assert told[-2]["ok"]["external_id"] == "last"
    secret = {row["row"] for row in told[1:-1] if "no" in row and row["no"][0][2] == "secret_not_imported"}
    for number in secret:
        assert "★" not in json.dumps([row for row in told if row.get("row") == number], ensure_ascii=False)


def test_a_row_after_a_cell_that_is_too_long_is_still_a_row_of_its_own(tmp_path: Path) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER.split(","), ["x" * 40_000, "\n"], line("last").split(",")])
    told = _judge_file(tmp_path / "file.csv", text.getvalue().encode(), FileFormat.CSV)
    assert [("ok" in row, row["row"]) for row in told[1:-1]] == [(False, 2), (True, 3)]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_CELLS, inner, max_size=3),
    max_leaves=8,
)


@_QUIET
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["title", "trl", "ip_rights", "密级", "x\x00"]), _JSON) | _JSON,
        max_size=5,
    )
)
def test_json_of_any_shape_is_judged_line_by_line(tmp_path: Path, values: list[Any]) -> None:
    body = "\n".join(json.dumps(value) for value in values)
    _judge_file(tmp_path / "file.jsonl", body.encode(), FileFormat.JSONL)


@given(st.text(max_size=30))
def test_no_cell_of_a_report_begins_as_a_formula(text: str) -> None:
    told = safe_cell(text)
    assert not told.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "|", " ", '"'))
    assert told in (text, "'" + text)
