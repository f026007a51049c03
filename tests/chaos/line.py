"""A line that can be broken: TCP between a client and a server, cut, delayed, held or robbed of its answers.

Bytes pass untouched until a fault is set. Faults of a line last until `mend`.
"""

import asyncio
import contextlib
from types import TracebackType
from typing import Self

CHUNK = 65_536


class Line:
    """Listens on a port of its own and passes bytes on to `target`. Use it as a context."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut = False
        self._passing = asyncio.Event()
        self._passing.set()
        self._delay = 0.0
        self._robbed = 0
        self.lost = 0
        """How many answers have been lost on this line."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        """Where the client finds the server."""
        assert self._server is not None
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    def cut(self) -> None:
        """Break every connection and take no new one."""
        self._cut = True
        self._abort_all()

    def break_all(self) -> None:
        """Break every connection; new ones are taken at once."""
        self._abort_all()

    def hold(self) -> None:
        """Nothing arrives and nobody is told: a black hole."""
        self._passing.clear()

    def delay(self, seconds: float) -> None:
        """Every chunk arrives later."""
        self._delay = seconds

    def drop_replies(self, count: int) -> None:
        """The next answers of the server are lost, and their connections with them."""
        self._robbed = count

    def mend(self) -> None:
        """No faults any more. What was held is not delivered: those connections are broken."""
        if not self._passing.is_set():
            self._abort_all()
            self._passing.set()
        self._cut, self._delay, self._robbed = False, 0.0, 0

    def _abort_all(self) -> None:
        for writer in [*self._open]:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._passing.wait()
        if self._cut:
            writer.transport.abort()
            return
        answers, questions = await asyncio.open_connection("127.0.0.1", self.target)
        self._open |= {writer, questions}
        try:
            await asyncio.gather(self._pass(reader, questions), self._answer(answers, writer))
        finally:
            self._open -= {writer, questions}
            writer.transport.abort()
            questions.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await self._wait()
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                await self._wait()
                if self._robbed > 0:
                    self._robbed -= 1
                    self.lost += 1
                    writer.transport.abort()
                    return
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def _wait(self) -> None:
        if self._delay:
            await asyncio.sleep(self._delay)
        await self._passing.wait()
