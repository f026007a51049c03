"""What was told of a sale before anybody here watched it, for those who come back after a while: read from its record.

An event carries the state after it, so it cannot be told without the states before. They are worked out once for each
tail, and some are kept: the next page begins at the nearest one, not at the first bid.
"""

import asyncio
from bisect import bisect_right
from typing import Final
from uuid import UUID

from app.auctions import queries
from app.auctions.rules.snapshot import Snapshot
from app.auctions.schemas import EventOut
from app.db.session import Database

PAGE: Final = 500
"""So many facts are read at a time."""


class Past:
    """The record of one sale, for reading from any place."""

    def __init__(self, database: Database, auction_id: UUID) -> None:
        self._database, self._auction_id = database, auction_id
        self._turn = asyncio.Lock()
        self._states: dict[int, Snapshot] = {}
        self._places: list[int] = []

    async def page(self, after: int, *, until: int) -> list[EventOut]:
        """The first `PAGE` events, or somewhat fewer, after one `seq` and up to another; none where there are none.

        Who asks while another reads waits for him: a thousand who come back together work out the states once.
        """
        async with self._turn:
            state = self._nearest(after)
            while True:
                before = 0 if state is None else state.seq
                async with self._database.session() as session:
                    state, told = await queries.fold_on(
                        session, self._auction_id, state, limit=PAGE, after=after
                    )
                if state.seq == before + PAGE:
                    self._keep(state)
                if told or state.seq < before + PAGE:
                    return [event for event in told if event.seq <= until]

    def _nearest(self, after: int) -> Snapshot | None:
        """The latest state that is known and not behind a place. None: the record's start."""
        found = bisect_right(self._places, after)
        return self._states[self._places[found - 1]] if found else None

    def _keep(self, state: Snapshot) -> None:
        if state.seq not in self._states:
            self._states[state.seq] = state
            self._places.insert(bisect_right(self._places, state.seq), state.seq)
