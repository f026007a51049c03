"""A session's board as ready bytes: what a big screen shows, whole each time it changes, with paddles and never names.

One reader for each watched session and process; all who watch get the same bytes. Changes that follow within a tenth of
a second are told as one: a screen shows how things stand, and who wants every fact follows the lot's own stream.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.auctions.actions import topic as lot_topic
from app.auctions.schemas import HeartbeatOut
from app.auctions.sessions import queries
from app.auctions.sessions.actions import topic
from app.db.clock import Clock
from app.db.session import Database
from app.http.sse import frame
from app.hub import POLL_SECONDS, Hub

log = structlog.get_logger()

QUIET_SECONDS: Final = 0.1


class Board:
    """One watched session in this process."""

    def __init__(self, database: Database, hub: Hub, session_id: UUID) -> None:
        self._database, self._hub, self._session_id = database, hub, session_id
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._shown: object = None
        self._frame = b""
        self._turn: UUID | None = None
        self.place = 0
        self.watchers = 0

    def open(self) -> None:
        """One watcher more; the first one starts the reader."""
        self.watchers += 1
        if self._reader is None:
            self._reader = asyncio.create_task(self._read_on())

    def close(self) -> None:
        """One watcher fewer; the last one stops the reader."""
        self.watchers -= 1
        if self.watchers == 0 and self._reader is not None:
            self._reader.cancel()
            self._reader = None

    async def after(self, place: int) -> tuple[int, bytes]:
        """The board once it has changed since a place, and its place."""
        while self.place <= place:
            await self._news.wait()
        return self.place, self._frame

    async def _read_on(self) -> None:
        while True:
            try:
                with contextlib.ExitStack() as listening:
                    topics = [topic(self._session_id), *([lot_topic(self._turn)] if self._turn else [])]
                    bells = [listening.enter_context(self._hub.listening(one)) for one in topics]
                    if not await self._read():
                        await self._either(bells)
                await asyncio.sleep(QUIET_SECONDS)
            except (SQLAlchemyError, OSError) as error:
                log.warning("board_not_read", session_id=str(self._session_id), error=type(error).__name__)
                await asyncio.sleep(1)

    async def _either(self, bells: list[asyncio.Event]) -> None:
        waits = [asyncio.create_task(bell.wait()) for bell in bells]
        try:
            await asyncio.wait(waits, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _read(self) -> bool:
        """Read the session; whether it has changed."""
        async with self._database.session() as session:
            now = await queries.read_session(session, actor=None, session_id=self._session_id)
        shown = now.model_dump(mode="json", exclude={"server_at"})
        if shown == self._shown:
            return False
        self._shown = shown
        self._turn = next((lot.auction_id for lot in now.catalogue if lot.lot_no == now.turn), None)
        self._frame = frame("session", now.model_dump(mode="json"), self.place + 1)
        self.place += 1
        rung, self._news = self._news, asyncio.Event()
        rung.set()
        return True


class Boards:
    """The watched sessions of this process."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database, self._hub = database, hub
        self._boards: dict[UUID, Board] = {}

    async def frames(self, session_id: UUID) -> AsyncIterator[bytes]:
        """The board as it stands, and again whenever it has changed."""
        board = self._boards.setdefault(session_id, Board(self._database, self._hub, session_id))
        board.open()
        place = 0
        try:
            while True:
                place, piece = await board.after(place)
                yield piece
        finally:
            board.close()
            if board.watchers == 0:
                with contextlib.suppress(KeyError):
                    del self._boards[session_id]

    async def heartbeat(self, session_id: UUID) -> bytes:
        """Market time, and the place of the latest board."""
        async with self._database.session() as session:
            at = await Clock().read(session)
        place = self._boards[session_id].place if session_id in self._boards else 0
        beat = HeartbeatOut(server_at=at, seq=place)
        return frame("heartbeat", beat.model_dump(mode="json"))
