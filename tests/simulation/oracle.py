"""The reference: an ascending sale written as plainly as possible, from the rules' words and not from the engine.

It keeps no state machine. It keeps the list of bids, the instants, and whether the sale is interrupted or ended, and
works out everything else each time it is asked. Slow and obvious is what it is for.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.auctions.rules.snapshot import Standing
from app.auctions.rules.terms import Terms


@dataclass
class Oracle:
    """One sale that is ready to start."""

    terms: Terms
    starts_at: datetime
    bids: list[tuple[str, int]] = field(default_factory=list)
    """(code, fen), as accepted."""
    extensions: int = 0
    suspended: tuple[datetime, str] | None = None
    ended: str = ""
    latest: datetime | None = None
    """The latest instant at which anything happened: no later one counts as earlier."""

    def __post_init__(self) -> None:
        self.free_ends_at = self.starts_at + timedelta(seconds=self.terms.free_seconds)
        self.ends_at = self.free_ends_at + timedelta(seconds=self.terms.window_seconds)

    def held(self, at: datetime) -> datetime:
        """The instant that counts when a clock says `at`."""
        return at if self.latest is None or at > self.latest else self.latest

    def phase(self, at: datetime) -> str:
        """Where the sale stands at an instant."""
        if self.ended:
            return self.ended
        if self.suspended:
            return "suspended"
        return self._running(at)

    def _running(self, at: datetime) -> str:
        if at < self.starts_at:
            return "ready"
        if at < self.free_ends_at:
            return "free_bidding"
        if at < self.ends_at:
            return "timed_bidding"
        return "awarded" if self.bids else "passed_in"

    def settle(self, at: datetime) -> None:
        """Write down an end that has come."""
        if not self.ended and not self.suspended and self._running(at) in ("awarded", "passed_in"):
            self.ended = self._running(at)

    def price(self) -> int | None:
        """The highest bid, in fen."""
        return max((amount for _, amount in self.bids), default=None)

    def leader(self) -> str | None:
        """Whose the highest bid is."""
        return next((code for code, amount in self.bids if amount == self.price()), None)

    def least(self) -> int:
        """The least amount that counts now."""
        price = self.price()
        return self.terms.start_price_minor if price is None else price + self.increment()

    def increment(self) -> int:
        """The raise at the price that stands, or at the start price."""
        price = self.price()
        base = self.terms.start_price_minor if price is None else price
        reached = [step for step in self.terms.ladder.steps if step.from_minor <= base]
        return max(reached, key=lambda step: step.from_minor).increment_minor

    def refusal_of(self, bidder: Standing, amount: int, at: datetime) -> str | None:
        """The code of the refusal that a bid meets at an instant, or None where it counts."""
        phase = self.phase(at)
        early = {
            "cancelled": "auction_cancelled",
            "suspended": "bidding_suspended",
            "ready": "bidding_not_started",
            "awarded": "bidding_ended",
            "passed_in": "bidding_ended",
        }
        if phase in early:
            return early[phase]
        person = (
            ("seller_may_not_bid", bidder.is_seller or bidder.is_related),
            ("bidder_not_registered", not bidder.is_registered),
            ("bidder_not_qualified", not bidder.is_qualified or bidder.code is None),
            ("bidder_deposit_not_held", self.terms.deposit_minor > 0 and not bidder.deposit_held),
            ("already_highest", bidder.code is not None and bidder.code == self.leader()),
        )
        for code, refused in person:
            if refused:
                return code
        return self._refusal_of_amount(amount)

    def _refusal_of_amount(self, amount: int) -> str | None:
        start = self.terms.start_price_minor
        base = self.price() or start
        if amount < start:
            return "bid_below_start"
        if amount < self.least():
            return "bid_not_above_current"
        if (amount - base) % self.increment() != 0:
            return "bid_off_ladder"
        cap = self.terms.jump_cap_bp
        if cap is not None and amount > max(base * (10_000 + cap) // 10_000, self.least()):
            return "bid_above_jump_cap"
        return None

    def accept(self, code: str, amount: int, at: datetime) -> None:
        """Enter a bid that counts; one in the last window moves the end, as often as the notice says."""
        self.bids.append((code, amount))
        end = at + timedelta(seconds=self.terms.window_seconds)
        cap = self.terms.extensions_max
        if end > self.ends_at and (cap is None or self.extensions < cap):
            self.ends_at = end
            self.extensions += 1
        self.latest = at

    def suspend(self, at: datetime) -> bool:
        """Interrupt; False where there is nothing to interrupt."""
        phase = self.phase(at)
        if phase in ("awarded", "passed_in", "cancelled", "suspended"):
            return False
        self.suspended, self.latest = (at, phase), at
        return True

    def resume(self, at: datetime) -> bool:
        """Continue: what lay ahead moves by the length of the pause, and bidders get at least a window."""
        if self.suspended is None:
            return False
        since, phase = self.suspended
        pause = at - since
        notice = timedelta(seconds=self.terms.restart_notice_seconds)
        window = timedelta(seconds=self.terms.window_seconds)
        if phase == "ready":
            if pause:
                self.starts_at = max(self.starts_at + pause, at + notice)
            self.free_ends_at = self.starts_at + timedelta(seconds=self.terms.free_seconds)
            self.ends_at = self.free_ends_at + window
        else:
            if phase == "free_bidding":
                self.free_ends_at += pause
            self.ends_at = max(self.ends_at + pause, at + max(window, notice))
        self.suspended, self.latest = None, at
        return True

    def cancel(self, at: datetime) -> bool:
        """Call the sale off by a court's order; False where it has ended."""
        if self.phase(at) in ("awarded", "passed_in", "cancelled"):
            return False
        self.ended, self.suspended, self.latest = "cancelled", None, at
        return True
