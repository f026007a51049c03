"""`python -m app up` as a process: it serves, keeps its data, and leaves nothing behind however it is ended."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded.places import DirectoryLock, scratch_directory
from app.embedded.ports import free_port, is_free
from tests.embedded.processes import alive, descendants, wait_gone

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60


class Running:
    """One `up`, started as somebody's shell would who has SIGINT ignored."""

    def __init__(self, state: Path, port: int) -> None:
        command = [sys.executable, "-m", "app", "up", "--no-demo", f"--port={port}", f"--state-dir={state}"]
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh", *command],
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.printed = ""

    def until_ready(self) -> set[int]:
        """Read until it says that it is ready; every process below it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            if "停止 stop" in line:
                return descendants(self.process.pid)
        raise AssertionError(self.printed)

    def end(self, number: signal.Signals | None = None) -> int:
        """Send a signal, if one is given, and wait for its end; its exit code."""
        if number is not None:
            self.process.send_signal(number)
        assert self.process.stdout is not None
        self.printed += self.process.stdout.read()
        return self.process.wait(30)


@pytest.fixture
def state() -> Iterator[Path]:
    directory = scratch_directory()
    lock = DirectoryLock(directory)
    assert lock.take()
    yield directory / "state"
    subprocess.run(["rm", "-rf", directory], check=True)
    lock.release()


def status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_up_serves_ends_clean_on_each_signal_and_heals_after_a_kill(state: Path) -> None:
    port = free_port()

    first = Running(state, port)
    below = first.until_ready()
    assert len(below) >= 4
    assert status(port, "/readyz") == 200
    assert re.search(r"\d+\.\d s  数据库 PostgreSQL · database\n", first.printed)
    assert re.search(r"\d+\.\d s  就绪 · ready\n", first.printed)
    assert first.end(signal.SIGINT) == 0
    assert alive(below) == set()
    assert is_free(port)

    second = Running(state, port)
    below = second.until_ready()
    second.process.kill()
    second.process.wait()
    assert wait_gone(below, 15) == set()

    third = Running(state, port)
    below = third.until_ready()
    assert status(port, "/readyz") == 200
    assert third.end(signal.SIGTERM) == 0
    assert alive(below) == set()
    assert "Traceback" not in first.printed + third.printed


def test_a_taken_port_is_one_line_and_exit_code_1(state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = Running(state, port)
        assert refused.end() == 1
    assert re.search(rf"错误 error: 端口 {port}.* / port {port} .*in use.*\n\Z", refused.printed)
    assert "Traceback" not in refused.printed
    assert not (state / "postgres").exists()


def test_it_stops_while_it_still_starts(state: Path) -> None:
    running = Running(state, free_port())
    assert running.process.stdout is not None
    running.printed = (
        running.process.stdout.readline()
    )  # its name: the handlers are there, the servers are not
    below = descendants(running.process.pid)
    assert running.end(signal.SIGTERM) == 0
    assert alive(below | descendants(running.process.pid)) == set()
    assert "Traceback" not in running.printed
