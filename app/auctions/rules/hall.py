"""The auctioneer's commands: the lot called up, calls with a fair warning, the hammer, a corrected floor bid, a lot passed in.

House rules; 拍卖法 art. 51 and 52 where a licensed auction house runs the sale.
"""

from datetime import timedelta
from typing import Final

from app.auctions.errors import (
    BidStands,
    CallOutOfOrder,
    CallTooEarly,
    CorrectionTooLate,
    HammerTooEarly,
    LotNotCalledUp,
    LotTooEarly,
    NothingToKnockDown,
    NotInHall,
)
from app.auctions.rules.commands import Call, CorrectFloorBid, Hammer, OpenLot, PassIn
from app.auctions.rules.facts import BidCorrected, Called, PassedIn, PassReason
from app.auctions.rules.notice import require_stage
from app.auctions.rules.outcome import reserve_met, write_outcome
from app.auctions.rules.proxies import answer
from app.auctions.rules.record import Minutes
from app.auctions.rules.terms import CloseKind
from app.auctions.rules.timing import start
from app.auctions.states import AuctionStatus
from app.kit.dates import wire

CALLS: Final = 3


def open_lot(minutes: Minutes, _: OpenLot) -> None:
    """Begin the bidding on a lot that its session calls up, not before the announced start."""
    require_stage(minutes, AuctionStatus.READY)
    table = minutes.now.timetable
    assert table is not None
    if not minutes.now.terms.called_up:
        raise LotNotCalledUp()
    if minutes.at < table.starts_at:
        raise LotTooEarly(starts_at=wire(table.starts_at))
    start(minutes, minutes.at)


def call(minutes: Minutes, command: Call) -> None:
    """The next call. Those who bid online are warned for `call_seconds`; any bid begins the calls again."""
    _on_the_block(minutes)
    hall = minutes.now.hall
    if command.number != hall.calls + 1 or command.number > CALLS:
        raise CallOutOfOrder(next_call=min(hall.calls + 1, CALLS))
    if minutes.now.lead is None:
        raise NothingToKnockDown()
    if hall.warns_until is not None and minutes.at < hall.warns_until:
        raise CallTooEarly(warns_until=wire(hall.warns_until))
    warns_until = minutes.at + timedelta(seconds=minutes.now.terms.call_seconds)
    minutes.enter(Called(seq=minutes.seq, at=minutes.at, call=command.number, warns_until=warns_until))


def hammer(minutes: Minutes, _: Hammer) -> None:
    """Close the lot, after the third call and its warning."""
    _on_the_block(minutes)
    hall = minutes.now.hall
    if minutes.now.lead is None:
        raise NothingToKnockDown()
    if hall.calls < CALLS or hall.warns_until is None or minutes.at < hall.warns_until:
        until = wire(hall.warns_until) if hall.warns_until else None
        raise HammerTooEarly(calls=hall.calls, warns_until=until)
    write_outcome(minutes)


def pass_in(minutes: Minutes, _: PassIn) -> None:
    """Pass the lot in: nobody bids, or not up to the reserve."""
    _on_the_block(minutes)
    if minutes.now.lead is not None and reserve_met(minutes):
        raise BidStands()
    reason = PassReason.AUCTIONEER if minutes.now.lead is None else PassReason.RESERVE_NOT_MET
    minutes.enter(PassedIn(seq=minutes.seq, at=minutes.at, reason=reason))


def correct_floor_bid(minutes: Minutes, command: CorrectFloorBid) -> None:
    """Strike the latest floor bid while no person has bid after it, with the automatic bids that answered it."""
    _on_the_block(minutes)
    hall = minutes.now.hall
    if hall.floor_bid_no != command.bid_no:
        raise CorrectionTooLate(floor_bid_no=hall.floor_bid_no)
    minutes.enter(
        BidCorrected(
            seq=minutes.seq,
            at=minutes.at,
            bid_no=command.bid_no,
            last_bid_no=minutes.now.bid_no,
            lead=hall.before,
        )
    )
    # A maximum that was too low for the struck price may be high enough for the one that stands now.
    answer(minutes)


def _on_the_block(minutes: Minutes) -> None:
    if minutes.now.terms.close is not CloseKind.HAMMER:
        raise NotInHall()
    require_stage(minutes, AuctionStatus.ON_THE_BLOCK)
