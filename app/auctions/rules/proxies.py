"""Automatic bids 委托出价: what the market bids within the maxima that bidders have left with it.

The written rule, shown before anybody leaves a maximum:

1. A maximum is used only as far as others make it necessary. Alone, it bids the start price or the next amount.
2. Against another maximum it bids one increment above the highest step of the ladder that the other reaches, and no
   more; the lower one is bid at that step, so that everybody sees where it ended.
3. Where both reach the same step, the one that was left earlier stands at it.
4. Automatic bids walk the ladder step by step from the current price; a cap on jumps binds people, not them.
5. A maximum that is raised, lowered above the price or taken back by who leads changes no price.

House rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import BidPlaced
from app.auctions.rules.given import Proxy
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot
from app.auctions.states import BIDDING


@dataclass(frozen=True)
class AutomaticBid:
    """A bid that the market makes for a bidder, in fen."""

    code: str
    amount_minor: int


@dataclass(frozen=True)
class _Rival:
    proxy: Proxy
    reach_minor: int
    """The highest step of the ladder within the maximum."""


def answer(minutes: Minutes, *, to_bid_no: int | None = None) -> None:
    """Enter the automatic bids that the present price calls for. `to_bid_no`: the person's bid that they answer."""
    if minutes.now.status not in BIDDING or not minutes.now.terms.proxy_allowed:
        return
    for bid in answers(minutes.now, minutes.given.proxies):
        minutes.enter(
            BidPlaced(
                seq=minutes.seq,
                at=minutes.at,
                bid_no=minutes.now.bid_no + 1,
                bidder_code=bid.code,
                amount_minor=bid.amount_minor,
                via=BidVia.PROXY,
                answers=to_bid_no,
            )
        )


def answers(now: Snapshot, proxies: Iterable[Proxy]) -> tuple[AutomaticBid, ...]:
    """The automatic bids that the present price calls for, in their order: none, one, or the two that settle it."""
    able = [_Rival(proxy, _reach(now, proxy)) for proxy in proxies if proxy.max_minor >= now.next_minor]
    if all(rival.proxy.code == now.leader_code for rival in able):
        return ()
    able.sort(key=lambda rival: (-rival.reach_minor, rival.proxy.no))
    first = able[0]
    if len(able) == 1:
        return (AutomaticBid(first.proxy.code, now.next_minor),)
    second = able[1]
    shown, settled = _settle(now, first.reach_minor, second.reach_minor)
    made = [AutomaticBid(second.proxy.code, shown)] if shown is not None else []
    return (*made, AutomaticBid(first.proxy.code, settled))


def _reach(now: Snapshot, proxy: Proxy) -> int:
    return now.terms.ladder.highest_step(now.next_minor, proxy.max_minor)


def _settle(now: Snapshot, first: int, second: int) -> tuple[int | None, int]:
    """Where the lower of two reaches is shown (None: it is never bid), and at what the higher one stands."""
    ladder = now.terms.ladder
    if second < first:
        return second, second + ladder.increment_at(second)
    if first == now.next_minor:
        return None, first
    return ladder.step_below(now.next_minor, first), first
