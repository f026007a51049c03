"""Free ports on this machine's loopback."""

import errno
import secrets
import socket

from app.embedded.faults import ServersFault

LOOPBACK = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections, so that none of those gets in between.
LISTENING = range(20_000, 32_000)
ATTEMPTS = 50


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def free_port() -> int:
    """Some port that is free now. Whoever uses it must be ready to ask again."""
    for _ in range(ATTEMPTS):
        port = secrets.choice(LISTENING)
        if is_free(port):
            return port
    raise ServersFault("找不到空闲端口", "no free port was found")


def require_free(port: int, what: str, host: str = LOOPBACK) -> None:
    """Refuse in one line if somebody else listens on the port that was asked for."""
    if not is_free(port, host):
        raise ServersFault(
            f"端口 {port}（{what}）已被占用：请停止占用它的程序，或换一个端口",
            f"port {port} ({what}) is in use: stop the program that holds it, or choose another port",
        )
