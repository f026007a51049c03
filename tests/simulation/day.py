"""Plays one script: a market with one record, servers that die, clients that ask again, and the reference beside it."""

import heapq
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from math import inf
from typing import Final

from app.auctions.rules import engine
from app.auctions.rules.commands import (
    Cancel,
    CancelReason,
    Command,
    PlaceBid,
    Resume,
    Suspend,
    SuspendReason,
    Tick,
)
from app.auctions.rules.facts import BidPlaced, Fact
from app.auctions.rules.record import fact_of, payload, texts_of
from app.auctions.rules.snapshot import Snapshot, Standing
from app.auctions.states import ENDED
from app.kit.errors import Refusal
from tests.auctions.sale import START, bidder, ready
from tests.invariants import Record, Step, check_record, check_step
from tests.invariants.i_03 import Bid, Close, Operation, Read, Refused, linearizable
from tests.invariants.record import require
from tests.simulation.oracle import Oracle
from tests.simulation.script import AFTER_COMMIT, BEFORE_COMMIT, CLIENTS, SECOND, Copy, Move, Script

ASKS_AGAIN: Final = 2 * SECOND
"""How long a client waits before he sends the same request once more."""

SALTS: Final = {"note": bytes(16)}

LATE_MOVES: Final = 6
"""How many moves are made after the sale has ended: enough to see that it stays so."""

FLAWS: Final = {
    "is_seller": {"is_seller": True},
    "is_registered": {"is_registered": False, "is_qualified": False, "deposit_held": False, "code": None},
    "is_qualified": {"is_qualified": False},
    "deposit_held": {"deposit_held": False},
    "code": {"code": None},
}

Answer = Bid | Refused


@dataclass
class Market:
    """What is stored, and the server that works on it. Commits are atomic; everything else can be lost."""

    script: Script
    oracle: Oracle
    snapshot: Snapshot
    facts: list[Fact]
    first: Snapshot
    offset: int = 0
    answers: dict[int, Answer] = field(default_factory=dict)
    effects: dict[int, int] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    """How often what happened: a history in which nothing happens proves nothing."""

    def clock(self, now: int) -> datetime:
        """The server's clock at a true instant, in microseconds from the announced start."""
        return START + timedelta(microseconds=now + self.offset)

    def bid(self, key: int, command: PlaceBid, now: int, crash: str) -> Answer | None:
        """One transaction: key, bid, record. None where the server died before it could answer."""
        if key in self.answers:
            return self.answers[key]
        at = self.clock(now)
        told, refused = self._judged(command, at)
        if crash == BEFORE_COMMIT:
            self.restart()
            return None
        if refused is None:
            self._commit(told, at)
            bid = next(fact for fact in told if isinstance(fact, BidPlaced))
            self.answers[key] = Bid(bid.amount_minor, bid.bid_no)
            self.effects[key] = self.effects.get(key, 0) + 1
        else:
            self.answers[key] = Refused(command.amount_minor, _price_told(self.snapshot, refused))
        if crash == AFTER_COMMIT:
            self.restart()
            return None
        return self.answers[key]

    def does(self, command: Command, now: int) -> None:
        """A command of the market's own people or timers."""
        at = self.clock(now)
        told, refused = self._judged(command, at)
        if refused is None:
            self._commit(told, at)

    def restart(self) -> None:
        """A new process knows nothing but the record, which it reads as it was written."""
        self.met["restart"] += 1
        stored = json.dumps(
            [{"seq": f.seq, "kind": f.kind, "payload": payload(f, SALTS)} for f in self.facts]
        )
        read = [
            fact_of(at=fact.at, texts=texts_of(fact), **one)
            for fact, one in zip(self.facts, json.loads(stored), strict=True)
        ]
        folded = engine.replay(self.first, read)
        require(folded == self.snapshot, "I-34", "the record folds to another sale than the one stored")

    def _judged(self, command: Command, at: datetime) -> tuple[tuple[Fact, ...], Refusal | None]:
        """The engine's word and, before it is believed, the reference's."""
        oracle = self.oracle
        held = oracle.held(at)
        try:
            told = engine.decide(self.snapshot, command, at)
            refused = None
        except Refusal as refusal:
            told, refused = (), refusal
        said = refused.code if refused else None
        self.met[said or type(command).__name__] += 1
        match command:
            case PlaceBid():
                due = oracle.refusal_of(command.bidder, command.amount_minor, held)
                require(said == due, "oracle", f"a bid was answered {said}, the rules say {due}")
            case Suspend() | Resume() | Cancel():
                trial = replace(oracle)
                trial.free_ends_at, trial.ends_at = oracle.free_ends_at, oracle.ends_at
                allowed = _ask(trial, command, held)
                require((said is None) == allowed, "oracle", f"{type(command).__name__} was answered {said}")
        return told, refused

    def _commit(self, told: tuple[Fact, ...], at: datetime) -> None:
        before, self.snapshot = self.snapshot, engine.replay(self.snapshot, told)
        self.facts += told
        self.met.update(fact.kind for fact in told)
        check_step(Step(before, self.snapshot, told, at))
        self._follow(told, at)

    def _follow(self, told: tuple[Fact, ...], at: datetime) -> None:
        """Let the reference do the same, and compare the two."""
        oracle, now = self.oracle, self.snapshot
        held = oracle.held(at)
        oracle.settle(held)
        for fact in told:
            match fact.kind:
                case "bid_placed":
                    oracle.accept(fact.bidder_code, fact.amount_minor, held)
                case "suspended":
                    oracle.suspend(held)
                case "resumed":
                    oracle.resume(held)
                case "cancelled":
                    oracle.cancel(held)
        if told:
            oracle.latest = held
        engine_says = (now.current_minor, now.leader_code, now.bid_no, now.extension_count, now.ends_at)
        end = oracle.ends_at if now.ends_at is not None else None
        rules_say = (oracle.price(), oracle.leader(), len(oracle.bids), oracle.extensions, end)
        require(
            engine_says == rules_say, "oracle", f"the engine has {engine_says}, the rules give {rules_say}"
        )
        if engine.due(now) is None or engine.due(now) > held:  # type: ignore[operator]  # None is excluded
            phase = oracle.phase(held)
            require(str(now.status) == phase, "oracle", f"the engine is {now.status}, the rules say {phase}")


