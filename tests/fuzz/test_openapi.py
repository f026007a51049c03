"""The whole OpenAPI document, tried with what fits it and what does not, as each kind of user. Seeds rotate.

`FUZZ_SECONDS`, `FUZZ_SEED`, `FUZZ_PHASES` make a longer or a repeated run.
"""

import asyncio
import os
import re
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text as sql

from app.config import ROOT, Settings
from app.db.session import SERVES, Database
from app.identity.permissions import Role
from app.identity.states import PartyKind, ReviewStatus
from tests.factories.identity import make_member
from tests.fuzz import enterprise, exchange, newcomer, university
from tests.fuzz.document import write
from tests.fuzz.world import Examples, Maker, Own, own, settle
from tests.processes import Server, serve

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(900)]

SECONDS_EACH = 11


@dataclass(frozen=True)
class Cast:
    """One kind of user."""

    name: str
    kind: PartyKind
    roles: tuple[Role, ...]
    examples: Maker | None = None
    status: ReviewStatus = ReviewStatus.APPROVED


CASTS = (
    Cast(
        "university",
        PartyKind.UNIVERSITY,
        (Role.TTO_OFFICER, Role.RESEARCHER, Role.ORG_LEADER),
        university.examples,
    ),
    Cast(
        "enterprise",
        PartyKind.PRIVATE_ENTERPRISE,
        (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN),
        enterprise.examples,
    ),
    Cast("exchange", PartyKind.EXCHANGE, (Role.OPERATOR, Role.FINANCE), exchange.examples),
    Cast(
        "newcomer",
        PartyKind.PRIVATE_ENTERPRISE,
        (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN),
        newcomer.examples,
        ReviewStatus.REFUSED,
    ),
)
# Whoever may do little: one of them in each run, which one the seed says.
LESSER = (
    Cast("visitor", PartyKind.PRIVATE_ENTERPRISE, ()),
    Cast("clerk", PartyKind.EXCHANGE, (Role.CLERK,)),
    Cast("supervisor", PartyKind.EXCHANGE, (Role.SUPERVISOR,)),
    Cast("auditor", PartyKind.EXCHANGE, (Role.AUDITOR,)),
)


@dataclass(frozen=True)
class Prepared:
    """A cast in its market: key, document, configuration."""

    key: str | None
    own: Own
    document: Path
    config: Path
    examples: Examples


@pytest.fixture(scope="module")
def server(database_url: str, settings: Settings) -> Iterator[Server]:
    """The service as a process of its own, so that a fault in it cannot hide in ours."""
    cheap = {
        "ARGON2_MEMORY_KIB": "64",
        "ARGON2_PASSES": "1",
        "SIGN_INS_PER_ADDRESS": "1000000",
        "REGISTRATIONS_PER_ADDRESS": "1000000",
        "FILE_DIRECTORY": str(settings.file_directory),
    }
    with serve(database_url, settings=cheap) as started:
        yield started


@pytest.fixture
async def client(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the server process."""
    async with httpx.AsyncClient(base_url=server.url) as made:
        yield made


async def _prepare(cast: Cast, client: httpx.AsyncClient, database: Database, directory: Path) -> Prepared:
    told = (await client.get("/openapi.json")).json()
    async with database.transaction() as session:
        await settle(session)
        # First the market, since it moves the clock; then whoever acts in it.
        member = await make_member(session, *cast.roles, kind=cast.kind, status=cast.status)
        # What prepares the market stands in for the server, whose own heartbeats do not wait for it.
        session.info[SERVES] = True
        examples = await cast.examples(session, member) if cast.examples else {}
        mine = await own(session, member)
    key = member.key if cast.roles else None
    document, config = write(directory, told, examples, key)
    return Prepared(key, mine, document, config, examples)


async def _succeeded(client: httpx.AsyncClient) -> dict[tuple[str, str], int]:
    """How often each operation has succeeded, by method and path, from the server's own figures."""
    text = (await client.get("/metrics")).text
    found: dict[tuple[str, str], int] = {}
    for method, route, count in re.findall(
        r'^jishi_http_requests_total\{method="(\w+)",route="([^"]+)",status="2\d\d"\} ([\d.e+]+)', text, re.M
    ):
        found[method.lower(), route] = found.get((method.lower(), route), 0) + int(float(count))
    return found


def _command(cast: Prepared, server: Server, seed: int) -> list[str]:
    return [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file",
        str(cast.config),
        "run",
        str(cast.document),
        "--url",
        server.url,
        "--header",
        f"Origin: {server.url}",
        "--max-time",
        os.environ.get("FUZZ_SECONDS", str(SECONDS_EACH)),
        "--phases",
        os.environ.get("FUZZ_PHASES", "examples,coverage,fuzzing"),
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


async def _fuzz(cast: Cast, server: Server, client: httpx.AsyncClient, database: Database, at: Path) -> None:
    seed = int(os.environ.get("FUZZ_SEED", secrets.randbelow(2**31)))
    prepared = await _prepare(cast, client, database, at)
    before = await _succeeded(client)
    environment = {
        **os.environ,
        "FUZZ_OWN_IDS": f"{prepared.own.key_id},{prepared.own.membership_id}",
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "PYTHONPATH": str(ROOT),
    }
    done = await asyncio.to_thread(
        subprocess.run,
        _command(prepared, server, seed),
        cwd=at,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    after = await _succeeded(client)
    told = (await client.get("/openapi.json")).json()["paths"]
    names = {
        (method, path): op["operationId"] for path, found in told.items() for method, op in found.items()
    }
    fresh = {names[key] for key, count in after.items() if key in names and count > before.get(key, 0)}
    print(f"{cast.name}: seed {seed}, {len(fresh)} of {len(names)} operations succeeded", sorted(fresh))
    print(done.stdout[-3_000:])
    assert done.returncode == 0, f"{cast.name}, seed {seed}\n{done.stdout[-20_000:]}\n{done.stderr[-2_000:]}"
    # On a machine so busy that the time was up before the examples were through, that says nothing.
    if re.search("[✅❌] +Coverage", done.stdout):
        assert sorted(set(prepared.examples) - fresh) == [], f"{cast.name}, seed {seed}: never succeeded"
    assert (await client.get("/readyz")).status_code == 200
    async with database.transaction() as session:
        assert (await session.execute(sql("SELECT count(*) FROM market_clock"))).scalar_one() == 1


@pytest.mark.parametrize("cast", CASTS, ids=lambda cast: cast.name)
async def test_no_request_finds_a_fault_or_an_undocumented_answer(
    cast: Cast, server: Server, client: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    await _fuzz(cast, server, client, database, tmp_path)


async def test_nor_does_a_visitor_a_clerk_or_an_overseer(
    server: Server, client: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    wanted = os.environ.get("FUZZ_CAST")
    cast = next((lesser for lesser in LESSER if lesser.name == wanted), secrets.choice(LESSER))
    await _fuzz(cast, server, client, database, tmp_path)
