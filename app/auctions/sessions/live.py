"""A session's board as ready bytes: what a big screen shows, whole each time it changes, with paddles and never names.

One reader for each watched session and process; all who watch get the same bytes. Changes that follow within a tenth of
a second are told as one: a screen shows how things stand, and who wants every fact follows the lot's own stream.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.auctions.actions import topic as lot_topic
from app.auctions.live import beat_frame
from app.auctions.sessions import queries
from app.auctions.sessions.actions import topic
from app.db.session import Database
from app.http.broadcast import Broadcast, Broadcaster, Frame
from app.http.sse import frame_of
from app.hub import POLL_SECONDS, Hub

log = structlog.get_logger()

QUIET_SECONDS: Final = 0.1


class Board(Broadcast):
    """One watched session in this process. Its places count the boards that were shown here, from 1."""

    def __init__(self, broadcaster: Broadcaster, database: Database, hub: Hub, session_id: UUID) -> None:
        super().__init__(broadcaster)
        self._database, self._hub, self._session_id = database, hub, session_id
        self._shown: object = None
        self._latest: Frame | None = None
        self._turn: UUID | None = None
        self._number = 0

    async def behind(self, place: int) -> Sequence[Frame]:
        """The latest board, which is the whole."""
        return [self._latest] if self._latest is not None and place < self.place else ()

    def beat(self, at: datetime, place: int) -> bytes:
        """Market time, and the place of the latest board."""
        return beat_frame(at, place)

    def skipped(self, first: int, last: int) -> bytes:
        """A board that was not shown is made up for by the next one."""
        return b""

    def passed(self, frames: Iterable[Frame]) -> None:
        """Keep the latest one."""
        for kept in frames:
            self._latest = kept

    async def read_on(self) -> None:
        """Read the session whenever it, or the lot whose turn it is, may have changed."""
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
        self._number += 1
        told = frame_of("session", now, self._number)
        if self.ready.is_set():
            self.tell(self._number, told)
        else:
            self.passed([(self._number, told)])
            self.place = self._number
            self.ready.set()
        return True


class Boards:
    """The watched sessions of this process."""

    def __init__(self, broadcaster: Broadcaster, database: Database, hub: Hub) -> None:
        self._broadcaster, self._database, self._hub = broadcaster, database, hub
        self._boards: dict[UUID, Board] = {}

    def board(self, session_id: UUID) -> Board:
        """The board of a session; a new one where the last watcher has left."""
        found = self._boards.get(session_id)
        if found is None or found.closed:
            self._boards = {key: board for key, board in self._boards.items() if not board.closed}
            found = self._boards[session_id] = Board(self._broadcaster, self._database, self._hub, session_id)
        return found
