"""Leaving a maximum with the market, changing it, taking it back. How it bids is in `proxies`."""

from dataclasses import replace
from typing import Final

from app.auctions.errors import (
    AuctionCancelled,
    BiddingEnded,
    ProxyAbsent,
    ProxyBelowNext,
    ProxyNotAllowed,
    ProxyTooEarly,
)
from app.auctions.rules.bids import extend, judge_bidder, judge_mandate, judge_moment
from app.auctions.rules.commands import CancelProxy, SetProxy
from app.auctions.rules.facts import ProxyCommitted, ProxyWithdrawn
from app.auctions.rules.given import Proxy
from app.auctions.rules.price import judge_ceiling, said_en, said_zh
from app.auctions.rules.proxies import answer
from app.auctions.rules.record import Minutes
from app.auctions.rules.terms import Format
from app.auctions.states import BIDDING, ENDED, AuctionStatus
from app.kit.money import yuan

_WAITING: Final = (AuctionStatus.READY, AuctionStatus.ADJOURNED)
"""Codes are drawn and nobody bids: a maximum may be left for later."""


def set_proxy(minutes: Minutes, command: SetProxy) -> None:
    """Leave a maximum, in place of an earlier one, which it may lower; then it bids as far as it must.

    In this order: allowed by the notice; the moment; the bidder and its mandate; no royalty above the whole; high enough
    to count now (whoever leads may lower his as far as the price).
    """
    if not minutes.now.terms.proxy_allowed or minutes.now.terms.format is not Format.ASCENDING:
        raise ProxyNotAllowed()
    _judge_moment(minutes)
    code = judge_bidder(minutes.now, command.bidder, may_lead=True)
    judge_mandate(minutes.now, command.bidder, command.max_minor, field="/body/maximum")
    judge_ceiling(minutes.now.terms.price, command.max_minor, field="/body/maximum")
    _judge_maximum(minutes, code, command.max_minor)
    minutes.enter(ProxyCommitted(seq=minutes.seq, at=minutes.at, commitment=command.commitment))
    mine = Proxy(no=command.no, code=code, max_minor=command.max_minor)
    others = tuple(proxy for proxy in minutes.given.proxies if proxy.code != code)
    minutes.given = replace(minutes.given, proxies=(*others, mine))
    before = minutes.now.bid_no
    answer(minutes)
    if minutes.now.bid_no > before:
        extend(minutes)


def cancel_proxy(minutes: Minutes, command: CancelProxy) -> None:
    """Take the maximum back. What it has bid stands."""
    now = minutes.now
    if now.status in ENDED or command.commitment is None:
        raise ProxyAbsent()
    judge_bidder(now, command.bidder, may_lead=True)
    minutes.enter(ProxyWithdrawn(seq=minutes.seq, at=minutes.at, commitment=command.commitment))


def _judge_moment(minutes: Minutes) -> None:
    status = minutes.now.status
    if status is AuctionStatus.CANCELLED:
        raise AuctionCancelled()
    if status in BIDDING or status is AuctionStatus.SUSPENDED:
        judge_moment(minutes)
    elif status in ENDED or status is AuctionStatus.PRIORITY_PENDING:
        raise BiddingEnded(ends_at=None, judged_at=None)
    elif status not in _WAITING:
        raise ProxyTooEarly()


def _judge_maximum(minutes: Minutes, code: str, max_minor: int) -> None:
    now = minutes.now
    leads = now.lead is not None and now.lead.code == code
    least = now.lead.amount_minor if now.lead is not None and leads else now.next_minor
    if max_minor < least:
        raise ProxyBelowNext(
            f"委托上限至少为{said_zh(now.terms.price, least)}。",
            f"The maximum must be at least {said_en(now.terms.price, least)}.",
            field="/body/maximum",
            next_amount=yuan(least),
        )
