"""Rates: how often somebody may try something that costs us much or guesses at a secret.

Redis counts for all processes together. This process always counts as well, so that with Redis away the limit is
still there (for each process by itself) and an attack under way does not start from nothing.
"""

import contextlib
import hashlib
import ipaddress
import time
from dataclasses import dataclass

import structlog
from fastapi import Request
from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from app.kit.errors import Refusal

log = structlog.get_logger()

PREFIX = "jishi:rate"
TIMEOUT_SECONDS = 0.3


class RateLimited(Refusal):
    """Too many attempts; `retry_after_seconds` says when the next one counts afresh."""

    code = "rate_limited"
    status = 429
    title_zh = "操作过于频繁"
    title_en = "Too many attempts"
    remedy_zh = "请按 Retry-After 给出的秒数等待后再试。"
    remedy_en = "Wait for the seconds given in Retry-After and try again."


@dataclass(frozen=True)
class Rate:
    """At most `count` in any `seconds`."""

    name: str
    count: int
    seconds: int


class Limiter:
    """Counts attempts. Made with the application, closed with it."""

    def __init__(self, redis_url: str | None) -> None:
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared: SlidingWindowCounterRateLimiter | None = None
        self._pool: ConnectionPool | None = None
        if redis_url:
            self._pool = ConnectionPool.from_url(
                redis_url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
            )
            storage = RedisStorage(
                f"async+{redis_url}",
                implementation="redispy",
                key_prefix=PREFIX,
                connection_pool=self._pool,  # type: ignore[arg-type]  # documented, but missing in its types
            )
            self._shared = SlidingWindowCounterRateLimiter(storage)

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._pool is not None:
            with contextlib.suppress(RedisError, OSError):
                await self._pool.disconnect()

    async def take(self, rate: Rate, key: str) -> None:
        """Count one attempt of `key`, or refuse it with `RateLimited`."""
        item, name = _item(rate), _name(key)
        allowed = await self._here.hit(item, rate.name, name)
        if allowed and self._shared is not None:
            try:
                allowed = await self._shared.hit(item, rate.name, name)
            except (RedisError, OSError) as error:
                log.warning("rate_not_shared", error=type(error).__name__)
        if not allowed:
            stats = await self._here.get_window_stats(item, rate.name, name)
            wait = min(rate.seconds, max(1, int(stats.reset_time - time.time()) + 1))
            raise RateLimited(f"请在 {wait} 秒后再试。", f"Try again in {wait} s.", retry_after_seconds=wait)

    async def forget(self, rate: Rate, key: str) -> None:
        """Start afresh for `key`: it has shown that it is no guesser."""
        item, name = _item(rate), _name(key)
        await self._here.clear(item, rate.name, name)
        if self._shared is not None:
            try:
                await self._shared.clear(item, rate.name, name)
            except (RedisError, OSError) as error:
                log.warning("rate_not_shared", error=type(error).__name__)


def _item(rate: Rate) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(rate.count, rate.seconds)


def _name(key: str) -> str:
    """Counters hold no logins and no addresses in clear."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def client_address(request: Request) -> str:
    """The network from which a request comes: an IPv4 address, or the /64 that one IPv6 customer holds."""
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
