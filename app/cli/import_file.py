"""`import`: achievements from a file into the database, by the same steps as `POST /v1/imports`."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app.config import ROOT, Settings
from app.db.session import Database
from app.embedded import EmbeddedServers, ServersFault, state_directory
from app.listings.imports import command as imports
from app.listings.imports.rules.mapping import Mapping
from app.listings.imports.schemas import ImportQuery
from app.listings.imports.states import FileFormat, ImportStatus
from app.logs import configure_logs

DATABASE = "jishi"  # as `up` names it
_ENDINGS = {
    ".csv": FileFormat.CSV,
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
    ".xlsx": FileFormat.XLSX,
}


def command(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help=".csv .jsonl .xlsx,可为 .gz · may be .gz")
    ],
    *,
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map", exists=True, dir_okay=False, help="字段对应表(JSON)· mapping of columns to fields"
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只检查，不保存 · check only, store nothing")
    ] = False,
    on_behalf: Annotated[
        str | None,
        typer.Option(
            "--as", help="以谁的名义：登录名、单位名称、信用代码 · login, or a party's name or code"
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="来源标识，与外部编号一起防重 · names the source of the external ids")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="把完整报告写成 CSV · write the whole report")] = None,
) -> None:
    """从文件导入成果，可重复执行 · import achievements as drafts; repeating it changes nothing. 见 see docs/import.md."""
    configure_logs("error")
    mapping = _mapping(map_file) if map_file is not None else None
    asked = _asked(file, mapping, source, dry_run=dry_run)
    try:
        ended = asyncio.run(_run(file.resolve(), asked, mapping, on_behalf, report))
    except (OSError, DBAPIError) as error:
        raise ServersFault(
            f"连接不上数据库，请先 make run 或检查 DATABASE_URL:{type(error).__name__}",
            f"cannot reach the database: start it with `make run`, or check DATABASE_URL ({type(error).__name__})",
        ) from None
    _tell(ended)
    if ended.operation.state is ImportStatus.FAILED:
        raise typer.Exit(1)


def _mapping(path: Path) -> Mapping:
    try:
        return Mapping.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        raise ServersFault(
            f"字段对应表不可用:{where}:{first['msg']}",
            f"the mapping cannot be used: {where}: {first['msg']}",
        ) from None


def _asked(file: Path, mapping: Mapping | None, source: str | None, *, dry_run: bool) -> ImportQuery:
    stem = file.name.removesuffix(".gz")
    kind = _ENDINGS.get(Path(stem).suffix.lower())
    if kind is None:
        raise ServersFault("文件应为 .csv、.jsonl 或 .xlsx", "the file must be .csv, .jsonl or .xlsx")
    named = source or (mapping.source if mapping is not None else None)
    named = named or re.sub(r"[^A-Za-z0-9._-]", "-", Path(stem).stem).lstrip("._-")[:64] or "file"
    try:
        return ImportQuery(format=kind, source=named, dry_run=dry_run)
    except ValidationError:
        raise ServersFault(
            "来源标识只能用字母、数字、点、横线和下划线",
            "a source is letters, digits, dots, dashes, underscores",
        ) from None


def _database_url() -> str:
    """DATABASE_URL, or the database that `up` serves on this machine."""
    if "DATABASE_URL" in os.environ:
        return Settings().database_url
    served = EmbeddedServers(state_directory(ROOT)).last_database_url(DATABASE)
    return served or Settings().database_url


async def _run(
    path: Path, asked: ImportQuery, mapping: Mapping | None, who: str | None, report: Path | None
) -> imports.Ended:
    settings = Settings(database_url=_database_url())
    database = Database(settings.asyncpg_url, pool_size=2)
    try:
        actor = await imports.importer(database, who)
        if actor is None:
            raise ServersFault(
                "没有可以导入的人员：请用 --as 指定，或先载入演示数据(python -m app demo)",
                "nobody may import: name somebody with --as, or load the demonstration (python -m app demo)",
            )
        print(
            f"以 {actor.user_name} 的名义导入，来源 {asked.source} · importing as that person, source {asked.source}"
        )
        ended = await imports.import_file(
            database,
            actor=actor,
            asked=asked,
            path=path,
            mapping=mapping.model_dump(mode="json") if mapping is not None else None,
            progress=_progress,
        )
        _end_progress()
        if report is not None:
            told = [block async for block in imports.report(database, ended.operation.id)]
            await asyncio.to_thread(report.write_bytes, b"".join(told))
        return ended
    finally:
        await database.dispose()


def _progress(done: int) -> None:
    if sys.stdout.isatty():
        print(f"\r  {done} 行 rows", end="", flush=True)


def _end_progress() -> None:
    if sys.stdout.isatty():
        print()


def _tell(ended: imports.Ended) -> None:
    told, counts = ended.operation, ended.operation.counts
    if told.dry_run:
        print("试运行，未保存任何内容 · dry run, nothing was stored")
    print(
        f"共 {told.rows_done} 行 rows: 新建 created {counts.created}, 更新 updated {counts.updated},"
        f" 未变 unchanged {counts.unchanged}, 已提交未改 beyond draft {counts.not_changed_beyond_draft},"
        f" 拒绝 refused {counts.refused}"
    )
    for found in ended.findings:
        where = found.pointer or found.column or ""
        print(
            f"  第 {found.row} 行 row {found.row} {where} [{found.code}] {found.reason_zh} · {found.reason_en}"
        )
    if counts.refused + counts.not_changed_beyond_draft > len(ended.findings):
        print("  … 完整报告用 --report FILE · the whole report: --report FILE")
    if told.failure is not None:
        print(f"失败 failed: {told.failure.reason} · {told.failure.reason_en}", file=sys.stderr)
