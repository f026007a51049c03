"""The service's own processes under one supervisor: started, watched, started again a bounded number of times."""

import http.client
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.config import ROOT
from app.embedded import Child, ServersFault
from app.embedded.faults import PREFIX

RESTARTS_MAX = 5
RESTART_WINDOW_SECONDS = 60.0
LOG_BYTES_MAX = 8 * 1024 * 1024
STOP_SECONDS = 10.0


@dataclass
class Service:
    """One `python -m app ...` process with a log of its own."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str]
    log: Path
    child: Child | None = None
    restarts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it, appending to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.child = Child.start(
                self.name,
                [sys.executable, "-m", "app", *self.arguments],
                death_signal=signal.SIGKILL,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                output=output,
            )

    def stop(self) -> None:
        """Ask it to stop and wait for its end."""
        if self.child is not None:
            self.child.stop((signal.SIGTERM, STOP_SECONDS))
            self.child = None

    def finish(self, what_zh: str, what_en: str) -> str:
        """Start it, wait for its end and return what it printed; a failure is a fault with its last line."""
        begins_at = self.log.stat().st_size if self.log.exists() else 0
        self.start()
        child = self.child
        while child is not None and child.wait(0.5) is None:
            continue
        printed = self._printed(begins_at)
        if child is None or child.exit_code != 0:
            said = _last_line(printed)
            if said.startswith(PREFIX):  # it put its reason into one line already
                zh, _, en = said.removeprefix(PREFIX).partition(" / ")
                raise ServersFault(f"{what_zh}失败:{zh}", en)
            raise ServersFault(
                f"{what_zh}失败:{said}(详见 {self.log})",
                f"{what_en} failed: {said} (see {self.log})",
            )
        return printed

    def await_ready(self, port: int, path: str, seconds: float) -> None:
        """Wait until its address answers 200."""
        begins_at = self.log.stat().st_size if self.log.exists() else 0
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.child is None or self.child.exit_code is not None:
                break
            if _answers(port, path):
                return
            time.sleep(0.1)
        last = _last_line(self._printed(max(0, begins_at - 4_000)))
        raise ServersFault(
            f"{self.name} 未能就绪:{last}(详见 {self.log})",
            f"{self.name} is not ready: {last} (see {self.log})",
        )

    def restart_if_dead(self) -> bool:
        """Start it again if it has died; a fault if that happens too often."""
        if self.child is None or self.child.exit_code is None:
            return False
        now = time.monotonic()
        self.restarts = [at for at in self.restarts if now - at < RESTART_WINDOW_SECONDS] + [now]
        if len(self.restarts) > RESTARTS_MAX:
            last = _last_line(self._printed(0))
            raise ServersFault(
                f"{self.name} 一分钟内多次退出:{last}(详见 {self.log})",
                f"{self.name} keeps ending: {last} (see {self.log})",
            )
        self.start()
        return True

    def _printed(self, begins_at: int) -> str:
        try:
            with self.log.open("rb") as log:
                log.seek(begins_at)
                return log.read().decode("utf-8", "replace")
        except OSError:
            return ""


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "?"


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
