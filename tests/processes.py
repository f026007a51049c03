"""The service as real processes: started on own ports, ended by whoever started them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.config import ROOT
from app.embedded.ports import free_port

READY_SECONDS = 60
"""Long enough for a machine that others use as well: nothing is measured by it."""


@dataclass
class Server:
    """A serving process."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    database_url: str

    def kill(self) -> None:
        """kill -9: no handler runs, nothing is flushed."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def _environment(database_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", ""),
        "LOG_LEVEL": "warning",
    }


def start_process(
    *arguments: str, database_url: str, log: Path | None = None, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """`python -m app ...` against a database. settings: further variables of its environment."""
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(log.open("ab")) if log else None
        return subprocess.Popen(
            [sys.executable, "-m", "app", *arguments],
            cwd=ROOT,
            env=_environment(database_url) | dict(settings or {}),
            stdout=out,
            stderr=out,
        )


def start_server(
    database_url: str,
    *,
    port: int | None = None,
    log: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> Server:
    """`python -m app serve`, ready to answer."""
    port = port or free_port()
    process = start_process(
        "serve", "--port", str(port), database_url=database_url, log=log, settings=settings
    )
    server = Server(f"http://127.0.0.1:{port}", port, process, database_url)
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{server.url}/readyz", timeout=2).status_code == 200:
                return server
        time.sleep(0.05)
    ended = process.poll()
    process.kill()
    process.wait(10)
    how = f"did not become ready in {READY_SECONDS} s" if ended is None else f"ended with {ended} at once"
    raise RuntimeError(f"the server {how}")


@contextlib.contextmanager
def serve(
    database_url: str, *, log: Path | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """A server for a while."""
    server = start_server(database_url, log=log, settings=settings)
    try:
        yield server
    finally:
        end(server.process)


@contextlib.contextmanager
def working(database_url: str, *, log: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for a while."""
    process = start_process("worker", database_url=database_url, log=log)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, insist after a while."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
