"""The reference for sealed sales, as plain as the one for rising sales: a book of offers, round by round.

It knows what was truly sealed and never looks at what the engine makes of it. Who wins is worked out from the whole book.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from app.auctions.rules.commands import Command, PlaceBid, Resume
from app.auctions.rules.sealed.commands import DecideOpening, HaltOpening, OpenEnvelopes, Seal
from app.auctions.rules.sealed.state import Fault
from app.auctions.rules.sealed.terms import DropRule
from app.kit.outages import Outage
from tests.simulation import orders
from tests.simulation.oracle import Entry, Oracle
from tests.simulation.sealed_script import SHUT, UNREADABLE

VOID: Final = ("dealt_falsely", "commitment_disagrees", "code_disagrees")


@dataclass(frozen=True)
class Offer:
    """What a bidder sealed last. flaw: what is wrong with his envelope."""

    envelope_id: str
    code: str
    amount: int
    received_at: datetime
    flaw: str = ""


@dataclass(frozen=True)
class Round:
    """A round: who may seal in it, what must be exceeded, whether it is the extra one between the tied."""

    no: int = 1
    among: tuple[str, ...] | None = None
    floor: int | None = None
    is_tie: bool = False


@dataclass
class SealedOracle(Oracle):
    """One sealed sale that is ready to start."""

    round: Round = Round()
    book: dict[str, Offer] = field(default_factory=dict)
    """Code → the envelope that lies there in this round."""
    counted: list[Offer] = field(default_factory=list)
    """The offers that counted, of all rounds that were opened."""
    closed: bool = False
    """No envelope of this round is taken any more."""
    halted: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    outcomes: dict[str, str] = field(default_factory=dict)
    """Of the round that was opened last: envelope → what it was, where it was not empty."""

    def _phases_from(self, start: datetime) -> tuple[datetime | None, datetime | None]:
        return None, start + timedelta(seconds=self.terms.free_seconds)

    def view(self, at: datetime, outages: tuple[Outage, ...] = ()) -> "SealedOracle":
        """A copy in which everything that is due by then has happened, once it was judged by these outages."""
        seen = copy(self)
        seen.outages = outages
        seen.taken, seen.answered = [*self.taken], set(self.answered)
        seen.book, seen.counted = dict(self.book), [*self.counted]
        seen.settle(at)
        return seen

    def lead(self) -> Entry | None:
        """The highest offer of all; of equal ones the one received first."""
        order = in_order(self.counted)
        return Entry(order[0].code, order[0].amount) if order else None

    def phase(self, at: datetime) -> str:
        """Where the sale stands; everything due by then has happened."""
        if self.ended or self.suspended or self.first_refusal_until or not self.begun:
            return super().phase(at)
        return "opening" if self.closed else "sealing"

    def happen(self, at: datetime, before: datetime | None = None) -> None:
        """Let happen what is due: the start, the deadline, the end of a right of first refusal."""

        def due(instant: datetime | None) -> bool:
            return instant is not None and instant <= at and (before is None or instant < before)

        if self.ended or self.suspended:
            return
        assert self.ends_at is not None
        if not self.begun and due(self.starts_at):
            self.begun = True
            if self.ends_at <= at:  # nobody could seal: the round is held now, in its full length
                self.ends_at = at + timedelta(seconds=self.terms.free_seconds)
        if self.begun and not self.closed and due(self.ends_at):
            self.closed = True
        if due(self.first_refusal_until):
            self.award()

    def lay(self, offer: Offer) -> None:
        """Put an envelope in the place of what the bidder had left before."""
        self.book[offer.code] = offer

    def outcome(self, offer: Offer) -> str:
        """What an envelope counts for."""
        if offer.flaw in (SHUT, UNREADABLE) or offer.envelope_id in self.struck:
            return "struck"
        if offer.flaw in VOID:
            return f"void {offer.flaw}"
        if offer.flaw:
            return "none"
        least = self.terms.start_price_minor if self.round.floor is None else self.round.floor + 1
        if offer.amount < least:
            return "void below_floor"
        return "void above_whole" if self.above_whole(offer.amount) else "bid"

    def count(self, at: datetime) -> None:
        """The round is opened: its offers, and then a further round, one between the tied, or the end."""
        self.outcomes = dict.fromkeys(self.struck, "struck")
        self.outcomes |= {offer.envelope_id: self.outcome(offer) for offer in self.book.values()}
        offers = in_order([one for one in self.book.values() if self.outcomes[one.envelope_id] == "bid"])
        self.counted += offers
        self.halted = frozenset()
        assert self.terms.sealed is not None
        stay = [offer.code for offer in offers]
        tied = [offer.code for offer in offers if offer.amount == offers[0].amount]
        if self.terms.sealed.drop is DropRule.LOWEST and len(stay) > 2 and tied != stay:
            stay.pop()
        if self.round.is_tie:
            self.conclude(at)
        elif len(stay) > 1 and self.round.no < self.terms.rounds_max:
            self.again(stay, at, is_tie=False)
        elif len(tied) > 1:
            self.again(tied, at, is_tie=True)
        else:
            self.conclude(at)

    def again(self, codes: list[str], at: datetime, *, is_tie: bool) -> None:
        """Hold another round above the best offer so far."""
        lead = self.lead()
        assert lead is not None and self.terms.sealed is not None
        self.round = Round(self.round.no + 1, tuple(sorted(codes)), lead.amount, is_tie)
        self.ends_at = at + timedelta(seconds=self.terms.sealed.round_seconds)
        self.closed, self.book, self.struck = False, {}, frozenset()


def in_order(offers: list[Offer]) -> list[Offer]:
    """The best first: the higher amount, then the earlier receipt, then (at one microsecond) the later envelope id."""
    by_id = sorted(offers, key=lambda offer: offer.envelope_id, reverse=True)
    by_time = sorted(by_id, key=lambda offer: offer.received_at)
    return sorted(by_time, key=lambda offer: -offer.amount)


def ask_sealed(oracle: SealedOracle, command: Command, at: datetime) -> str | None:
    """Let the sale do it, where it may: None. Else the code of the refusal, and nothing is done."""
    order = _ORDERS.get(type(command))
    return orders.ask(oracle, command, at) if order is None else order(oracle, command, at)


def _seal(oracle: SealedOracle, asked: Seal, at: datetime) -> str | None:
    if oracle.phase(at) != "sealing":
        return "sealing_ended" if oracle.closed else "sealing_not_open"
    if asked.round_no != oracle.round.no:
        return "sealing_ended"
    if refused := oracle.refusal_of_person(asked.bidder, may_lead=True):
        return refused
    among = oracle.round.among
    return None if among is None or asked.bidder.code in among else "not_in_this_round"


def _bid(oracle: SealedOracle, _: PlaceBid, at: datetime) -> str | None:
    phase = oracle.phase(at)
    return "envelopes_only" if phase in ("sealing", "opening") else oracle.refusal_of_moment(at)


def _halt(oracle: SealedOracle, asked: HaltOpening, at: datetime) -> str | None:
    if oracle.phase(at) != "opening":
        return "auction_stage"
    oracle.halted = frozenset(asked.envelope_ids)
    return None


def _decide(oracle: SealedOracle, asked: DecideOpening, at: datetime) -> str | None:
    if oracle.phase(at) != "opening":
        return "auction_stage"
    if not oracle.halted:
        return "opening_not_halted"
    if asked.proceed:
        oracle.struck |= oracle.halted
    else:
        oracle.ended = "cancelled"
    oracle.halted = frozenset()
    return None


def _open(oracle: SealedOracle, asked: OpenEnvelopes, at: datetime) -> str | None:
    if oracle.phase(at) != "opening":
        return "auction_stage"
    shut = {one.envelope_id for one in asked.found if one.fault is Fault.UNOPENABLE}
    if shut - oracle.struck:
        return "opening_halts"
    oracle.count(at)
    return None


def _resume(oracle: SealedOracle, _: Resume, at: datetime) -> str | None:
    """What lay ahead moves by the length of the pause, and bidders get at least the notice of a restart; what is closed stays so."""
    if oracle.suspended is None:
        return "not_suspended"
    since, phase = oracle.suspended
    pause, notice = at - since, timedelta(seconds=oracle.terms.restart_notice_seconds)
    if phase == "ready":
        if pause and oracle.starts_at >= since:
            oracle.starts_at = max(oracle.starts_at + pause, at + notice)
        oracle.__post_init__()
    else:
        assert oracle.ends_at is not None
        if not oracle.closed:
            oracle.ends_at = max(oracle.ends_at + pause, at + notice)
        if oracle.first_refusal_until is not None:
            oracle.first_refusal_until += pause
    oracle.suspended = None
    return None


_ORDERS: Final[dict[type, Callable[[SealedOracle, Any, datetime], str | None]]] = {
    Seal: _seal,
    PlaceBid: _bid,
    HaltOpening: _halt,
    DecideOpening: _decide,
    OpenEnvelopes: _open,
    Resume: _resume,
}
