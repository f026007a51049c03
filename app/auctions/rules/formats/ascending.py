"""Ascending 网络竞价: every bid beats the one before it by the ladder; the last one standing wins.

One bidder suffices. The whole-multiple rule follows the usual notice of Chinese exchanges (house rule).
"""

from functools import partial

from app.auctions.errors import (
    BidAboveJumpCap,
    BidBelowStart,
    BidNotAboveCurrent,
    BidOffLadder,
)
from app.auctions.rules.outcome import write_outcome
from app.auctions.rules.price import exceeds, said_en, said_zh
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot
from app.kit.money import yuan


class Ascending:
    """Rising bids by the ladder."""

    def judge_amount(self, snapshot: Snapshot, amount_minor: int) -> None:
        """In this order: below the start, not above the current price, off the ladder, above a hard cap.

        The first bid is the start price or a whole number of increments above it; every later one is a positive
        whole number of increments above the current price, by the increment in force at that price.
        """
        terms, increment = snapshot.terms, snapshot.increment_minor
        zh, en = partial(said_zh, terms.price), partial(said_en, terms.price)
        base = terms.start_price_minor if snapshot.current_minor is None else snapshot.current_minor
        if amount_minor < terms.start_price_minor:
            raise BidBelowStart(
                f"起拍价为{zh(terms.start_price_minor)}。",
                f"The start price is {en(terms.start_price_minor)}.",
                field="/body/amount",
                start_price=yuan(terms.start_price_minor),
            )
        if amount_minor < snapshot.next_minor:
            raise BidNotAboveCurrent(
                f"当前价{zh(base)}，下一口价为{zh(snapshot.next_minor)}。",
                f"The current price is {en(base)}; the next amount is {en(snapshot.next_minor)}.",
                field="/body/amount",
                current_price=yuan(base),
                next_amount=yuan(snapshot.next_minor),
            )
        if rest := (amount_minor - base) % increment:
            lower, higher = amount_minor - rest, amount_minor - rest + increment
            near = [lower] if exceeds(terms.price, higher) else [lower, higher]
            raise BidOffLadder(
                f"加价幅度为{zh(increment)}，最接近的有效价格为{'和'.join(map(zh, near))}。",
                f"The increment is {en(increment)}; the nearest valid amounts: {' and '.join(map(en, near))}.",
                field="/body/amount",
                increment=yuan(increment),
                lower_amount=yuan(lower),
                higher_amount=yuan(higher) if higher in near else None,
            )
        self._judge_jump(snapshot, base, amount_minor)

    def _judge_jump(self, snapshot: Snapshot, base: int, amount_minor: int) -> None:
        if snapshot.terms.jump_cap_bp is None:
            return
        # The next amount always counts, or a cap below one increment would end the sale.
        zh, en = partial(said_zh, snapshot.terms.price), partial(said_en, snapshot.terms.price)
        highest = max(base + base * snapshot.terms.jump_cap_bp // 10_000, snapshot.next_minor)
        if amount_minor > highest:
            raise BidAboveJumpCap(
                f"本场公告规定单次出价不超过{zh(highest)}。",
                f"The notice of this sale caps the next bid at {en(highest)}.",
                field="/body/amount",
                highest_amount=yuan(highest),
            )

    def end(self, minutes: Minutes) -> None:
        """The highest bid wins; without one, or below the reserve, the lot passes in."""
        write_outcome(minutes)
