"""Whether a bid counts: the state and the time, then the bidder, then the amount."""

from app.auctions.errors import (
    AlreadyHighest,
    AuctionCancelled,
    BidderDepositNotHeld,
    BidderNotQualified,
    BidderNotRegistered,
    BiddingEnded,
    BiddingNotStarted,
    BiddingSuspended,
    SellerMayNotBid,
)
from app.auctions.rules.closing import close_rule
from app.auctions.rules.commands import PlaceBid
from app.auctions.rules.facts import BidPlaced, Extended
from app.auctions.rules.formats import format_of
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot, Standing
from app.auctions.states import BIDDING, AuctionStatus
from app.kit.dates import wire

_TOO_EARLY = (
    AuctionStatus.DRAFT,
    AuctionStatus.NOTICED,
    AuctionStatus.REGISTRATION_OPEN,
    AuctionStatus.REGISTRATION_CLOSED,
    AuctionStatus.READY,
)


def place_bid(minutes: Minutes, command: PlaceBid) -> None:
    """Enter the bid, and the extension that it brings. The order of refusals is `engine.decide`'s."""
    judge_moment(minutes)
    code = judge_bidder(minutes.now, command.bidder)
    format_of(minutes.now.terms).judge_amount(minutes.now, command.amount_minor)
    bid = BidPlaced(
        seq=minutes.seq,
        at=minutes.at,
        bid_no=minutes.now.bid_no + 1,
        bidder_code=code,
        amount_minor=command.amount_minor,
    )
    minutes.enter(bid)
    end = close_rule(minutes.now.terms).extended_to(minutes.now, minutes.at)
    if end is not None:
        count = minutes.now.extension_count + 1
        minutes.enter(
            Extended(
                seq=minutes.seq,
                at=minutes.at,
                ends_at=end,
                extension_count=count,
                bid_seq=bid.seq,
            )
        )


def judge_moment(minutes: Minutes) -> None:
    """Refuse a bid at a moment at which none counts: cancelled, suspended, not started, ended."""
    now = minutes.now
    if now.status is AuctionStatus.CANCELLED:
        raise AuctionCancelled()
    if now.status is AuctionStatus.SUSPENDED:
        raise BiddingSuspended()
    if now.status in _TOO_EARLY:
        starts_at = wire(now.timetable.starts_at) if now.timetable else None
        raise BiddingNotStarted(starts_at=starts_at)
    if now.status not in BIDDING or not close_rule(now.terms).accepts(now, minutes.at):
        raise BiddingEnded(
            ends_at=wire(now.ends_at) if now.ends_at else None,
            judged_at=wire(minutes.at),
        )


def judge_bidder(now: Snapshot, bidder: Standing) -> str:
    """The bidder's code, or the first refusal: seller, not registered, not qualified, no deposit, already highest.

    Source: house rules; 拍卖法 art. 22 and 30 say the same of the seller where a licensed auction house runs the sale.
    """
    if bidder.is_seller or bidder.is_related:
        raise SellerMayNotBid()
    if not bidder.is_registered:
        raise BidderNotRegistered()
    if not bidder.is_qualified or bidder.code is None:
        raise BidderNotQualified()
    if now.terms.deposit_minor and not bidder.deposit_held:
        raise BidderDepositNotHeld()
    if bidder.code == now.leader_code:
        raise AlreadyHighest()
    return bidder.code
