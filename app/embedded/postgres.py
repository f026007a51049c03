"""One PostgreSQL cluster: made once, started, healed after a kill, stopped.

Listens on loopback TCP only, with a random password; no Unix socket, whose path could be too long.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from app.embedded.binaries import Binaries
from app.embedded.children import Child, Rights, wait_until_gone
from app.embedded.faults import ServersFault
from app.embedded.places import make_directory
from app.embedded.ports import LOOPBACK

USER = "jishi"
READY_SECONDS = 120.0
LOG_BYTES_MAX = 8 * 1024 * 1024

SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a statement may carry what a log must not
    "log_line_prefix": "'%m [%p] '",
    "log_checkpoints": "off",
    "scram_iterations": "1",  # the password is random: stretching it would only slow connections
}
# What a throw-away cluster of tests changes: speed for safety, and room for many pools.
SCRATCH_SETTINGS = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
# The text that PostgreSQL's log holds, and what we say for it.
REASONS = {
    b"No space left on device": ("磁盘已满，请清理后再试", "the disk is full: free some space and try again"),
    b"could not create any TCP/IP sockets": ("端口被占用", "its port is in use"),
    b"has wrong ownership": ("数据目录属于其他用户", "its data directory belongs to another user"),
    b"database files are incompatible": (
        "数据来自不兼容的 PostgreSQL 版本，请导出后运行 make reset",
        "its data were written by another version of PostgreSQL: dump them, then make reset",
    ),
}


@dataclass
class Postgres:
    """A cluster in `home/postgres`, with its log in `home/postgres.log`."""

    binaries: Binaries
    home: Path
    rights: Rights | None
    password: str
    durable: bool
    child: Child | None = None
    port: int = 0

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return self.home / "postgres" / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "postgres.log"

    def url(self, database: str) -> str:
        """The libpq URL of a database in this cluster."""
        return f"postgresql://{USER}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def start(self, port: int) -> None:
        """Make the cluster if there is none, heal what a killed run left, start, wait until it is ready."""
        make_directory(self.home / "postgres", 0o700, self.rights)
        self._end_orphans()
        if not (self.data / "PG_VERSION").is_file():
            self._make_cluster()
        self.port = port
        self._write(
            "postgresql.conf", "".join(f"{key} = {value}\n" for key, value in self._settings().items())
        )
        self._drop_foreign_pid_file()
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            began_at = output.tell()
            self.child = Child.start(
                "PostgreSQL",
                [self.binaries.postgres("postgres"), "-D", str(self.data)],
                death_signal=signal.SIGINT if self.durable else signal.SIGQUIT,
                cwd=self.home / "postgres",
                env=_environment(),
                rights=self.rights,
                output=output,
            )
        self._await_ready(self.child, began_at)

    def stop(self) -> None:
        """Stop it: in order where data count, at once where they do not."""
        if self.child is not None:
            if self.durable:
                self.child.stop((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))
            else:
                self.child.stop((signal.SIGQUIT, 5.0))
            wait_until_gone(self._orphans(), 5.0)
            self.child = None

    def ensure_database(self, name: str) -> bool:
        """Make a database (a plain lower-case name) unless it exists; True if it was made."""
        if name in self._query("SELECT datname FROM pg_database").splitlines():
            return False
        self._query(f'CREATE DATABASE "{name}"')
        return True

    def _query(self, sql: str) -> str:
        command = [self.binaries.postgres("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql]
        environment = {**_environment(), "PGPASSWORD": self.password}
        address = ["-h", LOOPBACK, "-p", str(self.port), "-U", USER, "-d", "postgres"]
        done = subprocess.run(
            [*command, *address], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            reason = done.stderr.strip().splitlines()[-1:] or ["?"]
            raise ServersFault(f"PostgreSQL 拒绝了请求:{reason[0]}", f"PostgreSQL refused: {reason[0]}")
        return done.stdout.strip()

    def _settings(self) -> dict[str, str]:
        return {**SETTINGS, **({} if self.durable else SCRATCH_SETTINGS), "port": str(self.port)}

    def _make_cluster(self) -> None:
        """initdb into a half-made name, then rename: a killed initdb is simply done again."""
        half = self.home / "postgres" / "making"
        shutil.rmtree(half, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        secret = self._write_secret()
        with tempfile.TemporaryFile() as output:
            program = [self.binaries.postgres("initdb"), "-D", str(half), "-U", USER, "--encoding=UTF8"]
            program += [
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
            ]
            program += ["--auth=scram-sha-256", f"--pwfile={secret}", "--set=scram_iterations=1"]
            child = Child.start(
                "initdb",
                program if self.durable else [*program, "--no-sync"],
                death_signal=signal.SIGTERM,
                cwd=self.home / "postgres",
                env=_environment(),
                rights=self.rights,
                output=output,
            )
            code = child.wait(READY_SECONDS)
            if code is None:
                child.stop()
            secret.unlink(missing_ok=True)
            output.seek(0)
            if code != 0:
                raise _fault("无法初始化 PostgreSQL", "PostgreSQL could not be initialised", output.read())
        half.rename(self.data)

    def _write_secret(self) -> Path:
        descriptor, name = tempfile.mkstemp(dir=self.home / "postgres", prefix="secret-")
        with os.fdopen(descriptor, "w") as file:
            file.write(self.password + "\n")
        self._give(Path(name))
        return Path(name)

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text, encoding="utf-8")
        self._give(path)

    def _give(self, path: Path) -> None:
        path.chmod(0o600)
        if self.rights is not None:
            os.chown(path, self.rights.uid, self.rights.gid)

    def _await_ready(self, child: Child, began_at: int) -> None:
        """Wait for the status line that the server writes into its own pid file."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if child.exit_code is not None:
                break
            try:
                lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready":
                return
            time.sleep(0.02)
        child.stop((signal.SIGQUIT, 5.0))
        self.child = None
        with self.log.open("rb") as log:
            log.seek(began_at)
            raise _fault("PostgreSQL 未能启动", "PostgreSQL did not start", log.read())

    def _orphans(self) -> set[int]:
        """Servers of an earlier run that still work in this data directory (seen on Linux only)."""
        found: set[int] = set()
        if sys.platform != "linux":
            return found
        data = os.path.realpath(self.data)
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if str((entry / "cwd").readlink()) == data:
                        found.add(int(entry.name))
                except OSError:
                    continue  # gone, or not ours to look at
        return found

    def _end_orphans(self) -> None:
        """A killed supervisor's server is already ending: wait for it, then insist."""
        left = wait_until_gone(self._orphans(), 10.0)
        for number in (signal.SIGQUIT, signal.SIGKILL):
            for pid in left & self._orphans():
                os.kill(pid, number)
            left = wait_until_gone(left, 5.0)

    def _drop_foreign_pid_file(self) -> None:
        """No server works here any more, so a pid in the file is stale, even if some other program has it now."""
        if sys.platform == "linux":
            (self.data / "postmaster.pid").unlink(missing_ok=True)


def _environment() -> dict[str, str]:
    """Our environment without libpq's own variables, which would send the programs elsewhere."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "LC_ALL": "C", "LANG": "C"}


def _fault(zh: str, en: str, log: bytes) -> ServersFault:
    """One line from the end of a log: a reason that we know, else the last thing that it complained of."""
    for text, (reason_zh, reason_en) in REASONS.items():
        if text in log:
            return ServersFault(f"{zh}:{reason_zh}", f"{en}: {reason_en}")
    lines = [line.strip() for line in log.decode("utf-8", "replace").splitlines() if line.strip()]
    complaints = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    last = (complaints or lines or ["?"])[-1]
    return ServersFault(f"{zh}:{last}", f"{en}: {last}")
