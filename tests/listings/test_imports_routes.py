"""Imports over HTTP: upload, operation, report, repeats, and what an upload must never leave behind."""

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest
import xlsxwriter
from sqlalchemy import select, text

from app.config import Settings
from app.db.session import Database
from app.hub import Hub
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.jobs.port import JobContext
from app.kit.ids import new_id
from app.listings.imports.jobs import run_import
from app.listings.tables import AchievementRow
from tests.factories.identity import Member, make_member, make_party
from tests.factories.listings import make_officer

HEADER = "外部编号,成果名称,内容摘要,技术领域,关键词,最低价(万元),最高价(万元),价格形式,密级,联系人,知识产权类型,知识产权名称,申请号"


def line(key: str, /, **changed: str) -> str:
    """A good row of the Chinese table."""
    cells = {
        "key": key,
        "title": f"成果 {key}",
        "abstract": "摘要",
        "field": "新材料",
        "keywords": "导热；垫片",
        "low": "80",
        "high": "120.5",
        "form": "参考区间",
        "secrecy": "公开",
        "contact": "何敏",
        "type": "发明专利",
        "name": "一种垫片",
        "number": "202110123456.7",
    } | changed
    return ",".join(cells.values())


def table(*lines: str) -> bytes:
    return "\r\n".join((HEADER, *lines)).encode()


@pytest.fixture
async def officer(database: Database) -> Member:
    async with database.transaction() as session:
        return await make_officer(session)


class Importing:
    """Sends files and runs their jobs."""

    def __init__(
        self, client: httpx.AsyncClient, database: Database, settings: Settings, member: Member
    ) -> None:
        self.client, self.member = client, member
        self.directory = settings.import_directory
        self._context = JobContext(database, Hub(None), settings)

    async def send(self, body: bytes, **params: Any) -> httpx.Response:
        asked = {"format": "csv", "source": "office"} | params
        return await self.client.post("/v1/imports", params=asked, content=body, headers=self.member.headers)

    async def run(self, body: bytes, **params: Any) -> dict[str, Any]:
        told = await self.send(body, **params)
        assert told.status_code == 202, told.text
        await run_import(self._context, {"import_id": told.json()["id"]})
        answer = await self.client.get(told.headers["location"], headers=self.member.headers)
        found: dict[str, Any] = answer.json()
        return found

    async def report(self, operation: Mapping[str, Any]) -> list[dict[str, Any]]:
        told = await self.client.get(
            operation["report"], params={"format": "jsonl"}, headers=self.member.headers
        )
        assert told.status_code == 200
        return [json.loads(line_) for line_ in told.text.splitlines()]

    async def titles(self) -> list[str]:
        told = await self.client.get(
            "/v1/my/achievements", params={"limit": 200}, headers=self.member.headers
        )
        return sorted(row["title"] for row in told.json()["data"])


@pytest.fixture
def importing(
    client: httpx.AsyncClient, database: Database, settings: Settings, officer: Member
) -> Importing:
    return Importing(client, database, settings, officer)


def counts(**told: int) -> dict[str, int]:
    return {"created": 0, "updated": 0, "unchanged": 0, "not_changed_beyond_draft": 0, "refused": 0} | told


async def test_a_table_becomes_drafts_and_a_repeat_changes_nothing(importing: Importing) -> None:
    body = table(line("1"), line("2"))
    first = await importing.run(body)
    assert (first["state"], first["rows_total"], first["rows_done"]) == ("succeeded", 2, 2)
    assert first["counts"] == counts(created=2)
    assert await importing.titles() == ["成果 1", "成果 2"]
    again = await importing.run(body)
    assert again["counts"] == counts(unchanged=2)
    assert await importing.titles() == ["成果 1", "成果 2"]
    assert await importing.report(again) == []


async def test_what_was_written_in_a_table_is_understood(
    importing: Importing, client: httpx.AsyncClient
) -> None:
    await importing.run(table(line("1")))
    mine = await client.get("/v1/my/achievements", headers=importing.member.headers)
    path = f"/v1/achievements/{mine.json()['data'][0]['id']}"
    told = (await client.get(path, headers=importing.member.headers)).json()
    assert (told["tech_field"], told["keywords"], told["price_form"]) == (
        "new_materials",
        ["导热", "垫片"],
        "reference_range",
    )
    assert (told["price_min"]["amount"], told["price_max"]["amount"]) == ("800000.00", "1205000.00")
    assert (told["ip_rights"][0]["type"], told["ip_rights"][0]["application_no"]) == (
        "invention",
        "202110123456.7",
    )
    assert (told["private"]["source"], told["private"]["external_id"]) == ("office", "1")
    assert told["private"]["contact"] == {"name": "何敏", "phone": None, "email": None}


