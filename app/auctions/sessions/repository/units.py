"""What a lot's session adds to the judgement of a bid: deposit units, and who may not bid there.

A unit is held while a bidder leads and free when he is outbid, in the bid's own transaction: the rows of all whom a
decision may concern are locked by id before it is judged, and a CHECK refuses more holds than units whatever happens.
Lots that no session calls up cost nothing here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.errors import NoUnitFree
from app.auctions.rules.given import Given
from app.auctions.rules.snapshot import Standing
from app.auctions.sessions.errors import HandInSession
from app.auctions.tables import AuctionRow

_LOTS: Final = text(
    "SELECT l.auction_id, s.id AS session_id, coalesce(s.unit_minor, 0) AS unit_minor, s.auctioneer_id,"
    " (SELECT array_agg(DISTINCT p.placed_by) FROM auction_proxies p JOIN session_lots o USING (auction_id)"
    "  WHERE o.session_id = s.id AND p.source <> 'web') AS clerks,"
    " h.session_registration_id AS holder_id, coalesce(h.won, false) AS won"
    " FROM session_lots l JOIN sale_sessions s ON s.id = l.session_id"
    " LEFT JOIN unit_holds h ON h.auction_id = l.auction_id"
    " WHERE l.auction_id = ANY(CAST(:lots AS uuid[]))"
)
_TAKERS: Final = text(
    "SELECT l.auction_id, r.bidder_code, e.id, e.units, e.units_leading, e.units_won,"
    " e.held_at IS NOT NULL AND e.released_at IS NULL AS held"
    " FROM session_lots l JOIN auctions a ON a.id = l.auction_id"
    " JOIN registrations r ON r.offering_id = a.offering_id"
    " JOIN session_registrations e ON e.session_id = l.session_id AND e.buyer_party_id = r.buyer_party_id"
    " WHERE l.auction_id = ANY(CAST(:lots AS uuid[])) AND (r.bidder_code = ANY(CAST(:codes AS text[]))"
    "  OR r.bidder_code = a.leader_code"
    "  OR EXISTS (SELECT FROM auction_proxies p WHERE p.auction_id = l.auction_id"
    "   AND p.registration_id = r.id AND p.ended_at IS NULL))"
    " ORDER BY e.id FOR NO KEY UPDATE OF e"
)
_MOVE: Final = text(
    "UPDATE session_registrations e SET units_leading = units_leading + v.step, updated_at = market_now()"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:steps AS int[])) AS v (id, step) WHERE e.id = v.id"
)
_HOLD: Final = text(
    "INSERT INTO unit_holds (auction_id, session_registration_id, since) VALUES (:lot, :holder, :at)"
    " ON CONFLICT (auction_id) DO UPDATE SET session_registration_id = :holder, since = :at"
)
_LET_GO: Final = text("DELETE FROM unit_holds WHERE auction_id = :lot AND NOT won")
_WON: Final = text("UPDATE unit_holds SET won = true WHERE auction_id = :lot AND NOT won")
_KEEP: Final = text(
    "UPDATE session_registrations SET units_leading = units_leading - 1, units_won = units_won + 1,"
    " updated_at = market_now() WHERE id = :holder"
)


@dataclass
class _Lot:
    """A lot of a session. `holder_id`: whose unit stands behind it; `stored_id`: as the database still has it."""

    unit_minor: int
    hands: frozenset[UUID]
    holder_id: UUID | None
    stored_id: UUID | None
    won: bool
    takers: dict[str, UUID]


class InSession:
    """The sessions of some locked auctions. Auctions that no session calls up are not in it."""

    def __init__(self, lots: Mapping[UUID, _Lot], free: dict[UUID, int]) -> None:
        self._lots, self._free = lots, free
        self._steps: dict[UUID, int] = {}

    @classmethod
    async def open(
        cls, session: AsyncSession, rows: Sequence[AuctionRow], codes: Collection[str | None]
    ) -> "InSession":
        """What the sessions of these locked auctions add, for bidders of these codes, for who leads and for maxima."""
        called = [row.id for row in rows if row.terms.get("called_up")]
        if not called:
            return cls({}, {})
        found = (await session.execute(_LOTS, {"lots": called})).all()
        lots = {told.auction_id: _lot(told) for told in found}
        asking = [lot for lot, told in lots.items() if told.unit_minor]
        free: dict[UUID, int] = {}
        if asking:
            named = [code for code in codes if code is not None]
            for told in await session.execute(_TAKERS, {"lots": asking, "codes": named}):
                lots[told.auction_id].takers[told.bidder_code] = told.id
                free[told.id] = told.units - told.units_leading - told.units_won if told.held else 0
        return cls(lots, free)

    @property
    def is_empty(self) -> bool:
        """Whether no session calls any of them up."""
        return not self._lots

    def standing(self, auction_id: UUID, bidder: Standing, *, by: UUID | None) -> Standing:
        """A bidder's standing with his free units. by: who bids for him over the web; None for the hall itself.

        Raises `HandInSession` for whoever conducts the session, or has entered a mandate in it.
        """
        lot = self._lots.get(auction_id)
        if lot is None:
            return bidder
        if by is not None and by in lot.hands:
            raise HandInSession()
        if not lot.unit_minor:
            return bidder
        return replace(bidder, units_free=self._free_of(lot, bidder.code))

    def given(self, auction_id: UUID, given: Given, leader_code: str | None) -> Given:
        """What is given, without the maxima of those who have no unit to lead with."""
        lot = self._lots.get(auction_id)
        if lot is None or not lot.unit_minor:
            return given
        able = tuple(
            proxy
            for proxy in given.proxies
            if proxy.code == leader_code or self._free_of(lot, proxy.code) > 0
        )
        return replace(given, proxies=able)

    def lead(self, auction_id: UUID, code: str | None) -> None:
        """Let the unit behind a lot be that of who leads now; None: nobody does. Raises `NoUnitFree`."""
        lot = self._lots.get(auction_id)
        if lot is None or not lot.unit_minor or lot.won:
            return
        holder = lot.takers.get(code) if code is not None else None
        if holder == lot.holder_id:
            return
        if holder is not None and self._free.get(holder, 0) < 1:
            raise NoUnitFree()
        for one, step in ((lot.holder_id, -1), (holder, 1)):
            if one is not None:
                self._steps[one] = self._steps.get(one, 0) + step
                self._free[one] = self._free.get(one, 0) - step
        lot.holder_id = holder

    async def write(self, session: AsyncSession, at: datetime) -> None:
        """Store who holds which unit now."""
        steps = {one: step for one, step in sorted(self._steps.items()) if step}
        if steps:
            await session.execute(_MOVE, {"ids": list(steps), "steps": list(steps.values())})
        for auction_id, lot in self._lots.items():
            if lot.holder_id == lot.stored_id:
                continue
            if lot.holder_id is None:
                await session.execute(_LET_GO, {"lot": auction_id})
            else:
                await session.execute(_HOLD, {"lot": auction_id, "holder": lot.holder_id, "at": at})
            lot.stored_id = lot.holder_id
        self._steps = {}

    async def win(self, session: AsyncSession, auction_id: UUID) -> tuple[UUID, int] | None:
        """Keep the unit behind a lot that was won; whose it is, and how much it is, in fen. None: there is none."""
        lot = self._lots.get(auction_id)
        if lot is None or lot.holder_id is None or lot.won:
            return None
        await session.execute(_WON, {"lot": auction_id})
        await session.execute(_KEEP, {"holder": lot.holder_id})
        lot.won = True
        return lot.holder_id, lot.unit_minor

    def _free_of(self, lot: _Lot, code: str | None) -> int:
        taker = lot.takers.get(code) if code is not None else None
        return self._free.get(taker, 0) if taker is not None else 0


def _lot(told: Any) -> _Lot:
    hands = frozenset(one for one in (told.auctioneer_id, *(told.clerks or ())) if one is not None)
    return _Lot(
        unit_minor=told.unit_minor,
        hands=hands,
        holder_id=told.holder_id,
        stored_id=told.holder_id,
        won=told.won,
        takers={},
    )
