"""Credentials as this process remembers them for a moment, so that a bid does not ask the database who bids.

A badge is good for `GOOD_SECONDS` from the moment at which it was read. Whatever ends a credential or changes what its
holder may do is announced (`credentials.TOPIC`), and every process that hears it forgets all badges at once. So a
revoked key acts no longer than the announcement takes (0.4 ms through Redis), and without Redis no longer than
`GOOD_SECONDS`. What decides a bid in the end (registration, deposit, whether the bidder is related to the seller)
is never remembered: it is read under the auction's lock.
"""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Final
from uuid import UUID

from app.db.session import Database
from app.identity.access import Actor, Shown, authenticate_for_use
from app.identity.credentials import fingerprint

GOOD_SECONDS: Final = 2.0
BADGES_MAX: Final = 20_000

_Name = tuple[bool, bytes]


@dataclass(frozen=True, slots=True)
class Badge:
    """Whoever showed a credential. key_space: whose idempotency keys his are."""

    actor: Actor
    key_space: UUID
    good_until: float


class Badges:
    """The badges of one process."""

    def __init__(self, database: Database, changed: asyncio.Event) -> None:
        self._database = database
        self._changed = changed
        self._kept: dict[_Name, Badge] = {}
        self._asking: dict[_Name, asyncio.Task[Badge]] = {}

    async def find(self, shown: Shown) -> Badge:
        """The badge of a credential, read anew where it is not remembered. Raises as `authenticate` does."""
        name = _name(shown)
        self._forget_changed()
        badge = self._kept.get(name)
        if badge is not None and badge.good_until > monotonic():
            return badge
        asking = self._asking.get(name)
        if asking is None:
            asking = asyncio.create_task(self._ask(name, shown))
            self._asking[name] = asking
            asking.add_done_callback(lambda done: self._answered(name, done))
        # One who goes away must not take the answer from the others who wait for it.
        return await asyncio.shield(asking)

    def _forget_changed(self) -> None:
        if self._changed.is_set():
            self._changed.clear()
            self._kept.clear()
            # What is being read now may be from before the change: it answers those who asked, and is not kept.
            self._asking.clear()

    async def _ask(self, name: _Name, shown: Shown) -> Badge:
        good_until = monotonic() + GOOD_SECONDS
        async with self._database.transaction() as session:
            actor = await authenticate_for_use(session, shown)
        badge = Badge(actor, actor.key_space, good_until)
        if self._asking.get(name) is asyncio.current_task() and not self._changed.is_set():
            if len(self._kept) >= BADGES_MAX:
                self._kept.clear()
            self._kept[name] = badge
        return badge

    def _answered(self, name: _Name, done: asyncio.Task[Badge]) -> None:
        if self._asking.get(name) is done:
            del self._asking[name]
        if not done.cancelled():
            done.exception()  # whoever asked has been told; nobody left to ask is no fault


def _name(shown: Shown) -> _Name:
    return (shown.key is not None, fingerprint(shown.key or shown.token or ""))
