"""A crowd that watches one stream: many sockets read by one thread, each watcher's ids written down as they come."""

import contextlib
import re
import select
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_ID = re.compile(rb"(?:^|\n)id: (\d+)\n")
OPEN_AT_ONCE = 50


@dataclass
class Watcher:
    """One of them. ids: what he heard, in order; rest: what has come of an event that is not whole yet."""

    socket: socket.socket
    ids: list[int] = field(default_factory=list)
    rest: bytes = b""
    ended: bool = False

    def read(self) -> None:
        """Read what is there."""
        try:
            piece = self.socket.recv(262_144)
        except BlockingIOError:
            return
        except ConnectionError:
            piece = b""
        self.ended = not piece
        whole, mark, self.rest = (self.rest + piece).rpartition(b"\n\n")
        self.ids += [int(found) for found in _ID.findall(whole + mark)]


def open_stream(
    url: str, *, headers: Mapping[str, str] | None = None, receive_bytes: int | None = None
) -> socket.socket:
    """A connection on which a stream was asked for. receive_bytes: what its system may keep for it unread."""
    parts = urlsplit(url)
    assert parts.hostname is not None and parts.port is not None
    made = socket.socket()
    if receive_bytes is not None:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    made.settimeout(20)
    made.connect((parts.hostname, parts.port))
    lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    made.sendall("\r\n".join([*lines, "", ""]).encode())
    return made


class Crowd:
    """Watchers of one stream. What they hear is read by a thread until they leave."""

    def __init__(self, url: str, *, after: int) -> None:
        self._url, self._headers = url, {"Last-Event-ID": str(after)}
        self._poll = select.epoll()
        self._leaving = threading.Event()
        self.watchers: dict[int, Watcher] = {}

    def open(self, count: int) -> None:
        """So many watchers, each of whom has heard something (a heartbeat, at first)."""
        silent: set[int] = set()
        while len(self.watchers) < count or silent:
            while len(self.watchers) < count and len(silent) < OPEN_AT_ONCE:
                made = open_stream(self._url, headers=self._headers)
                made.setblocking(False)
                self.watchers[made.fileno()] = Watcher(made)
                silent.add(made.fileno())
                self._poll.register(made.fileno(), select.EPOLLIN)
            silent -= self._read(1.0)

    def heard(self, last: int) -> bool:
        """Whether everybody has heard the event with this id, or his stream has ended."""
        return all(one.ended or (one.ids and one.ids[-1] >= last) for one in self.watchers.values())

    def wait_for(self, last: int, seconds: float) -> None:
        """Wait until everybody has heard it, for so long at most."""
        until = time.monotonic() + seconds
        while not self.heard(last) and time.monotonic() < until:
            time.sleep(0.05)

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Read for a while."""
        thread = threading.Thread(target=self._read_on)
        thread.start()
        try:
            yield
        finally:
            self._leaving.set()
            thread.join(10)
            for one in self.watchers.values():
                one.socket.close()
            self._poll.close()

    def _read_on(self) -> None:
        while not self._leaving.is_set():
            self._read(0.1)

    def _read(self, seconds: float) -> set[int]:
        come = {number for number, _ in self._poll.poll(seconds, 256)}
        for number in come:
            one = self.watchers[number]
            one.read()
            if one.ended:
                self._poll.unregister(number)
        return come
