"""Embedded servers: they start, keep what they were given, heal what was left behind, and leave nothing."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.embedded import EmbeddedServers, ServersFault, state_directory
from app.embedded.places import ROOT_HOME, DirectoryLock, is_root, require_space, scratch_directory
from tests.embedded.processes import alive, descendants, wait_gone

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that the servers' user can reach; pytest's own is closed to others."""
    directory = scratch_directory()
    lock = DirectoryLock(directory)
    yield directory / "state"
    assert lock.take()
    subprocess.run(["rm", "-rf", directory], check=True)
    lock.release()


def names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


async def fetch(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_both_servers_answer_and_stopping_leaves_no_process_and_no_file() -> None:
    servers = EmbeddedServers.scratch()
    servers.start()
    try:
        assert await fetch(servers.database_url(), "SELECT lower('ÄÉ技')") == "äé技"
        assert await fetch(servers.database_url(), "SHOW server_encoding") == "UTF8"
        assert await fetch(servers.database_url(), "SHOW data_checksums") == "on"
        assert await fetch(servers.database_url(), "SHOW TimeZone") == "UTC"
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.ping() is True
        below = descendants(os.getpid())
        pids = {servers.postgres.child.pid, servers.valkey.child.pid}  # type: ignore[union-attr]  # they run
        assert pids <= below
    finally:
        servers.stop()
    assert alive(pids) == set()
    assert not servers.state_dir.exists()


async def test_a_password_is_needed() -> None:
    with EmbeddedServers.scratch() as servers:
        wrong = servers.database_url().replace(servers.postgres.password, "wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await fetch(wrong, "SELECT 1")
        with (
            redis.Redis(port=servers.valkey.port, retry=Retry(NoBackoff(), 0)) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()


async def test_a_second_start_keeps_the_data_and_the_ports_and_reset_empties_it(home: Path) -> None:
    servers = EmbeddedServers(home)
    servers.start()
    assert servers.ensure_database("kept") is True
    assert servers.ensure_database("kept") is False
    await fetch(servers.database_url("kept"), "CREATE TABLE t AS SELECT 42 AS n")
    url = servers.database_url("kept")
    servers.stop()

    again = EmbeddedServers(home)
    again.start()
    assert again.database_url("kept") == url
    assert await fetch(url, "SELECT n FROM t") == 42
    again.stop()

    EmbeddedServers(home).reset()
    assert names(home) == ["lock"]


async def test_a_server_that_died_is_started_again_on_its_port_with_its_data(home: Path) -> None:
    with EmbeddedServers(home) as servers:
        url = servers.database_url()
        await fetch(url, "CREATE TABLE t AS SELECT 7 AS n")
        assert servers.revive() == []
        for child in (servers.postgres.child, servers.valkey.child):
            assert child is not None
            child.send(signal.SIGKILL)
            child.wait(5)
        assert servers.revive() == ["PostgreSQL", "Valkey"]
        assert await fetch(url, "SELECT n FROM t") == 7
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.ping() is True


async def test_a_stale_pid_file_that_names_a_living_stranger_is_healed(home: Path) -> None:
    servers = EmbeddedServers(home)
    servers.start_postgres()
    data = servers.postgres.data
    servers.stop()
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n127.0.0.1\n0 0\nready\n")
    servers.start_postgres()
    assert await fetch(servers.database_url(), "SELECT 1") == 1
    servers.stop()


async def test_a_cluster_whose_making_was_cut_short_is_made_again(home: Path) -> None:
    (home / "postgres" / "making" / "base").mkdir(parents=True)
    (home / "postgres" / "data").mkdir()
    with EmbeddedServers(home) as servers:
        assert await fetch(servers.database_url(), "SELECT 1") == 1


@pytest.mark.parametrize("which", ["pg_port", "redis_port"])
def test_a_port_in_use_is_one_line_that_names_it(home: Path, which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        servers = EmbeddedServers(home, **{which: port})
        with pytest.raises(ServersFault) as caught:
            servers.start()
    assert str(port) in caught.value.zh
    assert f"port {port} " in caught.value.en
    assert "\n" not in str(caught.value)
    assert DirectoryLock(home).take()  # it let go


def test_a_full_disk_is_one_line_that_says_how_much_is_needed() -> None:
    with pytest.raises(ServersFault, match=r"磁盘空间不足.*1099511627776 MB.*disk full") as caught:
        require_space(Path(tempfile.gettempdir()), bytes_min=1 << 60)
    assert "\n" not in str(caught.value)


def test_a_second_supervisor_is_told_who_the_first_is(home: Path) -> None:
    first = EmbeddedServers(home)
    first.start_redis()
    with pytest.raises(ServersFault, match=f"process {os.getpid()}"):
        EmbeddedServers(home).start()
    with pytest.raises(ServersFault, match=f"process {os.getpid()}"):
        EmbeddedServers(home).reset()
    with redis.Redis.from_url(first.redis_url) as client:
        assert client.ping() is True
    first.stop()


def test_data_of_another_version_are_refused_in_one_line_and_kept(home: Path) -> None:
    servers = EmbeddedServers(home)
    servers.start_postgres()
    data = servers.postgres.data
    servers.stop()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServersFault, match="another version") as caught:
        EmbeddedServers(home).start()
    assert "\n" not in str(caught.value)
    assert (data / "base").is_dir()


@pytest.mark.skipif(sys.platform != "linux", reason="the tie to the parent is Linux's")
def test_a_supervisor_killed_outright_takes_its_servers_with_it_and_the_next_one_starts(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from app.embedded import EmbeddedServers;"
        "s = EmbeddedServers(Path(sys.argv[1])); s.start(); print('up', flush=True); time.sleep(60)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", program, str(home)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == b"up\n"
    below = descendants(supervisor.pid)
    assert len(below) >= 2
    supervisor.kill()
    supervisor.wait()
    with EmbeddedServers(home) as servers:  # at once: it waits for those that are still ending
        assert servers.postgres.child is not None
        assert wait_gone(below, 10) == set()


@pytest.mark.skipif(not is_root(), reason="only root gives rights up")
def test_as_root_the_servers_run_as_somebody_without_rights_wherever_the_checkout_lies() -> None:
    with EmbeddedServers.scratch() as servers:
        assert ROOT_HOME in servers.state_dir.parents
        for child in (servers.postgres.child, servers.valkey.child):
            assert child is not None
            status = Path(f"/proc/{child.pid}/status").read_text()
            uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
            assert "0" not in uids
            assert ROOT_HOME in Path(f"/proc/{child.pid}/exe").readlink().parents


def test_a_checkout_always_gets_the_same_place_and_a_new_clone_another(tmp_path: Path) -> None:
    first = state_directory(tmp_path)
    assert state_directory(tmp_path) == first
    if is_root():
        (tmp_path / ".jishi" / "id").unlink()
        assert state_directory(tmp_path) != first
    else:
        assert tmp_path in first.parents


def test_what_killed_runs_left_behind_is_removed_but_nothing_that_is_in_use() -> None:
    left, used, young = scratch_directory(), scratch_directory(), scratch_directory()
    lock = DirectoryLock(used)
    assert lock.take()
    old = time.time() - 3_600
    os.utime(left, (old, old))
    os.utime(used, (old, old))
    new = scratch_directory()
    assert not left.exists()
    assert used.exists()
    assert young.exists()
    lock.release()
    for directory in (used, young, new):
        subprocess.run(["rm", "-rf", directory], check=True)
