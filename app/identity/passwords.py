"""Passwords as argon2id hashes, made in threads: at most two at once, and a short queue.

One hash takes some 0.7 s and 64 MiB on a small machine. An unknown login costs the same as a wrong password.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.kit.errors import Busy

AT_ONCE = 2
WAITING_MAX = 32
T = TypeVar("T")


class Passwords:
    """Hashes and verifies."""

    def __init__(self, *, memory_kib: int, passes: int) -> None:
        self._hasher = PasswordHash((Argon2Hasher(time_cost=passes, memory_cost=memory_kib),))
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """The hash to store."""
        return await self._in_turn(lambda: self._hasher.hash(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether the password is the stored one; None (nobody) takes as long and is always wrong."""
        if stored is None:
            decoy = self._decoy or await self.hash(secrets.token_urlsafe(16))
            self._decoy = decoy
            await self._in_turn(lambda: self._hasher.verify(password, decoy))
            return False
        return await self._in_turn(lambda: self._hasher.verify(password, stored))

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_MAX:
            raise Busy()
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
