"""The line to one watcher: bytes go out without waiting, into a buffer that has an end."""

import asyncio
import socket
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from app.http.connections import Lent, lent_of

LIFETIME_SECONDS: Final = 3_600.0
BUFFER_BYTES: Final = 256 * 1_024
"""What a client may leave unread besides what its connection holds; then it is not told with the others any more."""
SLOW_SECONDS: Final = 5.0
"""How long a client may take to make room for the next part of what it has missed; then it is cut."""
SEND_BYTES: Final = 128 * 1_024
"""What the system may hold for a connection that was not acknowledged yet; it takes twice that with its own accounts."""

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes for everybody: as they are, and as a chunk of an HTTP/1.1 body."""

    plain: bytes
    chunk: bytes

    @classmethod
    def of(cls, body: bytes) -> "Piece":
        """Frame bytes once. They are not empty: an empty chunk would end the body."""
        return cls(body, b"%x\r\n%b\r\n" % (len(body), body))


class Line(ABC):
    """One open stream. place: up to where its watcher is told, while he is not told with all others; over: done once it
    ends, however it does.
    """

    def __init__(self, place: int) -> None:
        self.place = place
        self.ends_at = monotonic() + LIFETIME_SECONDS
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_cut = False

    @abstractmethod
    def write(self, piece: Piece) -> bool:
        """Write to the client; False where its buffer is full, and nothing was written: it has fallen behind.

        On a line that is over, nothing happens.
        """

    @abstractmethod
    async def carry(self, send: Send) -> None:
        """Send what is written, where it does not go by itself, until the line has fallen behind. Raises `TimeoutError`."""

    def end(self) -> None:
        """End in good order: whoever serves the line sends the end of the body."""
        if not self.over.done():
            self.over.set_result(None)

    def cut(self) -> None:
        """End at once; what was not sent is lost to this line, and the client resumes by its last id."""
        self.is_cut = True
        self.end()


class Wire(Line):
    """A line on a connection that the server lends: bytes go straight to its transport."""

    def __init__(self, place: int, lent: Lent) -> None:
        super().__init__(place)
        self._transport = lent.transport
        self._fell = asyncio.Event()

    def write(self, piece: Piece) -> bool:
        """Hand the chunk to the transport."""
        transport = self._transport
        if self.over.done() or transport.is_closing():
            return True
        if transport.get_write_buffer_size() > BUFFER_BYTES:
            self._fell.set()
            return False
        transport.write(piece.chunk)
        return True

    async def carry(self, send: Send) -> None:
        """The transport does it."""
        await self._fell.wait()
        self._fell.clear()

    def cut(self) -> None:
        """Drop the connection with what waits in its buffer."""
        super().cut()
        self._transport.abort()


class Relay(Line):
    """A line through ASGI, under a server that lends nothing: its own task sends what was written."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self._waiting: list[bytes] = []
        self._size = 0
        self._news = asyncio.Event()
        self._fell = False

    def write(self, piece: Piece) -> bool:
        """Leave the bytes for the line's task."""
        if self.over.done():
            return True
        self._news.set()
        if self._size > BUFFER_BYTES:
            self._fell = True
            return False
        self._size += len(piece.plain)
        self._waiting.append(piece.plain)
        return True

    async def carry(self, send: Send) -> None:
        """Send what was written, joined."""
        while not self._fell or self._waiting:
            await self._news.wait()
            self._news.clear()
            body = b"".join(self._waiting)
            self._waiting.clear()
            if body:
                await send_part(send, body)
            # Only now: what the server has not taken yet counts.
            self._size -= len(body)
        self._fell = False


async def send_part(send: Send, body: bytes, *, more: bool = True) -> None:
    """Send a part of the body through ASGI, which waits for a client who is slow. Raises `TimeoutError`."""
    async with asyncio.timeout(SLOW_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": more})


def line_of(scope: MutableMapping[str, Any], place: int) -> Line:
    """The line to the client of a request."""
    lent = lent_of(scope)
    if lent is None:
        return Relay(place)
    # What the system would let grow to megabytes for each of thousands of slow clients.
    connected = lent.transport.get_extra_info("socket")
    if connected is not None:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
    line = Wire(place, lent)
    lent.at_shutdown = line.end
    return line
