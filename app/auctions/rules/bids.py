"""Whether a bid counts: the state and the time, then the bidder, then the amount; and what it brings."""

from app.auctions.errors import (
    AlreadyHighest,
    AuctionCancelled,
    BidderBarred,
    BidderDepositNotHeld,
    BidderNotQualified,
    BidderNotRegistered,
    BiddingEnded,
    BiddingNotStarted,
    BiddingSuspended,
    BidJumpUnconfirmed,
    MandateExceeded,
    NotInHall,
    NotTheAgent,
    NoUnitFree,
    SellerMayNotBid,
)
from app.auctions.errors.sealed import EnvelopesOnly
from app.auctions.rules.closing import close_rule
from app.auctions.rules.commands import BidVia, PlaceBid
from app.auctions.rules.facts import BidPlaced, Extended
from app.auctions.rules.formats import format_of
from app.auctions.rules.price import judge_ceiling, said_en, said_zh
from app.auctions.rules.proxies import answer
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot, Standing
from app.auctions.rules.terms import CloseKind, PriorityStyle
from app.auctions.states import BIDDING, SEALED, AuctionStatus
from app.kit.dates import wire
from app.kit.frozen import made
from app.kit.money import yuan

_TOO_EARLY = (
    AuctionStatus.DRAFT,
    AuctionStatus.NOTICED,
    AuctionStatus.REGISTRATION_OPEN,
    AuctionStatus.REGISTRATION_CLOSED,
    AuctionStatus.READY,
    AuctionStatus.ADJOURNED,
)


def place_bid(minutes: Minutes, command: PlaceBid) -> None:
    """Enter the bid, the automatic bids that answer it, and the extension. The order of refusals is `engine.decide`'s."""
    judge_moment(minutes)
    code = judge_bidder(minutes.now, command.bidder)
    if command.via is BidVia.FLOOR and minutes.now.terms.close is not CloseKind.HAMMER:
        raise NotInHall()
    judge_mandate(minutes.now, command.bidder, command.amount_minor, field="/body/amount")
    judge_ceiling(minutes.now.terms.price, command.amount_minor, field="/body/amount")
    matches = _matches(minutes.now, command)
    if not matches:
        _judge_amount(minutes.now, command)
    bid = made(
        BidPlaced,
        seq=minutes.seq,
        at=minutes.at,
        bid_no=minutes.now.bid_no + 1,
        bidder_code=code,
        amount_minor=command.amount_minor,
        via=BidVia.PRIORITY if matches else command.via,
        rank=command.bidder.priority_rank if matches else None,
    )
    minutes.enter(bid)
    answer(minutes, to_bid_no=bid.bid_no)
    extend(minutes)


def extend(minutes: Minutes) -> None:
    """Enter the extension that the latest bid brings, if it does."""
    now = minutes.now
    end = close_rule(now.terms).extended_to(now, minutes.at)
    if end is not None and now.lead is not None:
        minutes.enter(
            Extended(
                seq=minutes.seq,
                at=minutes.at,
                ends_at=end,
                extension_count=now.extension_count + 1,
                bid_seq=now.lead.seq,
            )
        )


def judge_mandate(now: Snapshot, bidder: Standing, amount_minor: int, *, field: str | None) -> None:
    """Refuse a number above what the buyer's letter lets its agent bid. House rule."""
    if bidder.limit_minor is not None and amount_minor > bidder.limit_minor:
        raise MandateExceeded(
            f"授权上限为{said_zh(now.terms.price, bidder.limit_minor)}。",
            f"The mandate ends at {said_en(now.terms.price, bidder.limit_minor)}.",
            field=field,
            limit=yuan(bidder.limit_minor),
        )


def _matches(now: Snapshot, command: PlaceBid) -> bool:
    """Whether a holder of first refusal takes the current price: of a better rank than whoever holds it by such a match."""
    rank, lead = command.bidder.priority_rank, now.lead
    if now.terms.priority is not PriorityStyle.IN_ROOM or rank is None or lead is None:
        return False
    return command.amount_minor == lead.amount_minor and (lead.rank is None or rank < lead.rank)


def _judge_amount(now: Snapshot, command: PlaceBid) -> None:
    """What the format says of the amount; then whether a person meant a large jump, and has a deposit unit for it."""
    format_of(now.terms).judge_amount(now, command.amount_minor)
    base = now.terms.start_price_minor if now.lead is None else now.lead.amount_minor
    free = max(now.increment_minor * now.terms.jump_confirm_steps, base * now.terms.jump_confirm_bp // 10_000)
    if command.via is BidVia.WEB and not command.confirmed and command.amount_minor - base > free:
        raise BidJumpUnconfirmed(
            f"本次加价{said_zh(now.terms.price, command.amount_minor - base)}，超过{said_zh(now.terms.price, free)}的需再次确认。",
            f"The raise is {said_en(now.terms.price, command.amount_minor - base)}; above {said_en(now.terms.price, free)} it must be confirmed.",
            field="/body/confirm_jump",
            raise_amount=yuan(command.amount_minor - base),
            confirm_above=yuan(free),
        )


def judge_moment(minutes: Minutes) -> None:
    """Refuse a bid at a moment at which none counts: cancelled, suspended, not started, ended."""
    now = minutes.now
    if now.status is AuctionStatus.CANCELLED:
        raise AuctionCancelled()
    if now.status is AuctionStatus.SUSPENDED:
        raise BiddingSuspended()
    if now.status in SEALED:
        raise EnvelopesOnly()
    if now.status in _TOO_EARLY:
        starts_at = now.today.continues_at or (now.timetable.starts_at if now.timetable else None)
        raise BiddingNotStarted(starts_at=wire(starts_at) if starts_at else None)
    if now.status not in BIDDING or not close_rule(now.terms).accepts(now, minutes.at):
        raise BiddingEnded(
            ends_at=wire(now.ends_at) if now.ends_at else None,
            judged_at=wire(minutes.at),
        )


def judge_bidder(now: Snapshot, bidder: Standing, *, may_lead: bool = False) -> str:
    """The bidder's code, or the first refusal: seller, not registered, not qualified, barred, not the agent, no deposit, no unit, leads.

    may_lead: whether it is no objection that he leads. Source: house rules; 拍卖法 art. 22 and 30 say the same of the
    seller where a licensed auction house runs the sale.
    """
    if bidder.is_seller or bidder.is_related:
        raise SellerMayNotBid()
    if not bidder.is_registered:
        raise BidderNotRegistered()
    if not bidder.is_qualified or bidder.code is None:
        raise BidderNotQualified()
    if bidder.is_barred:
        raise BidderBarred()
    if not bidder.is_agent:
        raise NotTheAgent()
    if now.terms.deposit_minor and not bidder.deposit_held:
        raise BidderDepositNotHeld()
    leads = bidder.code == now.leader_code
    if bidder.units_free is not None and bidder.units_free < 1 and not leads:
        raise NoUnitFree()
    if leads and not may_lead:
        raise AlreadyHighest()
    return bidder.code
