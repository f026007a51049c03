"""Credentials as this process remembers them for a moment, so that a bid does not ask the database who bids.

A badge is good for `GOOD_SECONDS` from the moment at which it was read. Whatever ends a credential or changes what its
holder may do is announced (`credentials.TOPIC`), and every process that hears it forgets all badges at once. So a
revoked key acts no longer than the announcement takes (0.4 ms through Redis), and without Redis no longer than
`GOOD_SECONDS`. What decides a bid in the end (registration, deposit, whether the bidder is related to the seller)
is never remembered: it is read under the auction's lock.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final
from uuid import UUID

from app.db.session import Database
from app.identity.access import Actor, Shown, authenticate_all
from app.identity.credentials import fingerprint
from app.kit.errors import Refusal

GOOD_SECONDS: Final = 2.0
BADGES_MAX: Final = 20_000
AT_ONCE: Final = 256

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
        self._asking: dict[_Name, asyncio.Future[Badge]] = {}
        self._wanted: list[tuple[_Name, Shown, asyncio.Future[Badge]]] = []
        self._looking: asyncio.Task[None] | None = None
        self._changes = 0

    async def find(self, shown: Shown) -> Badge:
        """The badge of a credential, read anew where it is not remembered. Raises as `authenticate` does.

        While one look at the database is under way, those who ask meanwhile wait for the next one together.
        """
        name = _name(shown)
        self._forget_changed()
        badge = self._kept.get(name)
        if badge is not None and badge.good_until > monotonic():
            return badge
        asking = self._asking.get(name)
        if asking is None:
            asking = asyncio.get_running_loop().create_future()
            self._asking[name] = asking
            self._wanted.append((name, shown, asking))
            if self._looking is None:
                self._looking = asyncio.create_task(self._look())
        # One who goes away must not take the answer from the others who wait for it.
        return await asyncio.shield(asking)

    def _forget_changed(self) -> None:
        if self._changed.is_set():
            self._changed.clear()
            self._changes += 1
            self._kept.clear()
            # What is being read now may be from before the change: it answers those who asked, and is not kept.
            self._asking.clear()

    async def _look(self) -> None:
        """Look up whoever is wanted, until nobody is."""
        try:
            while self._wanted:
                wanted, self._wanted = self._wanted[:AT_ONCE], self._wanted[AT_ONCE:]
                try:
                    await self._ask(wanted)
                except Exception as error:  # whatever it is, whoever asked is told and asks again
                    for _, _, asking in wanted:
                        _settle(asking, error)
                for name, _, asking in wanted:
                    if self._asking.get(name) is asking:
                        del self._asking[name]
        finally:
            self._looking = None

    async def _ask(self, wanted: Sequence[tuple[_Name, Shown, asyncio.Future[Badge]]]) -> None:
        good_until, changes = monotonic() + GOOD_SECONDS, self._changes
        async with self._database.transaction() as session:
            told = await authenticate_all(session, [shown for _, shown, _ in wanted], noting=True)
        fresh = changes == self._changes and not self._changed.is_set()
        for (name, _, asking), one in zip(wanted, told, strict=True):
            if isinstance(one, Refusal):
                _settle(asking, one)
                continue
            badge = Badge(one, one.key_space, good_until)
            if fresh:
                if len(self._kept) >= BADGES_MAX:
                    self._kept.clear()
                self._kept[name] = badge
            _settle(asking, badge)


def _settle(asking: "asyncio.Future[Badge]", answer: Badge | Exception) -> None:
    if asking.done():
        return
    if isinstance(answer, Badge):
        asking.set_result(answer)
    else:
        asking.set_exception(answer)
        asking.exception()  # whoever asked is told; nobody left to ask is no fault


def _name(shown: Shown) -> _Name:
    return (shown.key is not None, fingerprint(shown.key or shown.token or ""))
