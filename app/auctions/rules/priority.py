"""Rights of first refusal 优先受让权 after the close: taken or given up by their holders, or lapsed by time.

A better rank takes precedence; of equal ranks the earlier answer stands. Source: house rule, after 法释〔2016〕18号
art. 21; whose right it is says 民法典 art. 847, 859 and 860.
"""

from app.auctions.errors import PriorityAnswered, PriorityRefused
from app.auctions.rules.bids import judge_bidder, judge_mandate
from app.auctions.rules.commands import ExercisePriority, WaivePriority
from app.auctions.rules.facts import PriorityTaken, PriorityWaived
from app.auctions.rules.outcome import knock_down
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Holder, Standing
from app.auctions.states import AuctionStatus


def exercise(minutes: Minutes, command: ExercisePriority) -> None:
    """Take the lot at the price found; awarded at once unless a holder of a better rank has yet to answer."""
    holder = _holder(minutes, command.bidder)
    if minutes.now.current_minor is not None:
        judge_mandate(minutes.now, command.bidder, minutes.now.current_minor, field=None)
    minutes.enter(PriorityTaken(seq=minutes.seq, at=minutes.at, holder=holder))
    _conclude_if_settled(minutes)


def waive(minutes: Minutes, command: WaivePriority) -> None:
    """Give the right up; the last to answer lets the award happen."""
    holder = _holder(minutes, command.bidder)
    minutes.enter(PriorityWaived(seq=minutes.seq, at=minutes.at, holder=holder))
    _conclude_if_settled(minutes)


def lapse(minutes: Minutes) -> None:
    """The period is over: who has not answered has given up."""
    knock_down(minutes, minutes.now.priority.taken_by)


def _holder(minutes: Minutes, bidder: Standing) -> Holder:
    now = minutes.now
    code = judge_bidder(now, bidder, may_lead=True)
    holder = next((one for one in now.priority.holders if one.code == code), None)
    if now.status is not AuctionStatus.PRIORITY_PENDING or holder is None:
        raise PriorityRefused(status_now=str(now.status))
    if code in now.priority.answered:
        raise PriorityAnswered()
    return holder


def _conclude_if_settled(minutes: Minutes) -> None:
    """Nobody who has yet to answer could still come before whoever has taken the lot."""
    state = minutes.now.priority
    open_ranks = [one.rank for one in state.holders if one.code not in state.answered]
    best = state.taken_by
    if not open_ranks or (best is not None and best.rank <= min(open_ranks)):
        knock_down(minutes, best)
