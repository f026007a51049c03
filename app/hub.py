"""Waking: who waits for news inside this process, and Redis between processes. It never carries truth.

With Redis gone, everybody who waits looks again after a second by himself, so only latency changes. Inside the process
that has committed something, the news itself may be handed to who waits, who then need not read it.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any
from uuid import uuid4

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession

log = structlog.get_logger()

CHANNEL = "jishi:wake"
POLL_SECONDS = 1.0
RECONNECT_SECONDS = 0.5
AGAIN_SECONDS = 0.2


def wake(session: AsyncSession, topic: str) -> None:
    """Ask that those who wait for a topic be woken once this transaction is durable. Losing it costs a second."""
    session.info.setdefault("wake", set()).add(topic)


def tell(session: AsyncSession, topic: str, news: list[Any]) -> None:
    """The same, with the news itself for those who wait in this process.

    For transactions that are committed whole or not at all: what a savepoint takes back would be told all the same.
    """
    wake(session, topic)
    session.info.setdefault("news", {}).setdefault(topic, []).extend(news)


Feed = Callable[[list[Any]], bool]
"""Takes news as they are; whether that was enough, and nobody need be woken to look for himself."""


class Hub:
    """Topics and those who wait for them."""

    def __init__(self, redis_url: str | None) -> None:
        self._name = uuid4().hex
        self._waiting: dict[str, dict[asyncio.Event, Feed | None]] = {}
        self._redis = (
            Redis.from_url(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5) if redis_url else None
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen to the other processes."""
        if self._redis is not None:
            self._spawn(self._listen())

    async def stop(self) -> None:
        """Stop listening and close the connection."""
        while self._tasks:
            # The library may take a cancellation while it connects for a lost connection: then we ask again.
            for task in list(self._tasks):
                task.cancel()
            await asyncio.wait(list(self._tasks), timeout=AGAIN_SECONDS)
        if self._redis is not None:
            with contextlib.suppress(RedisError, OSError):
                await self._redis.aclose()

    async def healthy(self) -> bool | None:
        """Whether Redis answers; None where there is none configured."""
        if self._redis is None:
            return None
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    def announce(self, topics: Iterable[str]) -> None:
        """Wake those who wait here, and tell the other processes."""
        self._announce(topics, {})

    def announce_session(self, session: AsyncSession) -> None:
        """Announce what a committed session asked for, and hand over the news that it left."""
        self._announce(session.info.pop("wake", ()), session.info.pop("news", {}))

    def _announce(self, topics: Iterable[str], news: dict[str, list[Any]]) -> None:
        told = sorted(set(topics))
        for topic in told:
            self._ring(topic, news.get(topic))
        if self._redis is not None and told:
            self._spawn(self._publish("\n".join([self._name, *told])))

    async def wait(self, topic: str, seconds: float = POLL_SECONDS) -> None:
        """Return when the topic is announced, or after `seconds`, whichever is first."""
        with self.listening(topic) as bell:
            await self.ring(bell, seconds)

    async def ring(self, bell: asyncio.Event, seconds: float = POLL_SECONDS) -> None:
        """Return when the bell rings, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), seconds)

    @contextlib.contextmanager
    def listening(self, topic: str, feed: Feed | None = None) -> Iterator[asyncio.Event]:
        """A bell that rings on news; registered before the caller reads, so that nothing falls in between.

        feed: is offered the news first, where there are more than the word that there are some.
        """
        bell = asyncio.Event()
        self._waiting.setdefault(topic, {})[bell] = feed
        try:
            yield bell
        finally:
            bells = self._waiting[topic]
            del bells[bell]
            if not bells:
                del self._waiting[topic]

    def _ring(self, topic: str, news: list[Any] | None = None) -> None:
        for bell, feed in self._waiting.get(topic, {}).items():
            if news is None or feed is None or not feed(news):
                bell.set()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _publish(self, text: str) -> None:
        assert self._redis is not None
        try:
            await self._redis.publish(CHANNEL, text)
        except (RedisError, OSError) as error:
            log.warning("wake_not_published", error=type(error).__name__)

    async def _listen(self) -> None:
        assert self._redis is not None
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    while True:
                        message = await pubsub.get_message(timeout=5.0)
                        if message is not None:
                            sender, *topics = message["data"].decode().split("\n")
                            # What we have said ourselves was heard here before it went out.
                            for topic in topics if sender != self._name else ():
                                self._ring(topic)
            except (RedisError, OSError) as error:
                log.warning("wake_not_heard", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)
