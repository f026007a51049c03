"""One Valkey server (it speaks Redis): memory only, because nothing here may hold truth."""

import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from app.embedded.binaries import Binaries
from app.embedded.children import Child, Rights
from app.embedded.faults import ServersFault
from app.embedded.places import make_directory
from app.embedded.ports import LOOPBACK

READY_SECONDS = 10.0


@dataclass
class Valkey:
    """A server whose working directory is `home/valkey`, with its log in `home/valkey.log`."""

    binaries: Binaries
    home: Path
    rights: Rights | None
    password: str
    child: Child | None = None
    port: int = 0

    @property
    def url(self) -> str:
        """The server's URL."""
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def start(self, port: int) -> None:
        """Start it and wait until it answers."""
        directory = self.home / "valkey"
        make_directory(directory, 0o700, self.rights)
        self.port = port
        settings = [f"bind {LOOPBACK}", f"port {port}", "save ''", "appendonly no", "maxmemory 256mb"]
        settings += ["maxmemory-policy allkeys-lru", f"dir {directory}", f"requirepass {self.password}"]
        settings += ["loglevel warning", "daemonize no", "set-proc-title no"]
        with (self.home / "valkey.log").open("wb") as output:
            self.child = Child.start(
                "Valkey",
                [self.binaries.valkey, "-"],
                death_signal=signal.SIGKILL,
                cwd=directory,
                rights=self.rights,
                stdin="\n".join(settings).encode(),
                output=output,
            )
        self._await_ready(self.child)

    def stop(self) -> None:
        """Stop it."""
        if self.child is not None:
            self.child.stop((signal.SIGTERM, 3.0))
            self.child = None

    def _await_ready(self, child: Child) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and child.exit_code is None:
            if self._answers():
                return
            time.sleep(0.01)
        child.stop()
        self.child = None
        lines = (self.home / "valkey.log").read_text("utf-8", "replace").strip().splitlines()
        last = lines[-1] if lines else "?"
        raise ServersFault(f"Valkey 未能启动:{last}", f"Valkey did not start: {last}")

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), 0.5) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    received = connection.recv(256)
                    if not received:
                        return False
                    answer += received
                return answer == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False
