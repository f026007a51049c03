"""The answer to somebody who watches what is broadcast: first what he has missed, then the line that all are told on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from typing import Any, Final

import structlog
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from app.http.broadcast import BEHIND_MAX, JOINED_BYTES, Broadcast, Broadcaster, Frame
from app.http.connections import lent_of
from app.http.lines import Line, line_of, send_part
from app.http.sse import HEADERS, MEDIA_TYPE, RETRY, room_for_one

log = structlog.get_logger()

CUT_SECONDS: Final = 1.0
"""How long a connection that was cut may take to be gone."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Watching(Response):
    """An open stream of a broadcast, from a place on. It ends with its lifetime, its client, or the server."""

    def __init__(self, request: Request, broadcast: Broadcast, place: int) -> None:
        """Raises `TooManyStreams`."""
        self._gauge = room_for_one(request)
        self._broadcaster: Broadcaster = request.app.state.broadcaster
        self._broadcast, self._place = broadcast, place
        self.status_code = 200
        self.media_type = MEDIA_TYPE
        self.background = None
        self.init_headers(HEADERS)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve the stream."""
        line = line_of(scope, self._place)
        self._gauge.open += 1
        self._broadcast.open()
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        gone = asyncio.create_task(_gone(receive, line))
        work = asyncio.create_task(self._work(line, send))
        try:
            await line.over
            if line.is_cut:
                await asyncio.wait({gone}, timeout=CUT_SECONDS)
            elif not gone.done():
                await send_part(send, b"", more=False)
        finally:
            self._broadcast.leave(line)
            self._broadcast.close()
            self._gauge.open -= 1
            for task in (gone, work):
                task.cancel()
            lent = lent_of(scope)
            if lent is not None:
                lent.at_shutdown = None

    async def _work(self, line: Line, send: Send) -> None:
        """Bring the watcher up to where the others are, then let him join them."""
        broadcast = self._broadcast
        try:
            await send_part(send, RETRY + broadcast.beat(await self._broadcaster.now(), line.place))
            await broadcast.ready.wait()
            await self._catch_up(line, send)
            while not line.over.done():
                await line.carry(send)
                await self._catch_up(line, send, slow=True)
        except TimeoutError:
            line.cut()
        except (SQLAlchemyError, OSError) as error:
            # The client comes again by itself, and then hears what it has missed.
            log.warning("watcher_not_served", error=type(error).__name__)
            line.end()
        except Exception:
            line.end()
            raise

    async def _catch_up(self, line: Line, send: Send, *, slow: bool = False) -> None:
        """Tell a watcher what he has missed, at his own pace, then let him join the others.

        slow: he was among them and has fallen behind; too far, and he is cut, to come back when he can.
        """
        broadcast = self._broadcast
        while frames := await broadcast.behind(line.place):
            if slow and broadcast.place - line.place > BEHIND_MAX:
                line.cut()
                return
            for part in _parts(frames):
                await send_part(send, b"".join(frame for _, frame in part))
                line.place = part[-1][0]
        broadcast.join(line)


async def _gone(receive: Receive, line: Line) -> None:
    """End the line once its client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    line.end()


def _parts(frames: Sequence[Frame]) -> Iterator[list[Frame]]:
    """The frames in parts of at most `JOINED_BYTES`, but for a single one that is larger."""
    part: list[Frame] = []
    size = 0
    for frame in frames:
        if part and size + len(frame[1]) > JOINED_BYTES:
            yield part
            part, size = [], 0
        part.append(frame)
        size += len(frame[1])
    if part:
        yield part