async def test_a_changed_row_updates_a_draft_and_leaves_what_was_submitted(
    importing: Importing, client: httpx.AsyncClient
) -> None:
    await importing.run(table(line("1"), line("2")))
    mine = await client.get("/v1/my/achievements", headers=importing.member.headers)
    first = next(row for row in mine.json()["data"] if row["title"] == "成果 1")
    submitted = await client.post(
        f"/v1/achievements/{first['id']}/submission", headers=importing.member.headers | {"If-Match": '"v1"'}
    )
    assert submitted.status_code == 200
    told = await importing.run(table(line("1", title="改 1"), line("2", title="改 2")))
    assert told["counts"] == counts(updated=1, not_changed_beyond_draft=1)
    assert await importing.titles() == ["成果 1", "改 2"]
    assert [(row["row"], row["outcome"], row["code"]) for row in await importing.report(told)] == [
        (2, "not_changed_beyond_draft", "not_changed_beyond_draft")
    ]


async def test_a_dry_run_stores_nothing_and_says_the_same(importing: Importing) -> None:
    told = await importing.run(table(line("1"), line("2", number="202110123456.9")), dry_run=True)
    assert told["counts"] == counts(created=1, refused=1)
    assert await importing.titles() == []
    assert len(await importing.report(told)) == 1


@pytest.mark.parametrize(
    ("changed", "field", "column", "code"),
    [
        ({"low": "８０"}, "/price_min", "最低价(万元)", "amount_not_ascii"),
        ({"low": "约80"}, "/price_min", "最低价(万元)", "amount_not_ascii"),
        ({"low": "80万"}, "/price_min", "最低价(万元)", "amount_not_ascii"),
        ({"low": "1e400"}, "/price_min", "最低价(万元)", "amount_malformed"),
        ({"low": "130"}, "/price_max", "最高价(万元)", "price_form_inconsistent"),
        ({"title": ""}, "/title", "成果名称", "missing"),
        ({"title": "甲\x00乙"}, "/title", "成果名称", "value_error"),
        ({"title": "长" * 201}, "/title", "成果名称", "string_too_long"),
        ({"field": "占星"}, "/tech_field", "技术领域", "enum"),
        ({"number": "202110123456.9"}, "/ip_rights/0/application_no", "申请号", "patent_number_invalid"),
        ({"key": ""}, "/external_id", "外部编号", "missing"),
        ({"key": "good"}, "/external_id", "", "external_id_repeated"),
    ],
)
async def test_a_refused_row_is_named_with_its_field_and_reason_and_the_others_go_in(
    importing: Importing, changed: dict[str, str], field: str, column: str, code: str
) -> None:
    told = await importing.run(table(line("good"), line("bad", **changed)))
    assert (told["state"], told["counts"]) == ("succeeded", counts(created=1, refused=1))
    (found,) = await importing.report(told)
    assert (found["row"], found["field"], found["column"], found["code"]) == (3, field, column, code)
    assert found["reason_zh"] and found["reason_en"]
    assert await importing.titles() == ["成果 good"]


