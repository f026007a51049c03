"""Plays one script: a market with one record, servers that die, clients that ask again, timers that come late or twice."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from math import inf
from typing import Final

from app.auctions.rules import engine
from app.auctions.rules.commands import (
    BidVia,
    Call,
    Cancel,
    CancelProxy,
    CancelReason,
    Command,
    CorrectFloorBid,
    ExercisePriority,
    Hammer,
    OpenLot,
    PassIn,
    PlaceBid,
    Resume,
    SetProxy,
    Suspend,
    SuspendReason,
    Tick,
    WaivePriority,
)
from app.auctions.rules.facts import BidPlaced
from app.auctions.rules.snapshot import Standing
from app.auctions.states import ENDED, AuctionStatus
from tests.auctions.sale import START, bidder
from tests.invariants import Record, check_record
from tests.invariants.i_03 import Bid, Operation, Read, Refused, linearizable
from tests.invariants.record import require
from tests.simulation.market import Answer, Market, register_of
from tests.simulation.script import ASKED, CLIENTS, SECOND, Copy, Move, Script

ASKS_AGAIN: Final = 2 * SECOND
"""How long a client waits before he sends the same request once more."""

LATE_MOVES: Final = 6
"""How many moves are made after the sale has ended: enough to see that it stays so."""

FLAWS: Final = {
    "is_seller": {"is_seller": True},
    "is_registered": {"is_registered": False, "is_qualified": False, "deposit_held": False, "code": None},
    "is_qualified": {"is_qualified": False},
    "deposit_held": {"deposit_held": False},
    "code": {"code": None},
}


@dataclass
class Request:
    """What a client wants, and whether he knows how it went."""

    key: int
    move: Move
    amount: int
    call: int
    back: int | None = None
    answer: Answer | Read | None = None


class Day:
    """One history as it is played."""

    market: Market

    def __init__(self, script: Script) -> None:
        self.market = self._market(script)
        self.requests: list[Request] = []
        self._script = script
        self._now = -SECOND
        self._waiting: list[tuple[int, int, Callable[[int], None]]] = []
        self._numbers = count()
        self._ranks = {holder.code: holder.rank for holder in script.holders}

    def _market(self, script: Script) -> Market:
        return Market(script)

    def play(self) -> None:
        """All moves, whatever is still under way, the end of the sale, and the checks of the whole."""
        too_late = LATE_MOVES
        for key, move in enumerate(self._script.moves):
            too_late -= self.market.snapshot.status in ENDED
            if too_late < 0:
                break
            self._pass_until(self._time_of(move))
            self._make(key, move)
        self._pass_until(None)
        self._end()
        self._check()

    def _time_of(self, move: Move) -> int:
        due = engine.due(self.market.snapshot)
        if move.aim is not None and due is not None:
            return max(self._now, self._true(due) + move.aim)
        return self._now + move.after

    def _pass_until(self, until: int | None) -> None:
        while self._waiting and (until is None or self._waiting[0][0] <= until):
            now, _, happen = heapq.heappop(self._waiting)
            self._now = max(self._now, now)
            happen(self._now)
        if until is not None:
            self._now = max(self._now, until)

    def _at(self, when: int, happen: Callable[[int], None]) -> None:
        heapq.heappush(self._waiting, (when, next(self._numbers), happen))

    def _make(self, key: int, move: Move) -> None:
        market = self.market
        if move.kind in ASKED:
            request = Request(key, move, self._amount(move), self._now)
            self.requests.append(request)
            self._send(request, 0)
        elif market.down:
            pass  # nobody, the market's own people neither, gets anything done
        elif move.kind == "restart":
            market.restart()
        elif move.kind == "outage":
            self._break(move)
        elif move.kind == "clock":
            market.offset += move.jump
        else:
            market.does(self._order(move.kind), self._now)

    def _break(self, move: Move) -> None:
        """For so long nothing arrives; then the market is there again, and some time later the sale is judged by it."""
        market = self.market
        market.down, began_at = True, market.clock(self._now)

        def recover(now: int) -> None:
            market.recover(began_at, move.jump / SECOND, now)
            self._at(now + move.steps * SECOND, lambda at: None if market.down else market.judge(at))

        self._at(self._now + move.jump, recover)

    def _amount(self, move: Move) -> int:
        """What a client asks for, by what he sees when he sends."""
        now = self.market.snapshot
        if move.matches and now.current_minor is not None:
            return now.current_minor
        off = move.off if now.increment_minor > move.off or move.kind == "bid" else 0
        return max(1, now.next_minor + move.steps * now.increment_minor + off)

    def _order(self, kind: str) -> Command:
        """A command of the market's own people or timers."""
        hall = self.market.snapshot.hall
        orders: dict[str, Command] = {
            "tick": Tick(),
            "open": OpenLot(),
            "call": Call(number=hall.calls % 3 + 1),
            "hammer": Hammer(),
            "pass_in": PassIn(),
            "correct": CorrectFloorBid(bid_no=hall.floor_bid_no or 1),
            "suspend": Suspend(reason=SuspendReason.OBJECTION, note="异议"),
            "resume": Resume(note="恢复"),
            "cancel": Cancel(reason=CancelReason.COURT_ORDER, document_no="甲1", note="撤销"),
        }
        return orders[kind]

    def _command(self, request: Request) -> Command:
        """A client's command, as it is when it arrives: who he is is read under the lock."""
        move = request.move
        person = self._standing(move)
        match move.kind:
            case "proxy":
                return SetProxy(
                    bidder=person,
                    max_minor=request.amount,
                    no=request.key + 1,
                    commitment=f"{request.key:064x}",
                )
            case "unproxy":
                left = self.market.maxima.get(CLIENTS[move.client])
                return CancelProxy(bidder=person, commitment=f"{left.no:064x}" if left else None)
            case "exercise":
                return ExercisePriority(bidder=person)
            case "waive":
                return WaivePriority(bidder=person)
            case _:
                via = BidVia.FLOOR if move.floor else BidVia.WEB
                return PlaceBid(bidder=person, amount_minor=request.amount, via=via, confirmed=move.confirmed)

    def _standing(self, move: Move) -> Standing:
        code = CLIENTS[move.client]
        person = replace(bidder(code), priority_rank=self._ranks.get(code))
        return replace(person, **FLAWS.get(move.flaw, {}))

    def _send(self, request: Request, number: int) -> None:
        if request.answer is not None or number == len(request.move.copies):
            return
        copy = request.move.copies[number]
        if copy.there is not None:
            self._at(self._now + copy.there, lambda now: self._arrive(request, copy, now))
        self._at(self._now + ASKS_AGAIN, lambda _: self._send(request, number + 1))

    def _arrive(self, request: Request, copy: Copy, now: int) -> None:
        if not self.market.down:
            self._serve(request, copy, now)

    def _serve(self, request: Request, copy: Copy, now: int) -> None:
        market = self.market
        answer: Answer | Read | None
        if request.move.kind == "read":
            answer = Read(*register_of(market.snapshot))
        else:
            answer = market.serve(request.key, self._command(request), now, copy.crash)
        if answer is not None and copy.back is not None:
            self._at(now + copy.back, lambda at: self._hear(request, answer, at))

    def _hear(self, request: Request, answer: Answer | Read, now: int) -> None:
        if request.answer is None:
            request.answer, request.back = answer, now

    def _end(self) -> None:
        """Nobody bids any more: what was interrupted goes on, time passes, the auctioneer does his work."""
        market = self.market
        for kind in ("resume", "open"):
            market.does(self._order(kind), self._now)
        while market.snapshot.status not in ENDED:
            due = engine.due(market.snapshot)
            if market.snapshot.status is AuctionStatus.ON_THE_BLOCK and (
                due is None or due > market.clock(self._now)
            ):
                self._call_out()
            elif due is None:
                require(False, "I-08", f"a sale that stays {market.snapshot.status}")
            else:
                self._now, before = max(self._now, self._true(due)), market.snapshot
                market.does(Tick(), self._now)
                require(market.snapshot != before, "I-29", f"nothing happened at {due}, when it was due")

    def _call_out(self) -> None:
        """Three calls and the hammer, or a lot that nobody wants."""
        market, until = self.market, self.market.snapshot.hall.warns_until
        if until is not None:
            self._now = max(self._now, self._true(until))
        if market.snapshot.lead is None:
            market.does(PassIn(), self._now)
        elif market.snapshot.hall.calls < 3:
            market.does(self._order("call"), self._now)
        else:
            market.does(Hammer(), self._now)

    def _true(self, instant: datetime) -> int:
        """The true instant at which the server's clock says so."""
        return int((instant - START) / timedelta(microseconds=1)) - self.market.offset

    def _check(self) -> None:
        market = self.market
        check_record(Record(market.first, market.facts, market.script.secret_reserve))
        require(max(market.effects.values(), default=0) <= 1, "I-05", "a key had two effects")
        for request in self.requests:
            if request.answer is not None and not isinstance(request.answer, Read):
                kept = market.answers.get(request.key)
                require(kept == request.answer, "I-05", "a key was answered in two ways")
        people = [
            fact for fact in market.facts if isinstance(fact, BidPlaced) and fact.via is not BidVia.PROXY
        ]
        stored = {fact.bid_no: fact.amount_minor for fact in people}
        answered = {a.bid_no: a.amount for a in market.answers.values() if isinstance(a, Bid)}
        require(stored == answered, "I-04", "a bid is lost, or one that nobody sent is there")
        require(linearizable(self._history()), "I-03", "no order explains what the clients saw")

    def _history(self) -> list[Operation]:
        history = [*self.market.turns]
        for request in self.requests:
            call, back = float(request.call), inf if request.back is None else float(request.back)
            if isinstance(request.answer, Bid | Refused | Read):
                history.append(Operation(call, back, request.answer))
            elif request.answer is None and isinstance(done := self.market.answers.get(request.key), Bid):
                history.append(Operation(call, inf, done))
        return history


def play(script: Script) -> Day:
    """Play a history; raises `Violation` where something that must hold does not."""
    day = Day(script)
    day.play()
    return day
