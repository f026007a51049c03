"""The reference: a rising sale written as plainly as possible, from the rules' words and not from the engine.

It keeps no state machine. It keeps the list of bids, the maxima, the instants and what the auctioneer has called, and
works out everything else each time it is asked. Slow and obvious is what it is for.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.auctions.rules.commands import BidVia, PlaceBid
from app.auctions.rules.snapshot import Standing
from app.auctions.rules.terms import CloseKind, PriorityStyle, Terms
from app.kit.outages import Outage
from app.markets.award import PriceKind

BIDDING = ("free_bidding", "timed_bidding", "on_the_block")
ENDED = ("awarded", "passed_in", "cancelled")
WHOLE = 10_000
"""All of what a royalty is counted on, in hundredths of a percent."""


@dataclass(frozen=True)
class Entry:
    """A bid as it was accepted. rank: of a holder of first refusal who matched."""

    code: str
    amount: int
    rank: int | None = None
    struck: bool = False


@dataclass
class Oracle:
    """One sale that is ready to start."""

    terms: Terms
    starts_at: datetime
    holders: dict[str, int]
    """Code → rank of a right of first refusal."""
    reserve: int
    bids: list[Entry] = field(default_factory=list)
    maxima: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Code → (number, fen)."""
    opened: bool = False
    begun: bool = False
    calls: int = 0
    warns_until: datetime | None = None
    correctable: int | None = None
    """The place in `bids` of a floor bid that no person has answered."""
    first_refusal_until: datetime | None = None
    taken: list[tuple[int, str]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    winner: tuple[str, int] | None = None
    extensions: int = 0
    suspended: tuple[datetime, str] | None = None
    ended: str = ""
    latest: datetime | None = None
    """The latest instant at which anything happened: no later one counts as earlier."""

    outages: tuple[Outage, ...] = ()
    """Those that are known now, and by which the sale has not been judged."""

    def __post_init__(self) -> None:
        self.free_ends_at, self.ends_at = self._phases_from(self.starts_at)

    def _phases_from(self, start: datetime) -> tuple[datetime | None, datetime | None]:
        if self.terms.close is CloseKind.HAMMER:
            return None, None
        free = start + timedelta(seconds=self.terms.free_seconds)
        return free, free + timedelta(seconds=self.terms.window_seconds)

    def held(self, at: datetime) -> datetime:
        """The instant that counts when a clock says `at`."""
        return at if self.latest is None or at > self.latest else self.latest

    def view(self, at: datetime, outages: tuple[Outage, ...] = ()) -> "Oracle":
        """A copy in which everything that is due by then has happened, once it was judged by these outages."""
        seen = copy(self)
        seen.outages = outages
        seen.bids, seen.maxima = [*self.bids], dict(self.maxima)
        seen.taken, seen.answered = [*self.taken], set(self.answered)
        seen.settle(at)
        return seen

    # What stands

    def lead(self) -> Entry | None:
        """The latest bid that has not been struck: each was better than the one before it."""
        return next((bid for bid in reversed(self.bids) if not bid.struck), None)

    def least(self) -> int:
        """The least amount that counts now."""
        lead = self.lead()
        return self.terms.start_price_minor if lead is None else lead.amount + self.increment(lead.amount)

    def increment(self, price: int) -> int:
        """The raise at a price."""
        reached = [step for step in self.terms.ladder.steps if step.from_minor <= price]
        return max(reached, key=lambda step: step.from_minor).increment_minor

    def phase(self, at: datetime) -> str:
        """Where the sale stands at an instant; everything due by then has happened."""
        if self.ended:
            return self.ended
        if self.suspended:
            return "suspended"
        if self.first_refusal_until is not None:
            return "priority_pending"
        if not self.begun:
            return "ready"
        if self.free_ends_at is None:
            return "on_the_block"
        return "free_bidding" if at < self.free_ends_at else "timed_bidding"

    # What happens by itself

    def settle(self, at: datetime) -> None:
        """Let happen what is due by an instant; before it, outages give back what they took."""
        for outage in self.outages:
            self.happen(at, before=outage.began_at)
            self.give_back(outage, at)
        self.outages = ()
        self.happen(at)

    def happen(self, at: datetime, before: datetime | None = None) -> None:
        """Let happen what is due by an instant. before: only what was due before then."""

        def due(instant: datetime | None) -> bool:
            return instant is not None and instant <= at and (before is None or instant < before)

        if self.ended or self.suspended:
            return
        if not self.begun and not self.terms.called_up and due(self.starts_at):
            self.begun = True
            self.answer()
        if self.begun and self.first_refusal_until is None and due(self.ends_at):
            self.conclude(at)
        if due(self.first_refusal_until):
            self.award()

    def give_back(self, outage: Outage, at: datetime) -> None:
        """An end that fell into an outage, or less than a window after it, comes a full window later than it was, and than now.

        After too long an outage the sale stands still instead, since its beginning. Calls begin again.
        """
        rules, phase = self.terms.fairness, self.phase(at)
        if phase in (*ENDED, "suspended") or outage.seconds <= rules.bid_seconds:
            return
        if phase == "on_the_block":
            self.calls, self.warns_until = 0, None
            return
        window = timedelta(seconds=self.terms.window_seconds or self.terms.restart_notice_seconds)
        end = self.first_refusal_until if phase == "priority_pending" else self.ends_at
        waits = phase == "opening" or (phase == "ready" and self.terms.called_up)
        if end is None or waits or not outage.began_at <= end < outage.ended_at + window:
            return
        if outage.seconds > rules.suspend_seconds:
            self.suspended = (outage.began_at, phase)
        elif phase == "ready":
            self.starts_at = at + max(window, timedelta(seconds=self.terms.restart_notice_seconds))
            self.__post_init__()
        elif phase == "priority_pending":
            self.first_refusal_until = max(end, at) + window
        else:
            self.ends_at = max(end, at) + window

    def conclude(self, at: datetime) -> None:
        """The bidding is over: the reserve, then the right of first refusal, then the best bid."""
        lead = self.lead()
        if lead is None or lead.amount < self.reserve:
            self.ended = "passed_in"
            return
        asks = self.terms.priority is PriorityStyle.AFTER_CLOSE and self.holders
        if asks and lead.code not in self.holders:
            self.first_refusal_until = at + timedelta(seconds=self.terms.priority_seconds)
            return
        self.award()

    def award(self) -> None:
        """Sold: to whoever took the lot at the price found, the best rank first; else to who leads."""
        lead = self.lead()
        assert lead is not None
        best = min(self.taken, key=lambda one: one[0], default=None)
        self.winner = (best[1] if best else lead.code, lead.amount)
        self.ended, self.first_refusal_until = "awarded", None

    def answer(self) -> int:
        """The automatic bids that the price calls for, by the written rule. How many there were."""
        if not self.terms.proxy_allowed:
            return 0
        lead, least = self.lead(), self.least()
        able = {code: limit for code, limit in self.maxima.items() if limit[1] >= least}
        if not able or (lead is not None and set(able) == {lead.code}):
            return 0
        steps = list(self._steps(least, max(limit for _, limit in able.values())))
        reach = {code: max(s for s in steps if s <= limit) for code, (_, limit) in able.items()}
        order = sorted(able, key=lambda code: (-reach[code], able[code][0]))
        best = order[0]
        if len(order) == 1:
            made = [(best, least)]
        else:
            second = order[1]
            shown = reach[second]
            if shown < reach[best]:
                made = [(second, shown), (best, shown + self.increment(shown))]
            elif shown == least:
                made = [(best, least)]
            else:
                made = [(second, steps[steps.index(shown) - 1]), (best, shown)]
        self.bids += [Entry(code, amount) for code, amount in made]
        return len(made)

    def _steps(self, first: int, last: int) -> Iterator[int]:
        while first <= last:
            yield first
            first += self.increment(first)

    # Bids

    def refusal_of_person(self, bidder: Standing, *, may_lead: bool) -> str | None:
        """The code of the refusal that somebody meets whatever he asks, or None."""
        lead = self.lead()
        leads = lead is not None and bidder.code == lead.code
        person = (
            ("seller_may_not_bid", bidder.is_seller or bidder.is_related),
            ("bidder_not_registered", not bidder.is_registered),
            ("bidder_not_qualified", not bidder.is_qualified or bidder.code is None),
            ("bidder_deposit_not_held", self.terms.deposit_minor > 0 and not bidder.deposit_held),
            ("already_highest", leads and not may_lead),
        )
        return next((code for code, refused in person if refused), None)

    def refusal_of_moment(self, at: datetime) -> str | None:
        """The code of the refusal that any bid meets at this moment, or None."""
        phase = self.phase(at)
        early = {
            "cancelled": "auction_cancelled",
            "suspended": "bidding_suspended",
            "ready": "bidding_not_started",
        }
        return early.get(phase, None if phase in BIDDING else "bidding_ended")

    def refusal_of(self, asked: PlaceBid, at: datetime) -> str | None:
        """The code of the refusal that a bid meets at an instant, or None where it counts."""
        refused = self.refusal_of_moment(at) or self.refusal_of_person(asked.bidder, may_lead=False)
        if refused:
            return refused
        if asked.via is BidVia.FLOOR and self.terms.close is not CloseKind.HAMMER:
            return "not_in_hall"
        return None if self.matches(asked) else self._refusal_of_amount(asked)

    def matches(self, asked: PlaceBid) -> bool:
        """Whether a holder of first refusal takes the price that stands, before anybody of his rank or a better one."""
        lead, rank = self.lead(), asked.bidder.priority_rank
        if self.terms.priority is not PriorityStyle.IN_ROOM or rank is None or lead is None:
            return False
        return asked.amount_minor == lead.amount and (lead.rank is None or rank < lead.rank)

    def above_whole(self, amount: int) -> bool:
        """Whether somebody offers more than there is."""
        return self.terms.price.kind is PriceKind.ROYALTY_RATE and amount > WHOLE

    def _refusal_of_amount(self, asked: PlaceBid) -> str | None:
        amount, start, lead = asked.amount_minor, self.terms.start_price_minor, self.lead()
        base = start if lead is None else lead.amount
        increment, cap = self.increment(base), self.terms.jump_cap_bp
        far = max(increment * self.terms.jump_confirm_steps, base * self.terms.jump_confirm_bp // 10_000)
        amounts = (
            ("royalty_above_whole", self.above_whole(amount)),
            ("bid_below_start", amount < start),
            ("bid_not_above_current", amount < self.least()),
            ("bid_off_ladder", (amount - base) % increment != 0),
            (
                "bid_above_jump_cap",
                cap is not None and amount > max(base * (10_000 + cap) // 10_000, self.least()),
            ),
            ("bid_jump_unconfirmed", asked.via is BidVia.WEB and not asked.confirmed and amount - base > far),
        )
        return next((code for code, refused in amounts if refused), None)

    def accept(self, asked: PlaceBid, at: datetime) -> None:
        """Enter a bid that counts and the automatic ones that answer it."""
        rank = asked.bidder.priority_rank if self.matches(asked) else None
        assert asked.bidder.code is not None
        self.bids.append(Entry(asked.bidder.code, asked.amount_minor, rank))
        self.calls, self.warns_until = 0, None
        self.correctable = len(self.bids) - 1 if asked.via is BidVia.FLOOR and rank is None else None
        self.answer()
        self.extend(at)

    def extend(self, at: datetime) -> None:
        """A bid in the last window moves the end, as often as the notice says."""
        end, cap = at + timedelta(seconds=self.terms.window_seconds), self.terms.extensions_max
        if self.ends_at is not None and end > self.ends_at and (cap is None or self.extensions < cap):
            self.ends_at = end
            self.extensions += 1

    def strike(self) -> None:
        """Take the floor bid back, and the automatic bids that answered it."""
        assert self.correctable is not None
        first = self.correctable
        self.bids[first:] = [replace(bid, struck=True) for bid in self.bids[first:]]
        self.quiet()
        self.answer()

    def quiet(self) -> None:
        """Calls begin again, and no floor bid can be corrected any more."""
        self.calls, self.warns_until, self.correctable = 0, None, None
