"""The broken line does what it says: each of its faults, on a server that counts what it was asked."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.chaos.line import Line


class Counter:
    """Answers each line with its number."""

    def __init__(self) -> None:
        self.asked = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            self.asked += 1
            writer.write(b"%d\n" % self.asked)
        writer.close()


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    made = Counter()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


async def ask(line: Line, seconds: float = 2.0) -> bytes:
    """One question on a connection of its own; b"" where the connection broke before the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    try:
        writer.write(b"?\n")
        return await asyncio.wait_for(reader.readline(), seconds)
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def test_a_whole_line_passes_everything_on(counter: Counter) -> None:
    async with Line(counter.port) as line:
        assert [await ask(line) for _ in range(3)] == [b"1\n", b"2\n", b"3\n"]


async def test_a_cut_line_takes_nobody_until_it_is_mended(counter: Counter) -> None:
    async with Line(counter.port) as line:
        line.cut()
        assert await ask(line) == b""
        assert counter.asked == 0
        line.mend()
        assert await ask(line) == b"1\n"


async def test_an_answer_that_is_dropped_was_a_question_that_arrived(counter: Counter) -> None:
    async with Line(counter.port) as line:
        line.drop_replies(1)
        assert await ask(line) == b""
        assert (counter.asked, line.lost) == (1, 1)
        assert await ask(line) == b"2\n"


async def test_a_held_line_is_silent_and_then_breaks(counter: Counter) -> None:
    async with Line(counter.port) as line:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        line.hold()
        writer.write(b"?\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readline(), 0.2)
        assert counter.asked == 0
        line.mend()
        assert await reader.read() == b""
        writer.close()
        assert await ask(line) == b"1\n"


async def test_a_slow_line_delivers_later(counter: Counter) -> None:
    async with Line(counter.port) as line:
        line.delay(0.05)
        began = time.monotonic()
        assert await ask(line) == b"1\n"
        assert time.monotonic() - began >= 0.1
