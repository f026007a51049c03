"""The writer: bids wait in one queue for all auctions, and what waits is written in one transaction.

There is no timer: while one commit is flushed to disk, the next batch collects. An auction that somebody else holds is
left out of the batch (`SKIP LOCKED`); its bids wait for it in a batch of their own, so that one stuck sale harms no
other, and are told 503 after `HELD_SECONDS`. Any number of processes may do this at once: the auction's row lock alone
says whose turn it is.

    queue ──► batch ──► one transaction ──► answers
                │ held by somebody else
                └──► its own queue ──► waits for the lock ──► answers

What can go wrong with a batch, and what follows:

- it fails before its COMMIT for want of a connection, a lock, or time: nothing has happened, everyone is told 503
  (a connection that had broken unnoticed is replaced first);
- data: the batch is halved until whoever breaks it is alone, and he alone is told;
- a key has been used meanwhile: the batch is judged again, and finds the answer on record;
- nobody knows whether the COMMIT happened: the bids are asked again once the auction's lock is free (by then the lost
  transaction has ended); the keys are looked up first, so what is on record is answered and nothing happens twice.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from app.auctions.actions.batch import Asked, place_bids
from app.auctions.actions.ledger import Parties
from app.db.clock import Clock
from app.db.session import Database
from app.http.answers import Answer
from app.http.problems import InternalFault, OutcomeUnknown, answer_of, from_database
from app.hub import Hub
from app.kit.errors import Again, Busy, Refusal

log = structlog.get_logger()

BATCH_MAX: Final = 256
QUEUE_MAX: Final = 4_096
HELD_SECONDS: Final = 2.0
HELD_AT_ONCE: Final = 4
"""How many auctions this process waits for at the same time: each takes a connection."""
CONNECTIONS: Final = HELD_AT_ONCE + 1
"""How many connections a writer uses at most."""
LATE_SECONDS: Final = 0.02
"""So long an answer may wait for a better moment."""
TRIES: Final = 3
DRAIN_SECONDS: Final = 5.0

_LOCK_NOT_AVAILABLE: Final = "55P03"
_AGAIN: Final = ("40001", "40P01")
"""The server chose us to give way; nothing has happened."""
_GONE: Final = ("08", "57")
"""Classes of SQLSTATE after which a COMMIT may have happened: the connection broke, the server ended."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A bid that waits for its answer. unknown: it may have been committed already."""

    asked: Asked
    answer: "asyncio.Future[Answer]"
    until: float
    unknown: bool = False


class BidQueueFull(Busy):
    """As many bids wait as this process may keep waiting."""

    code = "bid_queue_full"
    title_zh = "出价排队已满，请稍后再试"
    title_en = "As many bids are waiting as may wait"


