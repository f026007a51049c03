"""What an office sends: a Chinese table, a workbook; and somebody who imports it."""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import xlsxwriter

from app.config import Settings
from app.db.session import Database
from app.hub import Hub
from app.jobs.port import JobContext
from app.listings.imports.jobs import run_import
from tests.factories.identity import Member

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


class Importing:
    """Sends files and runs their jobs."""

    def __init__(
        self, client: httpx.AsyncClient, database: Database, settings: Settings, member: Member
    ) -> None:
        self.client, self.member = client, member
        self.directory = settings.import_directory
        self.context = JobContext(database, Hub(None), settings)

    async def send(self, body: bytes, **params: Any) -> httpx.Response:
        asked = {"format": "csv", "source": "office"} | params
        return await self.client.post("/v1/imports", params=asked, content=body, headers=self.member.headers)

    async def run(self, body: bytes, **params: Any) -> dict[str, Any]:
        told = await self.send(body, **params)
        assert told.status_code == 202, told.text
        await run_import(self.context, {"import_id": told.json()["id"]})
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


def counts(**told: int) -> dict[str, int]:
    return {"created": 0, "updated": 0, "unchanged": 0, "not_changed_beyond_draft": 0, "refused": 0} | told


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("成果")
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write(number, place, cell)
    return file.getvalue()
