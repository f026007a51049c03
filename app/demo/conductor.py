"""Holds the demonstration's session in the hall on its day, at the pace of people: finance, the door, the console, the room.

Nothing is remembered that the market does not say: each look reads the board and does the one thing that is due, so it goes
on after a restart, and beside a visitor who bids as one of the bidders or makes the calls at the console himself.
"""

import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from app.auctions.errors import NoUnitFree
from app.demo import data, lots
from app.demo.person import Json, StoryDiffers
from app.demo.steps import STAFF
from app.demo.stories.hall import sale_of
from app.demo.world import World, instant
from app.kit.money import fen, fen_of_wan, yuan

log = structlog.get_logger()

THINK_SECONDS: Final = (4.0, 9.0)
"""How long a bidder thinks, and the auctioneer before he opens a lot, calls, or lets the hammer fall."""
REST_SECONDS: Final = 20.0
"""So long nobody looks while nothing is due."""
FAULT_SECONDS: Final = 10.0
DOOR_AHEAD: Final = timedelta(minutes=30)
"""Paddles are handed out from so long before the start."""
LEAPS: Final = 6
"""A bidder comes to his limit in about so many bids."""


@dataclass(frozen=True)
class Rival:
    """A bidder who raises a paddle or bids from the web by himself, up to a limit in fen."""

    party: str
    on_floor: bool
    limit_minor: int


@dataclass
class Lot:
    """What is known of the lot whose turn it is, beyond what the board says."""

    number: int
    codes: dict[str, str] = field(default_factory=dict)
    paddles: dict[str, int] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)
    """Parties that bid no more here: no unit of theirs is free, or a person bids for them."""
    seen: tuple[int, int] | None = None
    """The number of bids and the calls at the last look."""
    own: tuple[int, int] | None = None
    """The same after the last thing that was done here by us."""
    yielded: bool = False
    """A person makes the calls: he lets the hammer fall too."""


def rivals_of(lot: Json) -> list[Rival]:
    """Who bids for a lot of the plan: whoever does in its script, so that it ends there if nobody else comes."""
    hammer = next((step for step in lot["script"] if "hammer" in step), None)
    if hammer is None:
        return []
    top, found = fen_of_wan(hammer["hammer"]), dict[str, Rival]()
    for step in lot["script"]:
        way = next(iter(step))
        if way in ("floor", "web", "mandate") and step[way] not in found:
            below = fen_of_wan(step["wan"]) if way == "mandate" else top - fen_of_wan(lot["step_wan"])
            limit = top if step[way] == hammer["to"] else below
            found[step[way]] = Rival(step[way], way == "floor", limit)
    return list(found.values())


