"""PostgreSQL and Valkey together, as one thing that is started, watched, stopped and emptied."""

import json
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.embedded.binaries import find_binaries
from app.embedded.faults import ServersFault
from app.embedded.places import (
    ROOT_HOME,
    DirectoryLock,
    is_root,
    lesser_rights,
    make_directory,
    require_reachable,
    require_space,
    scratch_directory,
)
from app.embedded.ports import LOOPBACK, free_port, is_free, require_free
from app.embedded.postgres import USER, Postgres
from app.embedded.valkey import Valkey

PORT_ATTEMPTS = 5
REVIVALS_MAX = 5
REVIVAL_WINDOW_SECONDS = 60.0


class EmbeddedServers:
    """The servers of one directory. `ServersFault` is raised, as one line, for whatever stops them from running.

    `pg_port` and `redis_port` are taken as given; left out, those of the last run are used if free, else free ones.
    `durable=False` is for tests: nothing is flushed to the disk, and stopping does not tidy up.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        pg_port: int | None = None,
        redis_port: int | None = None,
        durable: bool = True,
    ) -> None:
        self.state_dir = state_dir
        self._asked_ports = {"postgres": pg_port, "redis": redis_port}
        self._durable = durable
        self._scratch = False
        self._revivals: list[float] = []
        self._lock: DirectoryLock | None = None
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None

    @classmethod
    def scratch(cls) -> Self:
        """Throw-away servers in a temporary directory that `stop()` removes."""
        servers = cls(scratch_directory(), durable=False)
        servers._scratch = True
        return servers

    def start(self) -> None:
        """Start both; on a fault whatever had started is stopped again."""
        try:
            self.start_postgres()
            self.start_redis()
        except BaseException:
            self.stop()
            raise

    def start_postgres(self) -> None:
        """Start PostgreSQL (the first time: 2 to 6 s, it makes its cluster)."""
        self._claim()
        postgres = Postgres(
            find_binaries(), self.state_dir, lesser_rights(), self._remember("password"), self._durable
        )
        self._start_on_port("postgres", postgres.start)
        self._postgres = postgres

    def start_redis(self) -> None:
        """Start Valkey."""
        self._claim()
        valkey = Valkey(find_binaries(), self.state_dir, lesser_rights(), self._remember("password"))
        self._start_on_port("redis", valkey.start)
        self._valkey = valkey

    def stop(self) -> None:
        """Stop what runs and let the directory go; scratch servers also remove it."""
        if self._valkey is not None:
            self._valkey.stop()
            self._valkey = None
        if self._postgres is not None:
            self._postgres.stop()
            self._postgres = None
        if self._lock is not None:
            if self._scratch:
                shutil.rmtree(self.state_dir, ignore_errors=True)
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def database_url(self, name: str = "postgres") -> str:
        """The libpq URL of a database; the default is the maintenance database."""
        return self.postgres.url(name)

    def secret_key(self) -> str:
        """The key that seals identity numbers in this directory's database: made once, emptied with it."""
        self._claim()
        return self._remember("secret_key")

    def last_database_url(self, name: str) -> str | None:
        """Where the last run of this directory served a database, for commands beside a running `up`; None if never."""
        state = self._state()
        if "password" not in state or "postgres_port" not in state:
            return None
        return f"postgresql://{USER}:{state['password']}@{LOOPBACK}:{state['postgres_port']}/{name}"

    @property
    def redis_url(self) -> str:
        """Valkey's URL."""
        return self.valkey.url

    @property
    def postgres(self) -> Postgres:
        """The running cluster."""
        if self._postgres is None:
            raise ServersFault("PostgreSQL 尚未启动", "PostgreSQL has not been started")
        return self._postgres

    @property
    def valkey(self) -> Valkey:
        """The running Valkey."""
        if self._valkey is None:
            raise ServersFault("Valkey 尚未启动", "Valkey has not been started")
        return self._valkey

    def ensure_database(self, name: str) -> bool:
        """Make a database unless it exists; True if it was made."""
        return self.postgres.ensure_database(name)

    def revive(self) -> list[str]:
        """Start again, on the same port, what has died by itself; returns the names."""
        revived = []
        for server in (self._postgres, self._valkey):
            if server is not None and server.child is not None and server.child.exit_code is not None:
                self._count_revival(server.child.name)
                revived.append(server.child.name)
                server.start(server.port)
        return revived

    def _count_revival(self, name: str) -> None:
        now = time.monotonic()
        self._revivals = [at for at in self._revivals if now - at < REVIVAL_WINDOW_SECONDS] + [now]
        if len(self._revivals) > REVIVALS_MAX:
            raise ServersFault(
                f"{name} 一分钟内多次退出(详见 {self.state_dir} 中的日志)",
                f"{name} keeps ending (see the logs in {self.state_dir})",
            )

    def reset(self) -> None:
        """Remove all data of these servers, which must not be running."""
        if self._lock is None and not self.state_dir.exists():
            return
        self.stop()
        self._claim()
        try:
            for entry in self.state_dir.iterdir():
                if entry.name == "lock":
                    continue
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                else:
                    entry.unlink()
        except OSError as error:
            raise ServersFault(
                f"无法清空 {self.state_dir}:{error.strerror}",
                f"cannot empty {self.state_dir}: {error.strerror}",
            ) from None
        finally:
            self.stop()

    def _claim(self) -> None:
        """Make the directory and be its only supervisor."""
        if self._lock is not None:
            return
        if is_root():
            make_directory(ROOT_HOME, 0o755)
        make_directory(self.state_dir, 0o711)
        lock = DirectoryLock(self.state_dir)
        if not lock.take():
            raise ServersFault(
                f"技市已在运行(进程 {lock.holder()}),请先停止它",
                f"it is already running (process {lock.holder()}): stop that one first",
            )
        self._lock = lock
        require_reachable(self.state_dir)
        require_space(self.state_dir)

    def _start_on_port(self, name: str, start: Callable[[int], None]) -> None:
        """Start on the port asked for or, if none was, on the last one or any free one."""
        asked = self._asked_ports[name]
        if asked is not None:
            require_free(asked, name)
            start(asked)
            return
        last = self._state().get(f"{name}_port")
        port = int(last) if last and is_free(int(last)) else free_port()
        for attempt in range(PORT_ATTEMPTS):
            try:
                start(port)
                break
            except ServersFault:
                if attempt == PORT_ATTEMPTS - 1 or is_free(port):
                    raise  # it failed for another reason than its port
                port = free_port()
        self._save({**self._state(), f"{name}_port": str(port)})

    def _remember(self, name: str) -> str:
        """A random secret, made once per directory."""
        state = self._state()
        if name not in state:
            state[name] = secrets.token_hex(24)
            self._save(state)
        return state[name]

    def _state(self) -> dict[str, str]:
        try:
            kept: dict[str, str] = json.loads((self.state_dir / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept

    def _save(self, state: dict[str, str]) -> None:
        new = self.state_dir / "state.json.new"
        new.touch(mode=0o600)
        new.write_text(json.dumps(state), encoding="utf-8")
        new.replace(self.state_dir / "state.json")
