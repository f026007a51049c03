"""A line that can be cut: TCP from a browser to the server, written down, broken and mended by the test.

The browser's own tools for being offline leave an open stream untouched; a proxy does not.
"""

import asyncio
import contextlib
from types import TracebackType

CHUNK = 65_536


class Proxy:
    """Listens on a port of its own and passes bytes on. Use it as a context."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._cut = False
        self._losing: bytes | None = None
        self.answered = bytearray()
        """All that the server said."""
        self.asked = bytearray()
        """All that the browser said."""
        self.lost = asyncio.Event()
        """An answer was lost."""

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()

    @property
    def url(self) -> str:
        """Where the browser finds the server."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Break every connection and take no new one."""
        self._cut = True
        for writer in [*self._open]:
            writer.transport.abort()

    def mend(self) -> None:
        """Take connections again."""
        self._cut = False

    def lose_answer(self, to: bytes) -> None:
        """The next request that begins so reaches the server; its answer never arrives, and the line is cut with it."""
        self._losing = to

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        try:
            answers, questions = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        line = _Line(self, writer, questions)
        self._open |= {writer, questions}
        try:
            await asyncio.gather(line.ask(reader), line.answer(answers))
        finally:
            self._open -= {writer, questions}

    def loses(self, chunk: bytes) -> bool:
        """Whether the answer to what begins here is to be lost; once."""
        if self._losing is None or not chunk.startswith(self._losing):
            return False
        self._losing = None
        return True


class _Line:
    """One connection."""

    def __init__(self, proxy: Proxy, browser: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy, self._browser, self._server = proxy, browser, server
        self._lossy = False

    async def ask(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                self._proxy.asked += chunk
                self._lossy = self._lossy or self._proxy.loses(chunk)
                self._server.write(chunk)
                await self._server.drain()
        self._server.close()

    async def answer(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if self._lossy:
                    self._proxy.cut()
                    self._proxy.lost.set()
                    break
                self._proxy.answered += chunk
                self._browser.write(chunk)
                await self._browser.drain()
        self._browser.close()