@pytest.mark.parametrize(
    "changed",
    [
        {"secrecy": "秘密"},
        {"secrecy": "机密"},
        {"secrecy": "内部"},
        {"secrecy": "秘密级"},
        {"secrecy": "secret"},
        {"abstract": "某型装置 机密★10年 的参数"},
    ],
)
async def test_a_secret_row_leaves_no_trace(
    importing: Importing, database: Database, changed: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    word = "机要" + new_id().hex
    told = await importing.run(table(line("1", title=word, key=word, **changed), line("2")))
    assert told["counts"] == counts(created=1, refused=1)
    report = await importing.report(told)
    assert [row["code"] for row in report] == ["secret_not_imported"]
    captured = capfd.readouterr()
    assert word not in str(told) + str(report) + captured.out + captured.err
    async with database.transaction() as session:
        tables = ("achievements", "import_findings", "imports", "idempotency_keys", "events", "pgqueuer")
        for name in tables:
            found = await session.scalar(
                text(f"SELECT count(*) FROM {name} t WHERE t::text LIKE :word"), {"word": f"%{word}%"}
            )
            assert (name, found) == (name, 0)
    assert [path for path in importing.directory.iterdir() if word.encode() in path.read_bytes()] == []


async def test_a_mapping_that_forgets_the_column_of_secrecy_does_not_let_it_through(
    importing: Importing, client: httpx.AsyncClient
) -> None:
    fields = {
        "external_id": {"column": "id"},
        "title": {"column": "名"},
        "abstract": {"column": "名"},
        "tech_field": {"constant": "nuclear"},
    }
    kept = await client.post(
        "/v1/import-mappings",
        json={"name": "短表", "mapping": {"fields": fields}},
        headers=importing.member.headers,
    )
    assert kept.status_code == 201, kept.text
    listed = await client.get("/v1/import-mappings", headers=importing.member.headers)
    assert [row["id"] for row in listed.json()["data"]] == [kept.json()["id"]]
    body = "id,名,密级\n1,甲,秘密\n2,乙,\n".encode()
    told = await importing.run(body, mapping_id=kept.json()["id"])
    assert told["counts"] == counts(created=1, refused=1)
    assert await importing.titles() == ["乙"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
async def test_tables_of_every_office_are_read(importing: Importing, encoding: str) -> None:
    told = await importing.run(table(line("1", title="镕铜䶮导体")).decode().encode(encoding))
    assert told["counts"] == counts(created=1)
    assert await importing.titles() == ["镕铜䶮导体"]


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
async def test_any_line_ending_and_packing_is_read(importing: Importing, ending: str) -> None:
    body = table(line("1"), line("2")).decode().replace("\r\n", ending).encode()
    assert (await importing.run(gzip.compress(body)))["counts"] == counts(created=2)


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("成果")
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write(number, place, cell)
    return file.getvalue()


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


async def test_the_uploaded_file_is_deleted_and_refused_uploads_leave_none(
    importing: Importing, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        stranger = await make_member(session, Role.ENTERPRISE_USER)
    before = set(importing.directory.iterdir()) if importing.directory.is_dir() else set()
    await importing.run(table(line("1")))
    await importing.run(b"\n")
    params = {"format": "csv", "source": "office"}
    refused = await client.post("/v1/imports", params=params, content=b"x", headers=stranger.headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    assert (await client.post("/v1/imports", params=params, content=b"x")).status_code == 401
    empty = await importing.send(b"")
    assert (empty.status_code, empty.json()["code"]) == (422, "upload_empty")
    assert (await importing.send(b"x", format="pdf")).status_code == 422
    assert (await importing.send(b"x", mapping_id=str(new_id()))).status_code == 404
    assert set(importing.directory.iterdir()) == before


async def test_a_body_over_the_limit_is_cut_off_and_deleted(importing: Importing, settings: Settings) -> None:
    async def endless() -> Any:
        for _ in range(settings.upload_limit_bytes // 1_000_000 + 2):
            yield b"x" * 1_000_000

    before = set(importing.directory.iterdir()) if importing.directory.is_dir() else set()
    told = await importing.client.post(
        "/v1/imports",
        params={"format": "csv", "source": "office"},
        content=endless(),
        headers=importing.member.headers,
    )
    assert (told.status_code, told.json()["code"]) == (413, "body_too_large")
    assert set(importing.directory.iterdir()) == before


async def test_a_repeated_key_is_one_import_and_another_file_under_it_is_refused(
    importing: Importing, client: httpx.AsyncClient
) -> None:
    headers = importing.member.headers | {"Idempotency-Key": str(new_id())}
    params = {"format": "csv", "source": "office"}

    async def send(body: bytes) -> httpx.Response:
        return await client.post("/v1/imports", params=params, content=body, headers=headers)

    first, second, other = await send(table(line("1"))), await send(table(line("1"))), await send(b"other")
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    await run_import(importing._context, {"import_id": first.json()["id"]})
    assert await importing.titles() == ["成果 1"]


async def test_an_operation_is_the_importers_own(
    importing: Importing, client: httpx.AsyncClient, database: Database
) -> None:
    async with database.transaction() as session:
        other = await make_officer(session)
    told = await importing.send(table(line("1")))
    path = told.headers["location"]
    early = await client.get(f"{path}/report", headers=importing.member.headers)
    assert (early.status_code, early.json()["code"]) == (409, "report_not_ready")
    for suffix in ("", "/report"):
        assert (await client.get(path + suffix, headers=other.headers)).status_code == 404
    await run_import(importing._context, {"import_id": told.json()["id"]})


async def test_the_report_as_csv_holds_no_formula(importing: Importing) -> None:
    fields = "external_id,title,abstract,tech_field,=cmd|' /C calc'!A0"
    body = fields.encode() + b"\n1,,x,nuclear,y\n"
    told = await importing.run(body)
    answer = await importing.client.get(told["report"], headers=importing.member.headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.text.splitlines()[1].startswith("2,refused,/title,title,missing,")


async def test_a_clerk_imports_for_a_party_of_his_region(
    client: httpx.AsyncClient, database: Database, settings: Settings
) -> None:
    async with database.transaction() as session:
        factory = await make_party(session, region_code="330106")
        clerk = await make_member(session, Role.CLERK, kind=PartyKind.GOVERNMENT, region_scope="330100")
    importing = Importing(client, database, settings, clerk)
    told = await importing.run(table(line("1")), on_behalf_of=str(factory.id))
    assert (told["counts"], told["holder_party_id"]) == (counts(created=1), str(factory.id))
    async with database.transaction() as session:
        row = await session.scalar(select(AchievementRow).where(AchievementRow.holder_party_id == factory.id))
        assert row is not None
        assert (row.entered_on_behalf_of, row.owner_confirmed_at) == (factory.id, None)


async def test_a_party_has_few_unfinished_imports(importing: Importing) -> None:
    answers = [await importing.send(table(line("1"))) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [409]
    assert answers[-1].json()["code"] == "unfinished_imports_too_many"
    for answer in answers[:5]:
        await run_import(importing._context, {"import_id": answer.json()["id"]})