class Conductor:
    """Looks at the session now and then, and at a lot on the block every time."""

    def __init__(self, world: World, *, think: tuple[float, float] = THINK_SECONDS) -> None:
        self._world, self._think = world, think
        self._plan = data.hall()
        self._auctioneer = data.person_with(self._plan["house"], "auctioneer")
        self._path: str | None = None
        self._lot: Lot | None = None
        self._next_at = 0.0
        self._open_door = True
        self.running = False
        """Whether a lot of the session is being sold, or its turn has come."""
        self.waits_for: datetime | None = None
        """What the session needs next, where that is a moment which has not come."""

    async def look(self) -> None:
        """Do what is due, if anything is."""
        if time.monotonic() < self._next_at:
            return
        try:
            await self._look()
        except StoryDiffers as differs:
            # Somebody was quicker, or the house is closed at this hour.
            log.info("hall_refused", error=str(differs)[:300])
            self._rest(FAULT_SECONDS)

    def _rest(self, seconds: float) -> None:
        self._next_at = time.monotonic() + seconds

    def _ponder(self) -> None:
        self._rest(random.uniform(*self._think))  # noqa: S311  # a pause, not a secret

    async def _look(self) -> None:
        board = await self._board()
        self.waits_for, self.running = None, False
        if board is None or board["status"] in ("draft", "adjourned", "ended"):
            self._rest(REST_SECONDS)
        elif await self._is_prepared(board):
            turn = next((lot for lot in board["catalogue"] if lot["lot_no"] == board["turn"]), None)
            if turn is None:
                self._rest(REST_SECONDS)
            else:
                self.running = True
                await self._turn(turn, instant(board["server_at"]))

    async def _board(self) -> Json | None:
        public = await self._world.public()
        if self._path is None:
            ours = [row for row in await public.every("/v1/sessions") if row["name"] == self._plan["name"]]
            if not ours:
                return None
            self._path = f"/v1/sessions/{ours[0]['id']}"
        return await public.get(self._path)

    async def _is_prepared(self, board: Json) -> bool:
        """Bring a session to its start: finance signs, the door hands out paddles, the hour comes; also when all that is late."""
        now, starts_at = instant(board["server_at"]), instant(board["starts_at"])
        for at in (instant(board["deposit_due_at"]), starts_at - DOOR_AHEAD):
            if now < at:
                self.waits_for = at
                self._rest(REST_SECONDS)
                return False
            if any(lot["status"] == "registration_closed" for lot in board["catalogue"]):
                await (await self._world.person(STAFF.checker)).post(f"{self._path}/readiness")
                log.info("hall_signed")
                return False
        if self._open_door:
            await self._hand_out()
        if now < starts_at:
            self.waits_for = starts_at
            self._ponder()
        return now >= starts_at

    async def _hand_out(self) -> None:
        operator = await self._world.person(STAFF.operator)
        for login in [*(data.buyer_of(one["party"]) for one in self._plan["bidders"]), lots.GUEST]:
            try:
                entry = await (await self._world.person(login)).get(f"{self._path}/me")
            except StoryDiffers:
                continue  # he has not come
            if entry["paddle_no"] is not None and entry["handed_out_at"] is None:
                path = f"/v1/session-registrations/{entry['id']}"
                await operator.change(path, "paddle", read=path)
        self._open_door = False

    async def _turn(self, told: Json, now: datetime) -> None:
        """One look at the lot whose turn it is; `told` is its line on the board."""
        script = self._plan["lots"][told["lot_no"] - 1]["script"]
        path = f"/v1/auctions/{told['auction_id']}"
        if self._lot is None or self._lot.number != told["lot_no"]:
            self._lot = Lot(told["lot_no"])
            self._ponder()
        elif told["status"] == "on_the_block":
            await self._on_the_block(self._lot, told, path, now)
        elif told["status"] == "ready":
            await self._open(script[0], path)
            self._ponder()
        else:
            self._rest(REST_SECONDS)  # suspended, or waiting for somebody else

    async def _open(self, first: Json, path: str) -> None:
        auctioneer = await self._world.person(self._auctioneer)
        if "withdraw" in first:
            body = {
                "reason": "seller_withdrawal",
                "document_no": first["document_no"],
                "note": first["withdraw"],
            }
            await auctioneer.post(f"{path}/lot-withdrawal", body)
        else:
            await auctioneer.post(f"{path}/opening")

    async def _on_the_block(self, lot: Lot, told: Json, path: str, now: datetime) -> None:
        if not lot.codes:
            await self._meet(lot, path)
        if self._somebody_else(lot, told):
            self._ponder()
            return
        rival = self._willing(lot, told)
        warned = told["warns_until"] is None or now >= instant(told["warns_until"])
        if rival is not None:
            await self._raise(lot, rival, told, path)
        elif lot.yielded or (told["calls"] and not warned):
            return
        elif told["bid_no"] == 0:
            await self._say(path, "passing-in")
        elif told["calls"] < 3:
            await self._say(path, "calls", {"number": told["calls"] + 1})
            lot.own = (told["bid_no"], told["calls"] + 1)
        else:
            await self._say(path, "hammer")
            log.info("hall_lot_sold", lot_no=lot.number, price=told["current_price"]["amount"])
        self._ponder()

    async def _say(self, path: str, word: str, body: Json | None = None) -> None:
        await (await self._world.person(self._auctioneer)).post(f"{path}/{word}", body)

    async def _meet(self, lot: Lot, path: str) -> None:
        """Under which codes, and with which paddles in their hands, those who would bid for a lot are here."""
        for rival in rivals_of(self._plan["lots"][lot.number - 1]):
            person = await self._world.person(data.buyer_of(rival.party))
            standing = await person.get(f"{path}/me")
            entry = await person.get(f"{self._path}/me")
            if standing["bidder_code"] is not None:
                lot.codes[rival.party] = standing["bidder_code"]
            if entry["handed_out_at"] is not None:
                lot.paddles[rival.party] = entry["paddle_no"]

    def _somebody_else(self, lot: Lot, told: Json) -> bool:
        """Whether a person has bid or called since the last look."""
        now, before = (told["bid_no"], told["calls"]), lot.seen
        lot.seen = now
        if before is None or now in (before, lot.own):
            return False
        if told["bid_no"] != before[0] and (lot.own is None or told["bid_no"] != lot.own[0]):
            # Who signs in as one of the bidders bids in his place from now on.
            lot.out |= {party for party, code in lot.codes.items() if code == told["bidder_code"]}
        elif told["calls"] > before[1]:
            lot.yielded = True
        return True

    def _willing(self, lot: Lot, told: Json) -> Rival | None:
        wanted = fen(told["next_amount"]["amount"])
        willing = [
            rival
            for rival in rivals_of(self._plan["lots"][lot.number - 1])
            if rival.party in (lot.paddles if rival.on_floor else lot.codes)
            and not (rival.on_floor and lot.yielded)
            and rival.party not in lot.out
            and lot.codes.get(rival.party) != told["bidder_code"]
            and wanted <= rival.limit_minor
        ]
        return random.choice(willing) if willing else None  # noqa: S311  # any of them

    async def _raise(self, lot: Lot, rival: Rival, told: Json, path: str) -> None:
        """A step or some steps up. Who has no free unit is told so, and bids no more for this lot."""
        step, wanted = fen(told["increment"]["amount"]), fen(told["next_amount"]["amount"])
        sale = sale_of(self._plan["lots"][lot.number - 1])
        all_steps = (rival.limit_minor - fen_of_wan(sale["start_wan"])) // step
        most = min((rival.limit_minor - wanted) // step, max(1, all_steps // LEAPS))
        amount = yuan(wanted + step * random.randint(0, max(0, most)))  # noqa: S311  # a bid, not a secret
        body: dict[str, Any] = {"amount": amount}
        try:
            if rival.on_floor:
                auctioneer = await self._world.person(self._auctioneer)
                body["paddle_no"] = lot.paddles[rival.party]
                placed = await auctioneer.post(f"{path}/floor-bids", body, expect=201)
            else:
                bidder = await self._world.person(data.buyer_of(rival.party))
                placed = await bidder.post(f"{path}/bids", body | {"confirm_jump": True}, expect=201)
        except StoryDiffers as differs:
            if NoUnitFree.code not in str(differs):
                raise
            lot.out.add(rival.party)
            return
        lot.own = lot.seen = (placed["bid_no"], 0)
