"""Imports over HTTP: upload, operation, report, repeats, and what an upload must never leave behind."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from app.config import Settings
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.ids import new_id
from app.listings.imports.jobs import run_import
from app.listings.tables import AchievementRow
from tests.factories.identity import make_member, make_party
from tests.factories.listings import make_officer
from tests.listings.office import Importing, counts, line, table


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


REFUSED = (
    ({"low": "８０"}, "/price_min", "最低价(万元)", "amount_not_ascii"),
    ({"low": "约80"}, "/price_min", "最低价(万元)", "amount_not_ascii"),
    ({"low": "1e400"}, "/price_min", "最低价(万元)", "amount_malformed"),
    ({"low": "130"}, "/price_max", "最高价(万元)", "price_form_inconsistent"),
    ({"title": ""}, "/title", "成果名称", "missing"),
    ({"title": "甲\x00乙"}, "/title", "成果名称", "value_error"),
    ({"title": "长" * 201}, "/title", "成果名称", "string_too_long"),
    ({"field": "占星"}, "/tech_field", "技术领域", "enum"),
    ({"number": "202110123456.9"}, "/ip_rights/0/application_no", "申请号", "patent_number_invalid"),
    ({"key": ""}, "/external_id", "外部编号", "missing"),
    ({"key": "good"}, "/external_id", "", "external_id_repeated"),
)


async def test_a_refused_row_is_named_with_its_field_and_reason_and_the_others_go_in(
    importing: Importing,
) -> None:
    bad = [line(f"bad {n}", **changed) for n, (changed, *_) in enumerate(REFUSED)]
    told = await importing.run(table(line("good"), *bad))
    assert (told["state"], told["counts"]) == ("succeeded", counts(created=1, refused=len(REFUSED)))
    report = await importing.report(told)
    found = [(row["row"], row["field"], row["column"], row["code"]) for row in report]
    assert found == [(3 + n, *expected) for n, (_, *expected) in enumerate(REFUSED)]
    assert all(row["reason_zh"] and row["reason_en"] for row in report)
    assert await importing.titles() == ["成果 good"]


SECRET = (
    {"secrecy": "秘密"},
    {"secrecy": "机密"},
    {"secrecy": "内部"},
    {"secrecy": "秘密级"},
    {"secrecy": "secret"},
    {"abstract": "某型装置 机密★10年 的参数"},
)
KEEPERS = (
    "achievements",
    "import_findings",
    "imports",
    "idempotency_keys",
    "events",
    "pgqueuer",
    "pgqueuer_log",
)


async def test_a_secret_row_leaves_no_trace(
    importing: Importing, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    word = "机要" + new_id().hex
    rows = [line(f"{word}{n}", title=word, **changed) for n, changed in enumerate(SECRET)]
    told = await importing.run(table(*rows, line("open")))
    assert told["counts"] == counts(created=1, refused=len(SECRET))
    report = await importing.report(told)
    assert [row["code"] for row in report] == ["secret_not_imported"] * len(SECRET)
    captured = capfd.readouterr()
    assert word not in str(told) + str(report) + captured.out + captured.err
    async with database.transaction() as session:
        for name in KEEPERS:
            kept = text(f"SELECT count(*) FROM {name} t WHERE t::text LIKE :word")
            assert (name, await session.scalar(kept, {"word": f"%{word}%"})) == (name, 0)
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
    await run_import(importing.context, {"import_id": first.json()["id"]})
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
    await run_import(importing.context, {"import_id": told.json()["id"]})


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
        await run_import(importing.context, {"import_id": answer.json()["id"]})
