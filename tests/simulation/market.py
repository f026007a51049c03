"""What is stored, and the server that works on it. Commits are atomic; everything else can be lost.

Whatever the engine says is held against the reference before it is believed, and against the invariants afterwards.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.auctions.rules import engine
from app.auctions.rules.commands import BidVia, CancelProxy, Command, MarkReady, PlaceBid, SetProxy, Tick
from app.auctions.rules.facts import BidPlaced, Fact, KnockedDown
from app.auctions.rules.given import Given, Proxy
from app.auctions.rules.record import fact_of, payload, texts_of
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import ENDED, AuctionStatus
from app.kit.errors import Refusal
from app.kit.money import fen
from app.kit.outages import Outage
from tests.auctions.sale import CLOSES, DEPOSIT_DUE, NOTICE, OPENS, START, Sale, notice
from tests.invariants import Step, check_step
from tests.invariants.i_03 import Bid, Operation, Refused, State, Turn
from tests.invariants.i_34 import SALTS
from tests.invariants.record import require
from tests.simulation.oracle import Oracle
from tests.simulation.orders import ask
from tests.simulation.outages import check_outages
from tests.simulation.script import AFTER_COMMIT, BEFORE_COMMIT, Script


@dataclass(frozen=True)
class Done:
    """What a client was told who asked for something else than a bid. None: it was done."""

    refused: str | None


Answer = Bid | Refused | Done


def register_of(snapshot: Snapshot) -> State:
    """What the public sees of a sale in numbers."""
    return (snapshot.bid_no, snapshot.current_minor, snapshot.status in ENDED)


@dataclass
class Market:
    """One sale, from the moment at which it is ready."""

    script: Script
    offset: int = 0
    answers: dict[int, Answer] = field(default_factory=dict)
    effects: Counter[int] = field(default_factory=Counter)
    maxima: dict[str, Proxy] = field(default_factory=dict)
    turns: list[Operation] = field(default_factory=list)
    """What changed the public register without a client's bid."""
    met: Counter[str] = field(default_factory=Counter)
    """How often what happened: a history in which nothing happens proves nothing."""
    down: bool = False
    """Nobody can reach the market, and its own timers stand still."""
    outages: list[Outage] = field(default_factory=list)
    judged: int = 0
    """The latest outage by which the sale was judged."""
    at_hand: tuple[Outage, ...] = ()
    """The outages that are given to the command in hand."""

    def __post_init__(self) -> None:
        sale = Sale(**vars(self.script.terms))
        sale.does(notice(), NOTICE)
        sale.ticks(OPENS)
        sale.ticks(CLOSES)
        sale.does(MarkReady(holders=self.script.holders), DEPOSIT_DUE)
        self.first, self.snapshot, self.facts = sale.first, sale.now, sale.facts
        self.days = (
            tuple(START + timedelta(days=day) for day in range(1, 40)) if self.script.terms.day else ()
        )
        terms = self.script.terms
        reserve = max(terms.reserve_minor or 0, self.script.secret_reserve or 0)
        holders = {holder.code: holder.rank for holder in self.script.holders}
        # Of nights the reference knows nothing: sales that adjourn are held against the invariants alone.
        self.oracle = None if terms.day else Oracle(terms, START, holders, reserve)

    @property
    def given(self) -> Given:
        """What only the market knows."""
        proxies = tuple(self.maxima.values())
        return Given(
            reserve_minor=self.script.secret_reserve, proxies=proxies, days=self.days, outages=self.at_hand
        )

    def clock(self, now: int) -> datetime:
        """The server's clock at a true instant, in microseconds from the announced start."""
        return START + timedelta(microseconds=now + self.offset)

    def serve(self, key: int, command: Command, now: int, crash: str) -> Answer | None:
        """One transaction: key, command, record. None where the server died before it could answer."""
        if key in self.answers:
            return self.answers[key]
        at = self.clock(now)
        before = register_of(self.snapshot)
        told, refused, seen = self._judged(command, at)
        if crash == BEFORE_COMMIT:
            self.restart()
            return None
        if refused is None:
            self._commit(command, told, at, seen)
            self.effects[key] += 1
            if not isinstance(command, PlaceBid):
                self.turn(before, now)
        self.answers[key] = self._answer(command, told, refused, before, at)
        if crash == AFTER_COMMIT:
            self.restart()
            return None
        return self.answers[key]

    def recover(self, began_at: datetime, seconds: float, now: int) -> None:
        """The market can be reached again; the gap in its heartbeat is known from now on."""
        self.down = False
        self.outages.append(Outage(len(self.outages) + 1, began_at, self.clock(now), seconds))
        self.met["outage"] += 1

    def judge(self, now: int) -> None:
        """The worker judges the sale by the outages that it has not been judged by."""
        self.does(Tick(), now, judging=True)

    def _known(self, at: datetime, *, judging: bool) -> tuple[Outage, ...]:
        """Outages are read where something is due, which one of them could have touched, or where they are to be judged."""
        due = engine.due(self.snapshot)
        if not judging and (due is None or due > at):
            return ()
        return tuple(one for one in self.outages if one.no > max(self.judged, self.snapshot.outage_no))

    def does(self, command: Command, now: int, *, judging: bool = False) -> None:
        """A command of the market's own people or timers."""
        at, before = self.clock(now), register_of(self.snapshot)
        told, refused, seen = self._judged(command, at, judging=judging)
        if refused is None:
            self._commit(command, told, at, seen)
            self.turn(before, now)

    def turn(self, before: State, now: int) -> None:
        """Write down that the register changed at this instant."""
        if before != (after := register_of(self.snapshot)):
            self.turns.append(Operation(float(now), float(now), Turn(before, after)))

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

    def _answer(
        self, command: Command, told: tuple[Fact, ...], refused: Refusal | None, before: State, at: datetime
    ) -> Answer:
        if not isinstance(command, PlaceBid):
            return Done(refused.code if refused else None)
        if refused is not None:
            # What is due but not yet written down is told in a refusal, and not yet seen by those who read.
            due = engine.due(self.snapshot)
            named = refused.data.get("current_price") if due is None or due > at else None
            return Refused(command.amount_minor, fen(str(named)) if named else None)
        bid = next(fact for fact in told if isinstance(fact, BidPlaced) and fact.via is not BidVia.PROXY)
        return Bid(bid.amount_minor, bid.bid_no, (before, register_of(self.snapshot)))

    def _judged(
        self, command: Command, at: datetime, *, judging: bool = False
    ) -> tuple[tuple[Fact, ...], Refusal | None, Oracle | None]:
        """The engine's word and, before it is believed, the reference's, with the sale that the reference has then."""
        told: tuple[Fact, ...] = ()
        refused: Refusal | None = None
        self.at_hand = self._known(at, judging=judging)
        try:
            told = engine.decide(self.snapshot, command, at, self.given)
        except Refusal as refusal:
            refused = refusal
        said = refused.code if refused else None
        self.met[said or type(command).__name__] += 1
        if self.oracle is None:
            return told, refused, None
        held = self.oracle.held(at)
        seen = self.oracle.view(held, self.at_hand)
        due = ask(seen, command, held)
        require(said == due, "oracle", f"{type(command).__name__} was answered {said}, the rules say {due}")
        return told, refused, seen

    def _commit(self, command: Command, told: tuple[Fact, ...], at: datetime, seen: Oracle | None) -> None:
        before, self.snapshot = self.snapshot, engine.replay(self.snapshot, told)
        self.facts += told
        self.met.update(fact.kind for fact in told)
        given = self.given
        self.met.update(f"via {fact.via}" for fact in told if isinstance(fact, BidPlaced))
        if isinstance(command, SetProxy) and command.bidder.code is not None:
            mine = Proxy(no=command.no, code=command.bidder.code, max_minor=command.max_minor)
            self.maxima[mine.code] = mine
            given = self.given
        elif isinstance(command, CancelProxy) and command.bidder.code is not None:
            self.maxima.pop(command.bidder.code, None)
        check_step(Step(before, self.snapshot, told, at, given))
        self._settle_outages(before, told)
        if seen is not None:
            self._compare(seen, told, at)
            self.oracle = seen

    def _settle_outages(self, before: Snapshot, told: tuple[Fact, ...]) -> None:
        """Whatever the reference says: no end that lay in an outage takes effect before the outage is judged."""
        check_outages(before, told, self.at_hand)
        self.judged = max((one.no for one in self.at_hand), default=self.judged)
        self.at_hand = ()

    def _compare(self, seen: Oracle, told: tuple[Fact, ...], at: datetime) -> None:
        held, now = seen.held(at), self.snapshot
        lead = seen.lead()
        made = [(bid.code, bid.amount) for bid in seen.bids][len(seen.bids) - _bids(told) :]
        engine_made = [(f.bidder_code, f.amount_minor) for f in told if isinstance(f, BidPlaced)]
        require(made == engine_made, "oracle", f"the engine made the bids {engine_made}, the rules {made}")
        status = now.status
        if status is AuctionStatus.FREE_BIDDING and now.free_ends_at is not None and now.free_ends_at <= held:
            status = (
                AuctionStatus.TIMED_BIDDING
            )  # resumed at the very instant: the next command writes it down
        engine_says = (
            status, now.current_minor, now.leader_code, now.bid_no, now.extension_count, now.ends_at,
            now.hall.calls, now.hall.warns_until,
        )  # fmt: skip
        rules_say = (
            seen.phase(held), lead.amount if lead else None, lead.code if lead else None, len(seen.bids),
            seen.extensions, seen.ends_at if seen.begun else None, seen.calls, seen.warns_until,
        )  # fmt: skip
        require(
            engine_says == rules_say, "oracle", f"the engine has {engine_says}, the rules give {rules_say}"
        )
        for fact in told:
            if isinstance(fact, KnockedDown):
                won = (fact.bidder_code, fact.amount_minor)
                require(won == seen.winner, "oracle", f"won by {won}, the rules give it to {seen.winner}")
        if told:
            seen.latest = held


def _bids(told: tuple[Fact, ...]) -> int:
    return sum(isinstance(fact, BidPlaced) for fact in told)
