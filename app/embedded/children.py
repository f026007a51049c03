"""Child processes that never outlive their parent.

Owns: starting, stopping and watching one child. Refuses: knowing what the child is.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Rights:
    """The user that a child runs as; `None` in place of it means: as we do."""

    uid: int
    gid: int


class Child:
    """One running child, in a session of its own so that a terminal's Ctrl-C reaches only its parent."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self._process = process

    @classmethod
    def start(
        cls,
        name: str,
        program: Sequence[str],
        *,
        death_signal: signal.Signals,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        rights: Rights | None = None,
        stdin: bytes | None = None,
        output: IO[bytes] | None = None,
    ) -> "Child":
        """Start `program`. Call it from a thread that lives as long as the process: the kernel watches the thread."""
        uid, gid = (str(rights.uid), str(rights.gid)) if rights else ("-", "-")
        process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-S",
                str(LAUNCHER),
                str(int(death_signal)),
                str(os.getpid()),
                uid,
                gid,
                *program,
            ],
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            start_new_session=True,
        )
        if stdin is not None and process.stdin is not None:
            try:
                process.stdin.write(stdin)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it is gone already; whoever waits for it says why
        return cls(name, process)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> int | None:
        """Wait for its end; None if it still runs after `seconds`."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; a child that is gone is no error."""
        if self.exit_code is None:
            self._process.send_signal(number)

    def stop(self, *steps: tuple[signal.Signals, float]) -> None:
        """Send each signal in turn, waiting its seconds, until the child has ended; at last SIGKILL."""
        for number, seconds in (*steps, (signal.SIGKILL, 5.0)):
            self.send(number)
            if self.wait(seconds) is not None:
                return


def wait_until_gone(pids: set[int], seconds: float) -> set[int]:
    """Wait for processes that are not our children; returns those that are still there after `seconds`."""
    deadline = time.monotonic() + seconds
    while pids and time.monotonic() < deadline:
        pids = {pid for pid in pids if _alive(pid)}
        if pids:
            time.sleep(0.02)
    return pids


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
