"""The engine's door: `decide`, `due`, `apply`, `replay`.

`decide` first gives back what outages took, then holds what an objection to the notice holds, then lets happen what is due (a late timer shifts nothing), then judges the command, and returns the facts
in their order, or raises exactly one refusal, in which case nothing has happened at all.

The order of refusals of a bid is part of the API:

 1. `auction_cancelled`            8. `bidder_barred`              15. `bid_below_start`
 2. `bidding_suspended`            9. `not_the_agent`              16. `bid_not_above_current`
 3. `bidding_not_started`         10. `bidder_deposit_not_held`    17. `bid_off_ladder`
 4. `bidding_ended`               11. `no_unit_free`               18. `bid_above_jump_cap`
 5. `seller_may_not_bid`          12. `already_highest`            19. `bid_jump_unconfirmed`
 6. `bidder_not_registered`       13. `mandate_exceeded`
 7. `bidder_not_qualified`        14. `royalty_above_whole`
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from app.auctions.rules import bids, hall, interruption, mandates, notice, objections, outages, priority
from app.auctions.rules.commands import (
    Call,
    CallCompetition,
    Cancel,
    CancelProxy,
    Command,
    CorrectFloorBid,
    ExercisePriority,
    Hammer,
    MarkReady,
    OpenLot,
    PassIn,
    PlaceBid,
    PublishNotice,
    Resume,
    SetProxy,
    Suspend,
    Tick,
    WaivePriority,
)
from app.auctions.rules.facts import Fact
from app.auctions.rules.given import NOTHING, Given
from app.auctions.rules.record import Minutes, apply, draft, replay
from app.auctions.rules.sealed import judging as sealed
from app.auctions.rules.sealed.commands import (
    DecideOpening,
    HaltOpening,
    OpenEnvelopes,
    PassRehearsal,
    Seal,
)
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.timing import catch_up, due

_JUDGES: Final[dict[type, Callable[[Minutes, Any], None]]] = {
    PublishNotice: notice.publish_notice,
    CallCompetition: notice.call_competition,
    MarkReady: notice.mark_ready,
    OpenLot: hall.open_lot,
    PlaceBid: bids.place_bid,
    SetProxy: mandates.set_proxy,
    CancelProxy: mandates.cancel_proxy,
    Call: hall.call,
    Hammer: hall.hammer,
    PassIn: hall.pass_in,
    CorrectFloorBid: hall.correct_floor_bid,
    ExercisePriority: priority.exercise,
    WaivePriority: priority.waive,
    Seal: sealed.seal,
    PassRehearsal: sealed.pass_rehearsal,
    OpenEnvelopes: sealed.open_envelopes,
    HaltOpening: sealed.halt,
    DecideOpening: sealed.decide_opening,
    Tick: lambda minutes, _: None,
    Suspend: interruption.suspend,
    Resume: interruption.resume,
    Cancel: interruption.cancel,
}


def decide(snapshot: Snapshot, command: Command, at: datetime, given: Given = NOTHING) -> tuple[Fact, ...]:
    """The facts that the command brings at market time `at`, or one refusal raised.

    given: what only the market knows (a secret reserve, maxima, the days of sale, an outage). A clock that went backwards
    is held at the latest fact: it reopens nothing and accepts nothing under an earlier price.
    """
    return tuple(judge(snapshot, command, at, given).facts)


def judge(snapshot: Snapshot, command: Command, at: datetime, given: Given = NOTHING) -> Minutes:
    """`decide`, with the snapshot to which the facts have led."""
    held = at if snapshot.last_at is None else max(at, snapshot.last_at)
    minutes = Minutes(snapshot, held, given)
    outages.compensate(minutes)
    objections.hold(minutes)
    catch_up(minutes)
    _JUDGES[type(command)](minutes, command)
    return minutes


__all__ = ["apply", "decide", "draft", "due", "judge", "replay"]
