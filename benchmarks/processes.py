"""The processes of a run: the service, the load, `pgbench`; each on the machine's same cores, told in the results."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from app.config import ROOT
from app.embedded.binaries import find_binaries
from app.embedded.ports import free_port
from benchmarks.load import Figures, Plan

READY_SECONDS = 60


@contextlib.contextmanager
def working(database_url: str, redis_url: str) -> Iterator[None]:
    """A worker."""
    environment = {**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url, "LOG_LEVEL": "warning"}
    process = subprocess.Popen([sys.executable, "-m", "app", "worker"], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        _end(process)


@contextlib.contextmanager
def serving(kind: str, database_url: str, redis_url: str | None) -> Iterator[int]:
    """The service on a port of its own; `kind` as of `benchmarks.server`."""
    with _listening(["benchmarks.server", "PORT", kind], database_url, redis_url) as port:
        yield port


@contextlib.contextmanager
def library(database_url: str, redis_url: str | None) -> Iterator[int]:
    """The service with the library's streams."""
    with _listening(["benchmarks.library", "PORT"], database_url, redis_url) as port:
        yield port


@contextlib.contextmanager
def _listening(module: list[str], database_url: str, redis_url: str | None) -> Iterator[int]:
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": database_url, "LOG_LEVEL": "warning"}
    environment.pop("REDIS_URL", None)
    if redis_url is not None:
        environment["REDIS_URL"] = redis_url
    command = [sys.executable, "-m", *(str(port) if word == "PORT" else word for word in module)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _await(port, process)
        yield port
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the service did not become ready")


def load(plan: Plan) -> Figures:
    """Play a plan in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        cwd=ROOT,
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        check=True,
        timeout=plan.seconds + 60,
    )
    return Figures(**json.loads(done.stdout))


def pgbench(database_url: str, script: str, *, clients: int, seconds: float) -> float:
    """Transactions a second of a script."""
    parts = urlsplit(database_url)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bid.sql"
        file.write_text(script)
        command = [find_binaries().postgres("pgbench"), "--no-vacuum", "--protocol=prepared"]
        command += [f"--client={clients}", "--jobs=2", f"--time={max(1, round(seconds))}", f"--file={file}"]
        command += ["-h", str(parts.hostname), "-p", str(parts.port), "-U", str(parts.username)]
        done = subprocess.run(
            [*command, parts.path.lstrip("/")],
            env={**os.environ, "PGPASSWORD": parts.password or ""},
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
    return float(found[1])