class Writer:
    """The queue of one process and what writes it."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database, self._hub, self._clock = database, hub, Clock()
        self._parties = Parties()
        self._queue: deque[_Waiting] = deque()
        self._held: dict[UUID, deque[_Waiting]] = {}
        self._seats = asyncio.Semaphore(HELD_AT_ONCE)
        self._news = asyncio.Event()
        self._told: list[tuple[_Waiting, Answer]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: set[_Waiting] = set()

    def start(self) -> None:
        """Begin to write."""
        self._spawn(self._write_on())

    async def stop(self) -> None:
        """Write what waits, then end. Whoever then still waits is told that the outcome is not known."""
        if self._waiting:
            await asyncio.wait({one.answer for one in self._waiting}, timeout=DRAIN_SECONDS)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in self._waiting:
            one.unknown = True
        self._refuse(list(self._waiting), Busy())

    async def place(self, asked: Asked) -> Answer:
        """The answer to a bid, once what it says is durable. Raises `BidQueueFull`.

        A caller that goes away takes his bid with him while it still waits; one that is being written stands.
        """
        if len(self._waiting) >= QUEUE_MAX:
            raise BidQueueFull(retry_after_seconds=1)
        loop = asyncio.get_running_loop()
        waiting = _Waiting(asked, loop.create_future(), loop.time() + HELD_SECONDS)
        self._waiting.add(waiting)
        try:
            queue = self._held.get(asked.auction_id)
            (self._queue if queue is None else queue).append(waiting)
            self._news.set()
            return await waiting.answer
        finally:
            self._waiting.discard(waiting)

    async def _write_on(self) -> None:
        while True:
            batch = _take(self._queue)
            if batch:
                await self._write(batch)
            else:
                self._news.clear()
                await self._news.wait()

    async def _wait_for(self, auction_id: UUID) -> None:
        """Write the bids of an auction that somebody else holds, as it comes free, until none waits any more."""
        queue = self._held[auction_id]
        while batch := _take(queue):
            try:
                async with asyncio.timeout(_patience(batch)):
                    await self._seats.acquire()
            except TimeoutError:
                queue.extendleft(reversed(self._refuse_overdue(batch)))
                continue
            try:
                await self._write(batch, wait=True)
            finally:
                self._seats.release()
        del self._held[auction_id]

    async def _write(self, batch: list[_Waiting], *, wait: bool = False) -> None:
        """Write a batch. It ends with everyone answered, or in the queue of his auction."""
        try:
            for _ in range(TRIES):
                try:
                    return await self._once(batch, wait=wait)
                except Again:
                    continue
                except DBAPIError as error:
                    if _sqlstate(error) not in _AGAIN and not error.connection_invalidated:
                        raise
            self._refuse(batch, Busy())
        except _Lost:
            for one in batch:
                one.unknown = True
            self._hold(self._refuse_overdue(batch))
        except _Overdue:
            self._hold(self._refuse_overdue(batch))
        except Exception as error:
            await self._divide(batch, error, wait=wait)

    async def _once(self, batch: list[_Waiting], *, wait: bool) -> None:
        """One transaction. Raises what it failed of: `_Lost` where nobody knows whether it was committed."""
        committing = False
        try:
            async with self._database.session() as session:
                asked = [one.asked for one in batch]
                patience = _patience(batch) if wait else None
                answers = await place_bids(
                    session,
                    self._clock,
                    asked=asked,
                    patience_seconds=patience,
                    parties=self._parties,
                    meanwhile=self._give_told,
                )
                committing = True
                await session.commit()
        except Exception as error:
            if committing and _is_lost(error):
                log.warning("bids_commit_unknown", bids=len(batch), error=type(error).__name__)
                raise _Lost() from error
            if wait and _sqlstate(error) == _LOCK_NOT_AVAILABLE:
                raise _Overdue() from error
            raise
        told = list(zip(batch, answers, strict=True))
        self._hold([one for one, answer in told if answer is None])
        self._tell([(one, answer) for one, answer in told if answer is not None])
        self._hub.announce_session(session)

    def _tell(self, answers: Sequence[tuple[_Waiting, Answer]]) -> None:
        """Answer a batch: at once, or, where another one waits, while the database writes that one.

        What the answered do next costs the processor as much as judging their bids. So it is done while there is nothing
        else to do, and the next batch does not wait for it.
        """
        self._told += answers
        if self._queue:
            asyncio.get_running_loop().call_later(LATE_SECONDS, self._give_told)
        else:
            self._give_told()

    def _give_told(self) -> None:
        told, self._told = self._told, []
        for one, answer in told:
            _give(one, answer)

    async def _divide(self, batch: list[_Waiting], error: Exception, *, wait: bool) -> None:
        """After a fault: everyone is told to come again, or the one at fault is found and told alone."""
        refusal = from_database(error)
        if isinstance(refusal, Busy):
            log.warning("bids_not_written", bids=len(batch), error=type(error).__name__)
            self._refuse(batch, refusal)
        elif len(batch) > 1:
            log.warning("bids_divided", bids=len(batch), error=type(error).__name__)
            middle = len(batch) // 2
            await self._write(batch[:middle], wait=wait)
            await self._write(batch[middle:], wait=wait)
        else:
            log.error("bid_not_written", auction_id=str(batch[0].asked.auction_id), exc_info=error)
            self._refuse(batch, refusal or InternalFault())

    def _hold(self, batch: Iterable[_Waiting]) -> None:
        """Let bids wait for their auctions, each in its own queue, before all that came later."""
        left: dict[UUID, list[_Waiting]] = {}
        for one in batch:
            left.setdefault(one.asked.auction_id, []).append(one)
        for auction_id, earlier in left.items():
            if auction_id in self._held:
                self._held[auction_id].extendleft(reversed(earlier))
                continue
            later = [one for one in self._queue if one.asked.auction_id == auction_id]
            if later:
                self._queue = deque(one for one in self._queue if one.asked.auction_id != auction_id)
            self._held[auction_id] = deque([*earlier, *later])
            self._spawn(self._wait_for(auction_id))

    def _refuse_overdue(self, batch: Sequence[_Waiting]) -> list[_Waiting]:
        """Tell those who have waited long enough; the others are left."""
        now = asyncio.get_running_loop().time()
        self._refuse([one for one in batch if one.until <= now], Busy())
        return [one for one in batch if one.until > now]

    def _refuse(self, batch: Iterable[_Waiting], refusal: Refusal) -> None:
        for one in batch:
            told = OutcomeUnknown() if one.unknown and isinstance(refusal, Busy) else refusal
            _give(one, answer_of(told, one.asked.request_id))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Lost(Exception):
    """Nobody knows whether the COMMIT happened."""


class _Overdue(Exception):
    """The auction's lock did not come free in time."""


def _take(queue: deque[_Waiting]) -> list[_Waiting]:
    """What waits, at most a batch, without those that have gone away."""
    batch: list[_Waiting] = []
    while queue and len(batch) < BATCH_MAX:
        waiting = queue.popleft()
        if not waiting.answer.done():
            batch.append(waiting)
    return batch


def _patience(batch: Sequence[_Waiting]) -> float:
    """How long the one who has waited longest still waits, in seconds; not nothing, which would mean for ever."""
    return max(0.01, min(one.until for one in batch) - asyncio.get_running_loop().time())


def _give(waiting: _Waiting, answer: Answer) -> None:
    if not waiting.answer.done():
        if waiting.unknown and answer.replayed:
            # The answer on record is the first one to this very request.
            answer = replace(answer, replayed=False)
        waiting.answer.set_result(answer)


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def _is_lost(error: Exception) -> bool:
    """Whether a COMMIT failed without the server's own word that it did not happen."""
    state = _sqlstate(error)
    return (
        not isinstance(error, DBAPIError)
        or error.connection_invalidated
        or state is None
        or state[:2] in _GONE
    )
