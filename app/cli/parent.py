"""The `make` that started us: its end is ours, and so is a Ctrl-C that only it was told of."""

import os
import signal
import sys
from pathlib import Path

from app.embedded.launch import tie_to_parent


class Parent:
    """Our parent process, watched (on Linux)."""

    def __init__(self) -> None:
        self._pid = os.getppid()
        tie_to_parent(signal.SIGTERM, self._pid)
        self._caught = self._catches_interrupt()

    def was_interrupted(self) -> bool:
        """Whether it was sent SIGINT by itself.

        GNU make catches SIGINT, then waits for its recipe, which it believes a terminal has told as well; at the
        first one it takes its handler away, and that is what shows.
        """
        return self._caught and not self._catches_interrupt()

    def _catches_interrupt(self) -> bool:
        if sys.platform != "linux":
            return False
        try:
            status = Path(f"/proc/{self._pid}/status").read_text(encoding="utf-8")
        except OSError:
            return False
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught.split()[1], 16) & 1 << (signal.SIGINT - 1))
