"""Runs of imports: by the worker's queue, in small commits, taken up again, ten thousand rows, and by command."""

import asyncio
import gzip
import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from app.config import ROOT, Settings
from app.db.clock import Clock
from app.db.session import Database
from app.hub import Hub
from app.identity.permissions import Role
from app.jobs.port import JobContext
from app.jobs.runner import run_jobs
from app.listings.imports import actions, jobs
from app.listings.imports.reading.parser import FileFailed
from app.listings.imports.rules import limits
from tests.factories.identity import make_member
from tests.factories.listings import make_officer
from tests.listings.office import Importing, counts, line, table


async def test_the_workers_queue_runs_an_import(
    importing: Importing, settings: Settings, database: Database
) -> None:
    told = await importing.send(table(line("1")))
    stopping = asyncio.Event()
    context = JobContext(database, Hub(None), settings)
    running = asyncio.create_task(run_jobs(context, {actions.JOB: jobs.run_import}, stopping))
    deadline = time.monotonic() + 30
    state = "queued"
    while state in ("queued", "running") and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        answer = await importing.client.get(told.headers["location"], headers=importing.member.headers)
        state = answer.json()["state"]
    stopping.set()
    await running
    assert (state, await importing.titles()) == ("succeeded", ["成果 1"])


async def test_ten_thousand_rows_are_stored_in_commits_under_a_second(
    importing: Importing, database: Database, settings: Settings
) -> None:
    row = {"abstract": "摘要" * 100, "tech_field": "nuclear", "keywords": ["甲", "乙"]}
    lines = [json.dumps(row | {"external_id": str(n), "title": f"成果 {n}"}) for n in range(10_000)]
    body = gzip.compress("\n".join(lines).encode())
    told = await importing.send(body, format="jsonl")
    async with database.transaction() as session:
        run = await actions.begin(session, Clock(), import_id=told.json()["id"])
    assert run is not None and run.file_name is not None
    commits = [(0, time.monotonic())]
    await jobs.run_file(
        database,
        run,
        settings.import_directory / run.file_name,
        lambda done: commits.append((done, time.monotonic())),
    )
    ended = await importing.client.get(told.headers["location"], headers=importing.member.headers)
    assert (ended.json()["state"], ended.json()["counts"]) == ("succeeded", counts(created=10_000))
    assert commits[-1][0] == 10_000
    # The first wait is for the parsing process to start.
    seconds = sorted(later[1] - earlier[1] for earlier, later in pairwise(commits[1:]))
    assert seconds[len(seconds) * 95 // 100] < 1.0
    async with database.transaction() as session:
        numbers = await session.execute(
            text("SELECT count(*), count(DISTINCT number) FROM achievements WHERE holder_party_id = :party"),
            {"party": importing.member.party_id},
        )
        assert tuple(numbers.one()) == (10_000, 10_000)
    assert (await importing.run(body, format="jsonl"))["counts"] == counts(unchanged=10_000)


async def test_more_rows_than_allowed_store_none(importing: Importing) -> None:
    body = b"external_id,title,abstract,tech_field\n" + b"1,a,b,nuclear\n" * (limits.ROWS_MAX + 1)
    told = await importing.run(body)
    assert (told["state"], told["failure"]["code"], told["rows_done"]) == ("failed", "rows_too_many", 0)


async def test_a_run_that_was_cut_off_goes_on_behind_its_last_commit(
    importing: Importing, database: Database, settings: Settings
) -> None:
    told = await importing.send(table(*(line(str(n)) for n in range(5))))
    key = told.json()["id"]
    context = JobContext(database, Hub(None), settings)
    async with database.transaction() as session:
        run = await actions.begin(session, Clock(), import_id=key)
    assert run is not None and run.file_name is not None
    path = settings.import_directory / run.file_name
    rows = [row async for row in jobs.parsed(path, "csv", None) if not isinstance(row, int)]  # type: ignore[arg-type]  # by value
    await jobs._store(database, run.id, rows[:2])
    await jobs.run_import(context, {"import_id": key})
    answer = await importing.client.get(told.headers["location"], headers=importing.member.headers)
    assert (answer.json()["state"], answer.json()["counts"]) == ("succeeded", counts(created=5))
    await jobs.run_import(context, {"import_id": key})
    again = await importing.client.get(told.headers["location"], headers=importing.member.headers)
    assert again.json() == answer.json()


async def test_a_run_of_which_nothing_was_heard_is_given_up(
    importing: Importing, database: Database, settings: Settings
) -> None:
    told = await importing.send(table(line("1")))
    key = told.json()["id"]
    async with database.transaction() as session:
        await actions.begin(session, Clock(), import_id=key)
        assert await actions.give_up_stale(session, Clock()) is False
    async with database.transaction() as session:
        await session.execute(
            text("UPDATE imports SET touched_at = clock_timestamp() - interval '16 minutes' WHERE id = :id"),
            {"id": key},
        )
        assert await actions.give_up_stale(session, Clock()) is True
    answer = await importing.client.get(told.headers["location"], headers=importing.member.headers)
    assert (answer.json()["state"], answer.json()["failure"]["code"]) == ("failed", "run_interrupted")
    with pytest.raises(FileFailed):
        await jobs._store(database, key, [])


async def test_two_imports_of_the_same_file_at_once_make_each_row_once(
    fresh_database: Database, settings: Settings, client: object
) -> None:
    async with fresh_database.transaction() as session:
        officer = await make_officer(session)
    path = settings.import_directory / "twice.csv"
    path.write_bytes(table(*(line(str(n)) for n in range(60))))
    runs = []
    for _ in range(3):
        async with fresh_database.transaction() as session:
            asked = actions.ImportQuery(format="csv", source="office")  # type: ignore[arg-type]  # by value
            upload = actions.Upload(None, 1, b"")
            row = await actions.start_import(
                session, actor=officer.actor, asked=asked, upload=upload, mapping=None
            )
            await actions.begin(session, Clock(), import_id=row.id)
            runs.append(row)
    await asyncio.gather(*(jobs.run_file(fresh_database, run, path) for run in runs))
    async with fresh_database.transaction() as session:
        told = await session.execute(
            text("SELECT sum(created_rows), sum(unchanged_rows), sum(rows_done), min(status) FROM imports")
        )
        assert tuple(told.one()) == (60, 120, 180, "succeeded")
        assert await session.scalar(text("SELECT count(*) FROM achievements")) == 60
    path.unlink()


async def _command(database_url: str, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        "import",
        *arguments,
        cwd=ROOT,
        env=dict(os.environ, DATABASE_URL=database_url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    return process.returncode or 0, told.decode()


async def test_the_command_imports_with_a_mapping_and_a_repeat_changes_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        officer = await make_officer(session)
    papers = [
        {"id": f"p-{n}", "title": f"论文 {n}", "abstract": "摘要", "keywords": ["词"], "clc": "TP18"}
        for n in range(3)
    ]
    papers.append(papers[0] | {"id": "p-3", "title": ""})
    file, report = tmp_path / "papers.jsonl.gz", tmp_path / "report.csv"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, papers)).encode()))
    mapping = str(ROOT / "docs" / "examples" / "sample_achievements.map.json")
    asked = (str(file), "--map", mapping, "--as", str(officer.party_id), "--report", str(report))
    for extra, expected in ((("--dry-run",), "created 3"), ((), "created 3"), ((), "unchanged 3")):
        code, told = await _command(database_url, *asked, *extra)
        assert (code, expected in told, "refused 1" in told) == (0, True, True), told
        assert "/title [missing]" in told
    assert report.read_text(encoding="utf-8-sig").splitlines()[1].startswith("4,refused,/title,title,missing")
    assert file.exists()


async def test_the_command_says_what_is_wrong_in_one_line(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        researcher = await make_member(session, Role.RESEARCHER)
    table_, broken = tmp_path / "a.csv", tmp_path / "broken.json"
    table_.write_bytes(table(line("1")))
    broken.write_text('{"fields": {"nothing": {"column": "a"}}}', encoding="utf-8")
    for arguments in (
        (str(table_), "--as", str(researcher.party_id)),
        (str(table_), "--map", str(broken)),
        (str(broken),),
    ):
        code, told = await _command(database_url, *arguments)
        assert (code, told.count("\n")) == (1, 1), told
        assert "error" in told and "Traceback" not in told
