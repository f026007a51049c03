"""`up`: the whole service on one machine, with embedded servers unless the environment names real ones."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from app.cli.parent import Parent
from app.cli.services import Service
from app.cli.steps import Steps
from app.config import ROOT
from app.demo import DAYS_BACK
from app.embedded import EmbeddedServers, ServersFault, state_directory
from app.embedded.ports import require_free

DATABASE = "jishi"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
READY_SECONDS = 120.0


class StopAsked(BaseException):
    """Somebody wants us to stop; not an Exception, so that nothing on the way swallows it."""


def command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="网站端口 · port of the site")] = 8000,
    with_demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="首次载入演示数据 · load the demonstration once")
    ] = True,
    state_dir: Annotated[
        Path | None, typer.Option(help="数据目录 · where embedded servers keep their data")
    ] = None,
    end_with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """启动全部：数据库、接口、网页、后台任务 · start everything: database, API, pages, worker. Ctrl-C 停止 stops it."""
    _listen_for_stop()
    parent = Parent() if end_with_parent else None
    up = Up(port, state_dir or state_directory(ROOT), with_demo=with_demo)
    try:
        up.start()
        up.watch(parent)
    except StopAsked:
        print("正在停止 · stopping", flush=True)
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # asked already: nothing may cut the stopping short
        up.stop()
    print("已停止 · stopped", flush=True)


def _listen_for_stop() -> None:
    """Handlers of our own: a parent may have SIGINT ignored, and Python would then leave it so."""

    def ask(_number: int, _frame: FrameType | None) -> NoReturn:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise StopAsked

    for number in STOP_SIGNALS:
        signal.signal(number, ask)


class Up:
    """What `up` started, in the order in which it is stopped backwards."""

    def __init__(self, port: int, state: Path, *, with_demo: bool) -> None:
        self._port = port
        self._with_demo = with_demo
        self._state = state.resolve()
        self._servers: EmbeddedServers | None = None
        self._services: list[Service] = []
        self._environment: dict[str, str] = {}
        self._demonstration = ""

    @property
    def address(self) -> str:
        """Where browsers reach the site."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start everything, step by step, and print where it is."""
        steps = Steps()
        print("技市 Jishi", flush=True)
        require_free(self._port, "website")
        self._start_servers(steps)
        self._environment.setdefault("PUBLIC_URL", os.environ.get("PUBLIC_URL", self.address))
        with steps.step("数据表", "migrate"):
            # Counts for a new database only: its history is played in the past, up to the present.
            back = DAYS_BACK if self._with_demo else 0
            self._service("migrate", "migrate", "--sandbox", f"--days-back={back}").finish(
                "数据表升级", "migrating"
            )
        if self._with_demo:
            with steps.step("演示数据", "demonstration"):
                self._demonstration = self._service("demo", "demo").finish(
                    "载入演示数据", "loading the demonstration"
                )
        api = self._service("api", "serve", "--port", str(self._port))
        worker = self._service("worker", "worker")
        with steps.step("接口与网页", "API and pages"):
            worker.start()  # beside the API: both mostly wait while they load
            api.start()
            self._services += [api, worker]
            api.await_ready(self._port, "/readyz", READY_SECONDS)
        with steps.step("后台任务", "worker"):
            if worker.restart_if_dead():
                raise ServersFault(
                    f"后台任务已退出(详见 {worker.log})", f"the worker has ended (see {worker.log})"
                )
        if self._with_demo:
            keeper = self._service("keeper", "demo", "--keep", "--address", self.address)
            keeper.start()
            self._services.insert(0, keeper)
        print(f"  {steps.seconds:6.1f} s  就绪 · ready\n", flush=True)
        self._tell()

    def _start_servers(self, steps: Steps) -> None:
        """Embedded servers for whatever the environment does not name."""
        servers = EmbeddedServers(self._state)
        self._servers = servers
        if "SECRET_KEY" not in os.environ:
            self._environment["SECRET_KEY"] = servers.secret_key()
        if "DATABASE_URL" not in os.environ:
            with steps.step("数据库 PostgreSQL", "database"):
                servers.start_postgres()
                servers.ensure_database(DATABASE)
            self._environment["DATABASE_URL"] = servers.database_url(DATABASE)
        if "REDIS_URL" not in os.environ:
            with steps.step("缓存 Valkey", "redis"):
                servers.start_redis()
            self._environment["REDIS_URL"] = servers.redis_url

    def _service(self, name: str, *arguments: str) -> Service:
        return Service(name, arguments, self._environment, self._state / "logs" / f"{name}.log")

    def _tell(self) -> None:
        """Addresses and logins."""
        print(f"  网站 site     {self.address}/")
        print(f"  接口 API      {self.address}/openapi.json")
        print(f"  日志 logs     {self._state / 'logs'}")
        print("  停止 stop     Ctrl-C    清空 empty: make reset\n")
        print(self._demonstration.rstrip(), flush=True)

    def watch(self, parent: Parent | None) -> None:
        """Start again what dies, until asked to stop."""
        while True:
            time.sleep(0.5)
            if parent is not None and parent.was_interrupted():
                raise StopAsked
            revived = self._servers.revive() if self._servers else []
            revived += [service.name for service in self._services if service.restart_if_dead()]
            for name in revived:
                print(
                    f"  {name} 意外退出，已重新启动 · had ended and was started again",
                    file=sys.stderr,
                    flush=True,
                )

    def stop(self) -> None:
        """Stop everything that was started: what uses the servers first."""
        stops: list[Callable[[], None]] = [service.stop for service in self._services]
        if self._servers is not None:
            stops.append(self._servers.stop)
        for stop in stops:
            stop()