def _ask(oracle: Oracle, command: Command, at: datetime) -> bool:
    match command:
        case Suspend():
            return oracle.suspend(at)
        case Resume():
            return oracle.resume(at)
        case _:
            return oracle.cancel(at)


def _price_told(snapshot: Snapshot, refusal: Refusal) -> int | None:
    return snapshot.current_minor if refusal.code == "bid_not_above_current" else None


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

    def __init__(self, script: Script) -> None:
        sale = ready(**vars(script.terms))
        self.market = Market(script, Oracle(script.terms, START), sale.now, list(sale.facts), sale.first)
        self.requests: list[Request] = []
        self._script = script
        self._now = -SECOND
        self._waiting: list[tuple[int, int, Callable[[int], None]]] = []
        self._numbers = count()

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
            aimed = int((due - START) / timedelta(microseconds=1)) - self.market.offset + move.aim
            return max(self._now, aimed)
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
        match move.kind:
            case "bid" | "read":
                now = market.snapshot
                amount = max(1, now.next_minor + move.steps * now.increment_minor + move.off)
                request = Request(key, move, amount, self._now)
                self.requests.append(request)
                self._send(request, 0)
            case "tick":
                market.does(Tick(), self._now)
            case "restart":
                market.restart()
            case "clock":
                market.offset += move.jump
            case "suspend":
                market.does(Suspend(reason=SuspendReason.OBJECTION, note="异议"), self._now)
            case "resume":
                market.does(Resume(note="恢复"), self._now)
            case "cancel":
                order = Cancel(reason=CancelReason.COURT_ORDER, document_no="甲1", note="撤销")
                market.does(order, self._now)

    def _send(self, request: Request, number: int) -> None:
        if request.answer is not None or number == len(request.move.copies):
            return
        copy = request.move.copies[number]
        if copy.there is not None:
            self._at(self._now + copy.there, lambda now: self._serve(request, copy, now))
        self._at(self._now + ASKS_AGAIN, lambda _: self._send(request, number + 1))

    def _serve(self, request: Request, copy: Copy, now: int) -> None:
        market = self.market
        answer: Answer | Read | None
        if request.move.kind == "read":
            seen = market.snapshot
            answer = Read(seen.bid_no, seen.current_minor, seen.status in ENDED)
        else:
            command = PlaceBid(bidder=_standing(request.move), amount_minor=request.amount)
            answer = market.bid(request.key, command, now, copy.crash)
        if answer is not None and copy.back is not None:
            self._at(now + copy.back, lambda at: self._hear(request, answer, at))

    def _hear(self, request: Request, answer: Answer | Read, now: int) -> None:
        if request.answer is None:
            request.answer, request.back = answer, now

    def _end(self) -> None:
        """Nobody does anything more: what was interrupted goes on, and time passes."""
        market = self.market
        market.does(Resume(note="恢复"), self._now)
        while (due := engine.due(market.snapshot)) is not None:
            now = int((due - START) / timedelta(microseconds=1)) - market.offset
            self._now = max(self._now, now)
            market.does(Tick(), self._now)
        require(market.snapshot.status in ENDED, "I-08", f"a sale that stays {market.snapshot.status}")

    def _check(self) -> None:
        market = self.market
        check_record(Record(market.first, market.facts))
        require(max(market.effects.values(), default=0) <= 1, "I-05", "a key had two effects")
        told = [request for request in self.requests if request.answer is not None]
        for request in told:
            if isinstance(request.answer, Bid | Refused):
                kept = market.answers.get(request.key)
                require(kept == request.answer, "I-05", "a key was answered in two ways")
        accepted = {fact.bid_no: fact.amount_minor for fact in market.facts if isinstance(fact, BidPlaced)}
        kept = {a.bid_no: a.amount for a in market.answers.values() if isinstance(a, Bid)}
        require(accepted == kept, "I-04", "a bid is lost, or one that nobody sent is there")
        require(linearizable(self._history()), "I-03", "no order explains what the clients saw")

    def _history(self) -> list[Operation]:
        history = [Operation(-inf, inf, Close())]
        for request in self.requests:
            call, back = float(request.call), inf if request.back is None else float(request.back)
            if request.answer is not None:
                history.append(Operation(call, back, request.answer))
            elif isinstance(done := self.market.answers.get(request.key), Bid):
                history.append(Operation(call, inf, done))
        return history


def _standing(move: Move) -> Standing:
    return replace(bidder(CLIENTS[move.client]), **FLAWS.get(move.flaw, {}))


def play(script: Script) -> Day:
    """Play a history; raises `Violation` where something that must hold does not."""
    day = Day(script)
    day.play()
    return day
