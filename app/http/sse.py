"""The one writer of event streams: bytes serialised once, a bounded buffer a client, a named heartbeat.

A client that does not read is cut when its buffer is full, and resumes by `Last-Event-ID` from PostgreSQL: a slow
client costs bounded memory and delays nobody else. What is one person's own goes by `stream`; what everybody may watch
is broadcast (`broadcast`, `watching`).
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import orjson
from fastapi import Request
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from app.http.connections import lent_of
from app.kit.errors import Malformed, Refusal

HEARTBEAT_SECONDS = 5.0
LIFETIME_SECONDS = 3_600.0
BUFFER_FRAMES = 512
STREAMS_MAX = 5_000
MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
RETRY = b"retry: 1000\n\n"
_LAST_EVENT_ID = re.compile(r"(0|[1-9][0-9]{0,17})\Z", re.ASCII)


class LastEventIdMalformed(Malformed):
    """`Last-Event-ID` is not an id of this stream."""

    code = "last_event_id_malformed"
    title_zh = "Last-Event-ID 无效"
    title_en = "Last-Event-ID is not an id of this stream"
    remedy_zh = "请使用收到的最后一个事件的 id，或不带此请求头从头读取。"
    remedy_en = "Send the id of the last event received, or leave the header out to read from the start."


class TooManyStreams(Refusal):
    """This process serves as many streams as it may."""

    code = "too_many_streams"
    status = 503
    title_zh = "订阅人数已达上限"
    title_en = "As many streams are open as this server may serve"


def last_event_id(request: Request) -> int:
    """The position after which to resume; 0 from the start. Raises `LastEventIdMalformed`."""
    text = request.headers.get("last-event-id", "").strip()
    if not text:
        return 0
    if _LAST_EVENT_ID.match(text) is None:
        raise LastEventIdMalformed(field="/header/Last-Event-ID")
    return int(text)


def frame(event: str, data: object, event_id: int | None = None) -> bytes:
    """One event as bytes. `data` is written as one line of JSON."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {event}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


def frame_of(event: str, data: BaseModel, event_id: int | None = None) -> bytes:
    """The same, of a wire shape."""
    head = f"id: {event_id}\n" if event_id is not None else ""
    return f"{head}event: {event}\ndata: {data.model_dump_json()}\n\n".encode()


class Gauge:
    """How many streams are open in this process."""

    def __init__(self) -> None:
        self.open = 0


def room_for_one(request: Request) -> Gauge:
    """The gauge of this process, with room for one stream more. Raises `TooManyStreams`."""
    gauge: Gauge = request.app.state.streams
    if gauge.open >= STREAMS_MAX:
        raise TooManyStreams()
    return gauge


def stream(
    request: Request,
    *,
    frames: Callable[[], AsyncIterator[bytes]],
    heartbeat: Callable[[], Awaitable[bytes]],
    still_allowed: Callable[[], Awaitable[bool]],
) -> StreamingResponse:
    """Answer with a stream.

    frames: yields serialised events, waiting for news by itself.
    heartbeat: the bytes sent every 5 s, a named event with `server_at` and the last id.
    still_allowed: asked at each heartbeat; when it says no, the stream ends within 5 s of the revocation.
    """
    gauge = room_for_one(request)
    lent = lent_of(request.scope)

    async def body() -> AsyncIterator[bytes]:
        gauge.open += 1
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=BUFFER_FRAMES)
        pump = asyncio.create_task(_pump(frames(), queue))
        if lent is not None:
            lent.at_shutdown = partial(_stop, pump)
        now = asyncio.get_running_loop().time
        ends_at, beat_at = now() + LIFETIME_SECONDS, now() + HEARTBEAT_SECONDS
        try:
            yield RETRY
            beat: bytes | None = await heartbeat()
            while now() < ends_at:
                if now() >= beat_at:
                    beat_at = now() + HEARTBEAT_SECONDS
                    if not await still_allowed():
                        return
                    beat = await heartbeat()
                # What it names as sent may still wait in the buffer: that goes first, or it would look lost.
                if beat is not None and queue.empty():
                    yield beat
                    beat = None
                try:
                    news = await asyncio.wait_for(queue.get(), max(0.001, beat_at - now()))
                except TimeoutError:
                    continue
                if news is None:
                    return
                yield news
        finally:
            gauge.open -= 1
            pump.cancel()
            if lent is not None:
                lent.at_shutdown = None

    return StreamingResponse(body(), media_type=MEDIA_TYPE, headers=HEADERS)


def _stop(pump: asyncio.Task[None]) -> None:
    pump.cancel()


async def _pump(source: AsyncIterator[bytes], queue: asyncio.Queue[bytes | None]) -> None:
    """Move frames into the client's buffer; a full buffer means that the client is too slow and is cut."""
    try:
        async for piece in source:
            try:
                queue.put_nowait(piece)
            except asyncio.QueueFull:
                await asyncio.wait_for(queue.put(piece), HEARTBEAT_SECONDS)
    finally:
        # The reader must wake even when the buffer is full: the newest frame gives way to the end mark.
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(None)
