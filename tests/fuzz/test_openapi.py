"""The whole OpenAPI document, tried with what fits it and what does not, as each kind of user. Seeds rotate."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text as sql

from app.config import ROOT
from app.db.session import Database
from app.identity.permissions import Role
from app.identity.states import PartyKind
from tests.factories.identity import make_member
from tests.processes import Server, serve

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(120)]

SECONDS_EACH = 16


@dataclass(frozen=True)
class Cast:
    """One kind of user."""

    name: str
    kind: PartyKind
    roles: tuple[Role, ...]


CASTS = (
    Cast("university", PartyKind.UNIVERSITY, (Role.TTO_OFFICER, Role.RESEARCHER, Role.ORG_LEADER)),
    Cast("enterprise", PartyKind.PRIVATE_ENTERPRISE, (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)),
    Cast("exchange", PartyKind.EXCHANGE, (Role.OPERATOR, Role.FINANCE)),
    Cast("visitor", PartyKind.PRIVATE_ENTERPRISE, ()),
)


@pytest.fixture(scope="module")
def server(database_url: str) -> Iterator[Server]:
    """The service as a process of its own, so that a fault in it cannot hide in ours."""
    with serve(database_url) as started:
        yield started


def _configuration(directory: Path, key: str | None) -> Path:
    """The committed configuration, with the key under the scheme it belongs to: so the fuzzer can try to do without."""
    text = (ROOT / "schemathesis.toml").read_text(encoding="utf-8")
    if key is not None:
        text += f'\n[auth.openapi.api_key]\nbearer = "{key}"\n'
    path = directory / "schemathesis.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("cast", CASTS, ids=lambda cast: cast.name)
async def test_no_request_finds_a_fault_or_an_undocumented_answer(
    cast: Cast, server: Server, database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as session:
        member = await make_member(session, *cast.roles, kind=cast.kind)
    seed = int(os.environ.get("FUZZ_SEED", secrets.randbelow(2**31)))
    seconds = int(os.environ.get("FUZZ_SECONDS", SECONDS_EACH))
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file",
        str(_configuration(tmp_path, member.key if cast.roles else None)),
        "run",
        f"{server.url}/openapi.json",
        "--max-time",
        str(seconds),
        "--phases",
        "coverage,fuzzing",
        "--seed",
        str(seed),
        "--exclude-path-regex",
        "stream$",
        "--generation-database",
        "none",
        "--request-timeout",
        "10",
        "--continue-on-failure",
        "--no-color",
    ]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    print(done.stdout[-6_000:])
    assert done.returncode == 0, f"seed {seed}\n{done.stdout[-20_000:]}\n{done.stderr[-2_000:]}"
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{server.url}/readyz")).status_code == 200
    async with database.transaction() as session:
        assert (await session.execute(sql("SELECT count(*) FROM market_clock"))).scalar_one() == 1
