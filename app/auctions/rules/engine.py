"""The engine's door: `decide`, `due`, `apply`, `replay`.

`decide` first lets happen what is due (a late timer shifts nothing), then judges the command, and returns the facts
in their order, or raises exactly one refusal, in which case nothing has happened at all.

The order of refusals of a bid is part of the API:

 1. `auction_cancelled`            6. `bidder_not_registered`      11. `bid_not_above_current`
 2. `bidding_suspended`            7. `bidder_not_qualified`       12. `bid_off_ladder`
 3. `bidding_not_started`          8. `bidder_deposit_not_held`    13. `bid_above_jump_cap`
 4. `bidding_ended`                9. `already_highest`
 5. `seller_may_not_bid`          10. `bid_below_start`
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from app.auctions.rules import bids, interruption, notice
from app.auctions.rules.commands import (
    CallCompetition,
    Cancel,
    Command,
    MarkReady,
    PlaceBid,
    PublishNotice,
    Resume,
    Suspend,
    Tick,
)
from app.auctions.rules.facts import Fact
from app.auctions.rules.record import Minutes, apply, draft, replay
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.timing import catch_up, due

_JUDGES: Final[dict[type, Callable[[Minutes, Any], None]]] = {
    PublishNotice: notice.publish_notice,
    CallCompetition: notice.call_competition,
    MarkReady: notice.mark_ready,
    PlaceBid: bids.place_bid,
    Tick: lambda minutes, _: None,
    Suspend: interruption.suspend,
    Resume: interruption.resume,
    Cancel: interruption.cancel,
}


def decide(snapshot: Snapshot, command: Command, at: datetime) -> tuple[Fact, ...]:
    """The facts that the command brings at market time `at`, or one refusal raised.

    A clock that went backwards is held at the latest fact: it reopens nothing and accepts nothing under an
    earlier price.
    """
    held = at if snapshot.last_at is None else max(at, snapshot.last_at)
    minutes = Minutes(snapshot, held)
    catch_up(minutes)
    _JUDGES[type(command)](minutes, command)
    return tuple(minutes.facts)


__all__ = ["apply", "decide", "draft", "due", "replay"]
