"""What is stored of a sealed sale beside its facts: envelopes in their slots, shares as custodians handed them in.

Nothing is opened with real keys here: an envelope is the digest of what is in it, a share is a yes or a no.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.auctions.errors.sealed import EnvelopeSuperseded
from app.auctions.rules import engine
from app.auctions.rules.commands import Command, MarkReady, Tick
from app.auctions.rules.facts import (
    BiddingStarted,
    EnvelopesOpened,
    Fact,
    KnockedDown,
    RoundOpened,
    SealingClosed,
)
from app.auctions.rules.given import Given, Published
from app.auctions.rules.record import BrokenRecordError
from app.auctions.rules.sealed.commands import (
    DecideOpening,
    HaltOpening,
    OpenEnvelopes,
    PassRehearsal,
    Seal,
)
from app.auctions.rules.sealed.receipts import check_replaces, pass_time, received
from app.auctions.rules.sealed.state import Fault, Found
from app.auctions.rules.sealed.terms import SealingMethod
from app.auctions.rules.snapshot import Standing
from app.auctions.states import AuctionStatus
from app.kit.errors import Refusal
from app.markets.award import PriceKind
from app.signing.rules.merkle import Tree
from tests.auctions.sale import CLOSES, DEPOSIT_DUE, NOTICE, OPENS, START, Sale, notice
from tests.invariants.record import Step, require
from tests.simulation.market import Answer, Done, Market, register_of
from tests.simulation.oracle import Oracle
from tests.simulation.script import AFTER_COMMIT, BEFORE_COMMIT, CLIENTS, Move
from tests.simulation.sealed_checks import check_sealed_step
from tests.simulation.sealed_oracle import Offer, SealedOracle, ask_sealed
from tests.simulation.sealed_script import LOST, SHUT, STUCK
from tests.simulation.sealed_slots import Envelope, Slot, hashed

SLOTS = 8
OFFICERS = 2
"""So many must have released what the market itself sealed."""


@dataclass
class SealedMarket(Market):
    """One sealed sale, from the moment at which it is ready."""

    slots: dict[str, Slot] = field(default_factory=dict)
    """Of the round in hand, by envelope id: the order of the Merkle tree."""
    shares: dict[tuple[str, int], bool] = field(default_factory=dict)
    """(Envelope, seat) → whether the seat could open its share."""
    leaves: tuple[tuple[str, str, str], ...] = ()
    """(Id, commitment, digest) of every envelope as everybody could fetch them at the close."""
    amounts: set[int] = field(default_factory=set)
    """Everything that was sealed and is not yet public."""
    released: set[int] = field(default_factory=set)
    """The officers who have released the round, where the market itself seals."""
    ran_back: bool = False
    """Whether the market's clock ever did."""

    def __post_init__(self) -> None:
        terms, secret = self.script.terms, self.script.secret_reserve
        sale = Sale(secret_reserve=secret, **vars(terms))
        sale.does(notice(), NOTICE)
        sale.ticks(OPENS)
        sale.ticks(CLOSES)
        if not self.by_market:
            sale.does(PassRehearsal(seats=(1, 2, 3)), CLOSES)
        sale.does(MarkReady(holders=self.script.holders), DEPOSIT_DUE)
        self.first, self.snapshot, self.facts = sale.first, sale.now, sale.facts
        holders = {holder.code: holder.rank for holder in self.script.holders}
        reserve = max(terms.reserve_minor or 0, secret or 0)
        self.oracle = None
        self.rules = SealedOracle(terms, START, holders, reserve)
        self.asked: SealedOracle = self.rules

    @property
    def by_market(self) -> bool:
        """Whether the market itself opens, on the word of two officers."""
        sealed = self.script.terms.sealed
        return sealed is not None and sealed.method is SealingMethod.SERVER

    @property
    def given(self) -> Given:
        """What only the market knows: while envelopes are taken, the root over those that lie there."""
        published = None
        if self.snapshot.status is AuctionStatus.SEALING:
            tree = Tree(slot.found.leaf for slot in self.slots.values())
            published = Published(root=tree.root.hex(), size=tree.size)
        return Given(reserve_minor=self.script.secret_reserve, sealed=published, outages=self.at_hand)

    # Clients and custodians

    def pass_for(self, code: str, now: int) -> datetime:
        """The moment that a pass holds which is fetched now."""
        mine = next((slot for slot in self.slots.values() if slot.holder == code), None)
        return pass_time(self.snapshot, self.clock(now), lies_since=mine.received_at if mine else None)

    def take(self, envelope: Envelope, bidder: Standing, now: int, crash: str) -> Answer | None:
        """One envelope's transaction. No key and no answer is kept: it may be sent as often as one likes."""
        at, command = self.clock(now), Seal(bidder=bidder, round_no=envelope.round_no)
        before = register_of(self.snapshot)
        told, refused, _ = self._judged(command, at)
        if crash == BEFORE_COMMIT:
            self.restart()
            return None
        place = next((one for one in self.slots.values() if one.holder == bidder.code), None)
        if refused is None and (place is None or self.snapshot.status is not AuctionStatus.SEALING):
            return Done("envelope_pass_invalid")
        if refused is None and place is not None and self._overtaken(place, envelope):
            return Done("envelope_superseded")
        if refused is None and place is not None:
            self._lay(place, envelope, at, now)
            self._commit(command, told, at, None)
            self.turn(before, now)
        if crash == AFTER_COMMIT:
            self.restart()
            return None
        return Done(refused.code if refused else None)

    def _overtaken(self, place: Slot, envelope: Envelope) -> bool:
        """Whether what lies there was received after this envelope was made: by its pass, and in truth."""
        if place.envelope is None or place.envelope == envelope:
            return False
        try:
            check_replaces(envelope.pass_at, lies_since=place.received_at)
        except EnvelopeSuperseded:
            refused = True
        else:
            refused = False
        # Of clocks that ran back a pass knows nothing; else the order in which things were made decides.
        late = envelope.made < place.laid
        require(self.ran_back or refused == late, "oracle", f"a late copy, {late}, was refused: {refused}")
        self.met["envelope_superseded"] += refused
        return refused

    def _lay(self, place: Slot, envelope: Envelope, at: datetime, now: int) -> None:
        same = place.envelope == envelope
        when = received(self.snapshot, at, before=place.received_at if same else None)
        self.slots[place.envelope_id] = replace(
            place, envelope=envelope, received_at=when, laid=place.laid if same else now
        )
        if self.script.terms.price.kind is not PriceKind.ROYALTY_RATE:  # a rate is found anywhere by chance
            self.amounts.add(envelope.amount)
        due = place.received_at if same else self.rules.held(at)
        assert due is not None
        require(when == due, "oracle", f"an envelope was received at {when}, the rules say {due}")
        offer = Offer(place.envelope_id, envelope.code, envelope.amount, due, envelope.flaw)
        self.asked.lay(offer)

    def hand_in(self, key: int, move: Move, now: int, crash: str) -> Answer | None:
        """A custodian's transaction: his shares are stored, and everything is opened where they suffice."""
        if key in self.answers:
            return self.answers[key]
        if crash == BEFORE_COMMIT:
            self.restart()
            return None
        if self.by_market:
            self.answers[key] = self._release(move.seat, now)
        elif self.snapshot.status is AuctionStatus.OPENING:
            for slot in self.slots.values():
                fails = move.content == LOST or (
                    move.content == STUCK and slot.holder == CLIENTS[move.client]
                )
                shut = slot.envelope is not None and slot.envelope.flaw == SHUT
                place = (slot.envelope_id, move.seat)
                self.shares[place] = self.shares.get(place, False) or not (fails or shut)
            self.go_on(now)
            self.answers[key] = Done(None)
        else:
            self.answers[key] = Done("nothing_to_open")
        if crash == AFTER_COMMIT:
            self.restart()
            return None
        return self.answers[key]

    def _release(self, officer: int, now: int) -> Done:
        """One officer's word; with the second one the market opens what its key opens."""
        if self.snapshot.status is not AuctionStatus.OPENING:
            return Done("nothing_to_open")
        if officer in self.released:
            return Done("already_released")
        self.released.add(officer)
        self.met["release"] += 1
        if len(self.released) >= OFFICERS:
            for slot in self.slots.values():
                self.shares[slot.envelope_id, 1] = slot.envelope is None or slot.envelope.flaw != SHUT
            self.go_on(now)
        else:
            opened = self.snapshot.status is not AuctionStatus.OPENING or self.shares
            require(not opened, "I-16", "one officer alone has opened something")
        return Done(None)

    def decide(self, key: int, command: DecideOpening, now: int, crash: str) -> Answer | None:
        """The seller's transaction: on his word the opening goes on at once, or the sale ends."""
        if key in self.answers:
            return self.answers[key]
        shut = {one.envelope_id for one in self.found if one is not None and one.fault is Fault.UNOPENABLE}
        halted = set(self.snapshot.sealing.halted)
        if command.proceed and self.snapshot.status is AuctionStatus.OPENING and halted - shut:
            self.met["hope again"] += 1
            return Done("opening_not_halted")
        answer = self.serve(key, command, now, crash)
        if command.proceed and self.answers.get(key) == Done(None):
            self.go_on(now)
            require(self.snapshot.status is not AuctionStatus.OPENING, "I-16", "decided, and nothing opened")
        return answer

    @property
    def found(self) -> list[Found | None]:
        """What is known of every envelope by the shares that were handed in."""
        return [self._opened(slot) for slot in self.slots.values()]

    def go_on(self, now: int) -> None:
        """Open everything, or halt, once it is known of every envelope whether it can be opened."""
        found = self.found
        known = tuple(one for one in found if one is not None)
        if len(known) < len(found):
            return
        shut = tuple(one.envelope_id for one in known if one.fault is Fault.UNOPENABLE)
        state = self.snapshot.sealing
        if not set(shut) - set(state.struck):
            self.does(OpenEnvelopes(found=known), now)
        elif set(shut) != set(state.halted):
            self.does(HaltOpening(envelope_ids=shut), now)

    def _opened(self, slot: Slot) -> Found | None:
        sealed = self.script.terms.sealed
        assert sealed is not None
        words = [self.shares.get((slot.envelope_id, seat.no)) for seat in sealed.seats]
        if words.count(True) >= sealed.threshold:
            return slot.found
        if len(words) - words.count(False) < sealed.threshold:
            shut = Found(
                envelope_id=slot.envelope_id,
                commitment=slot.found.commitment,
                digest=slot.found.digest,
                holder_code=slot.holder,
                received_at=slot.received_at,
            )
            return replace(shut, fault=Fault.UNOPENABLE)
        return None

    def cheat(self, how: int, now: int) -> None:
        """Somebody opens another set than the published one. Nothing of it may happen."""
        found = [slot.found for slot in self.slots.values()]
        if self.snapshot.status is not AuctionStatus.OPENING:
            return
        stranger = replace(found[0], envelope_id="f" * 64, digest=hashed("stranger"))
        sets = (found[1:], [*found, stranger], [stranger, *found[1:]], found[::-1], [found[0], *found])
        try:
            engine.decide(self.snapshot, OpenEnvelopes(found=tuple(sets[how])), self.clock(now), self.given)
        except BrokenRecordError:
            self.met["cheat refused"] += 1
        else:
            require(False, "I-16", "a set was opened that is not the published one")

    # Judging and storing

    def _judged(
        self, command: Command, at: datetime, *, judging: bool = False
    ) -> tuple[tuple[Fact, ...], Refusal | None, Oracle | None]:
        told, refused, _ = super()._judged(command, at, judging=judging)
        held = self.rules.held(at)
        self.asked = self.rules.view(held, self.at_hand)
        said, due = refused.code if refused else None, ask_sealed(self.asked, command, held)
        require(said == due, "oracle", f"{type(command).__name__} was answered {said}, the rules say {due}")
        if isinstance(command, Seal) and refused is None:
            by_itself = engine.decide(self.snapshot, Tick(), at, self.given)
            require(told == by_itself, "I-14", "an envelope left a trace in the facts")
        return told, refused, None

    def _commit(self, command: Command, told: tuple[Fact, ...], at: datetime, seen: Oracle | None) -> None:
        before, given = self.snapshot, self.given
        self.snapshot = engine.replay(self.snapshot, told)
        self.facts += told
        self.met.update(fact.kind for fact in told)
        for fact in told:
            if isinstance(fact, SealingClosed):
                found = (slot.found for slot in self.slots.values())
                self.leaves = tuple((one.envelope_id, one.commitment, one.digest) for one in found)
        if told:
            step = Step(before, self.snapshot, told, at, given)
            check_sealed_step(step, self.leaves, frozenset(self.amounts))
            replayed = engine.replay(self.first, self.facts)
            require(replayed == self.snapshot, "I-34", "the record folds to another sale than the one stored")
        self._settle_outages(before, told)
        self._compare_sealed(self.asked, told, at)
        self.rules = self.asked
        for fact in told:
            if isinstance(fact, BiddingStarted | RoundOpened):
                self._prepare(fact)

    def _prepare(self, fact: BiddingStarted | RoundOpened) -> None:
        """The slots of a round, with nothing in them: some bidders', some nobody's."""
        round_no = fact.round_no if isinstance(fact, RoundOpened) else 1
        codes = fact.among if isinstance(fact, RoundOpened) else CLIENTS
        if isinstance(fact, RoundOpened):
            self.met["round of the tied" if fact.is_tie else "further round"] += 1
        kept: list[str | None] = [*codes, *[None] * (SLOTS - len(codes))]
        made = [Slot(hashed(self.script.name, round_no, code, n), code) for n, code in enumerate(kept)]
        self.slots = {slot.envelope_id: slot for slot in sorted(made, key=lambda one: one.envelope_id)}
        self.shares, self.leaves, self.amounts, self.released = {}, (), set(), set()

    def _compare_sealed(self, seen: SealedOracle, told: tuple[Fact, ...], at: datetime) -> None:
        held, now, lead = seen.held(at), self.snapshot, seen.lead()
        state = now.sealing
        engine_says = (
            now.status, now.current_minor, now.leader_code, now.bid_no, now.ends_at, state.round_no, state.among,
            state.floor_minor, state.is_tie, state.root is not None, set(state.halted), set(state.struck),
        )  # fmt: skip
        rules_say = (
            seen.phase(held), lead.amount if lead else None, lead.code if lead else None, len(seen.counted),
            seen.ends_at if seen.begun else None, seen.round.no, seen.round.among,
            seen.round.floor, seen.round.is_tie, seen.closed, set(seen.halted), set(seen.struck),
        )  # fmt: skip
        require(
            engine_says == rules_say, "oracle", f"the engine has {engine_says}, the rules give {rules_say}"
        )
        for fact in told:
            if isinstance(fact, KnockedDown):
                won = (fact.bidder_code, fact.amount_minor)
                require(won == seen.winner, "oracle", f"won by {won}, the rules give it to {seen.winner}")
            if isinstance(fact, EnvelopesOpened):
                self._compare_opened(seen, fact)
        if told:
            seen.latest = held

    def _compare_opened(self, seen: SealedOracle, fact: EnvelopesOpened) -> None:
        """What each envelope counted for, and whose fault it is where one is void."""
        holders = {slot.envelope_id: slot.holder for slot in self.slots.values()}
        for result in fact.results:
            holder = holders[result.envelope_id]
            due = seen.outcomes.get(result.envelope_id, "none")
            said = f"{result.outcome} {result.reason}" if result.reason else str(result.outcome)
            self.met[f"envelope {said}"] += 1
            require(said == due, "oracle", f"an envelope of {holder} was {said}, the rules say {due}")
            culprit = holder if due.startswith("void") else None
            require(result.culprit == culprit, "oracle", f"{result.culprit} is named, not {culprit}")
