"""What the reference says to every command: the code of the refusal, or what follows. Plain words, in the rules' order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from app.auctions.rules.commands import (
    Call,
    Cancel,
    CancelProxy,
    Command,
    CorrectFloorBid,
    ExercisePriority,
    Hammer,
    OpenLot,
    PassIn,
    PlaceBid,
    Resume,
    SetProxy,
    Suspend,
    Tick,
    WaivePriority,
)
from app.auctions.rules.terms import CloseKind
from tests.simulation.oracle import BIDDING, ENDED, Oracle


def ask(oracle: Oracle, command: Command, at: datetime) -> str | None:
    """Let the sale do it, where it may: None. Else the code of the refusal, and nothing is done."""
    return _ORDERS[type(command)](oracle, command, at)


def _bid(oracle: Oracle, asked: PlaceBid, at: datetime) -> str | None:
    refused = oracle.refusal_of(asked, at)
    if refused is None:
        oracle.accept(asked, at)
    return refused


def _set_proxy(oracle: Oracle, asked: SetProxy, at: datetime) -> str | None:
    phase = oracle.phase(at)
    if not oracle.terms.proxy_allowed:
        return "proxy_not_allowed"
    if phase != "ready" and (refused := oracle.refusal_of_moment(at)):
        return refused
    if refused := oracle.refusal_of_person(asked.bidder, may_lead=True):
        return refused
    if oracle.above_whole(asked.max_minor):
        return "royalty_above_whole"
    lead = oracle.lead()
    leads = lead is not None and lead.code == asked.bidder.code
    if asked.max_minor < (lead.amount if lead is not None and leads else oracle.least()):
        return "proxy_below_next"
    assert asked.bidder.code is not None
    oracle.maxima[asked.bidder.code] = (asked.no, asked.max_minor)
    if phase in BIDDING and oracle.answer():
        oracle.quiet()
        oracle.extend(at)
    return None


def _cancel_proxy(oracle: Oracle, asked: CancelProxy, at: datetime) -> str | None:
    if oracle.phase(at) in ENDED or asked.commitment is None:
        return "proxy_absent"
    if refused := oracle.refusal_of_person(asked.bidder, may_lead=True):
        return refused
    assert asked.bidder.code is not None
    oracle.maxima.pop(asked.bidder.code, None)
    return None


def _open(oracle: Oracle, _: OpenLot, at: datetime) -> str | None:
    if oracle.phase(at) != "ready":
        return "auction_stage"
    if not oracle.terms.called_up:
        return "lot_not_called_up"
    if at < oracle.starts_at:
        return "lot_too_early"
    if oracle.terms.close is not CloseKind.HAMMER:
        oracle.free_ends_at = at + timedelta(seconds=oracle.terms.free_seconds)
        oracle.ends_at = oracle.free_ends_at + timedelta(seconds=oracle.terms.window_seconds)
    oracle.begun = True
    oracle.answer()
    return None


def _in_hall(oracle: Oracle, at: datetime) -> str | None:
    if oracle.terms.close is not CloseKind.HAMMER:
        return "not_in_hall"
    return None if oracle.phase(at) == "on_the_block" else "auction_stage"


def _call(oracle: Oracle, asked: Call, at: datetime) -> str | None:
    if refused := _in_hall(oracle, at):
        return refused
    if asked.number != oracle.calls + 1 or asked.number > 3:
        return "call_out_of_order"
    if oracle.lead() is None:
        return "nothing_to_knock_down"
    if oracle.warns_until is not None and at < oracle.warns_until:
        return "call_too_early"
    oracle.calls, oracle.warns_until = asked.number, at + timedelta(seconds=oracle.terms.call_seconds)
    return None


def _hammer(oracle: Oracle, _: Hammer, at: datetime) -> str | None:
    if refused := _in_hall(oracle, at):
        return refused
    if oracle.lead() is None:
        return "nothing_to_knock_down"
    if oracle.calls < 3 or oracle.warns_until is None or at < oracle.warns_until:
        return "hammer_too_early"
    oracle.conclude(at)
    return None


def _pass_in(oracle: Oracle, _: PassIn, at: datetime) -> str | None:
    if refused := _in_hall(oracle, at):
        return refused
    lead = oracle.lead()
    if lead is not None and lead.amount >= oracle.reserve:
        return "bid_stands"
    oracle.ended = "passed_in"
    return None


def _correct(oracle: Oracle, asked: CorrectFloorBid, at: datetime) -> str | None:
    if refused := _in_hall(oracle, at):
        return refused
    if oracle.correctable is None or asked.bid_no != oracle.correctable + 1:
        return "correction_too_late"
    oracle.strike()
    return None


def _priority(oracle: Oracle, asked: ExercisePriority | WaivePriority, at: datetime) -> str | None:
    if refused := oracle.refusal_of_person(asked.bidder, may_lead=True):
        return refused
    code = asked.bidder.code
    if oracle.phase(at) != "priority_pending" or code not in oracle.holders:
        return "priority_refused"
    if code in oracle.answered:
        return "priority_answered"
    oracle.answered.add(code)
    if isinstance(asked, ExercisePriority):
        oracle.taken.append((oracle.holders[code], code))
    waiting = [rank for holder, rank in oracle.holders.items() if holder not in oracle.answered]
    best = min((rank for rank, _ in oracle.taken), default=None)
    if not waiting or (best is not None and best <= min(waiting)):
        oracle.award()
    return None


def _suspend(oracle: Oracle, _: Suspend, at: datetime) -> str | None:
    phase = oracle.phase(at)
    if phase in (*ENDED, "suspended"):
        return "auction_stage"
    oracle.suspended = (at, phase)
    return None


def _resume(oracle: Oracle, _: Resume, at: datetime) -> str | None:
    """What lay ahead moves by the length of the pause, and bidders get at least a window."""
    if oracle.suspended is None:
        return "not_suspended"
    since, phase = oracle.suspended
    pause, terms = at - since, oracle.terms
    notice, window = timedelta(seconds=terms.restart_notice_seconds), timedelta(seconds=terms.window_seconds)
    if phase == "ready":
        if pause and oracle.starts_at >= since:
            oracle.starts_at = max(oracle.starts_at + pause, at + notice)
        oracle.__post_init__()
    else:
        if oracle.free_ends_at is not None and oracle.free_ends_at >= since:
            oracle.free_ends_at += pause
        if oracle.ends_at is not None:
            oracle.ends_at = max(oracle.ends_at + pause, at + max(window, notice))
        if oracle.first_refusal_until is not None:
            oracle.first_refusal_until += pause
    oracle.suspended = None
    oracle.calls, oracle.warns_until = 0, None
    return None


def _cancel(oracle: Oracle, _: Cancel, at: datetime) -> str | None:
    if oracle.phase(at) in ENDED:
        return "auction_stage"
    oracle.ended, oracle.suspended, oracle.first_refusal_until = "cancelled", None, None
    return None


def _nothing(_: Oracle, __: Tick, ___: datetime) -> str | None:
    return None


_ORDERS: Final[dict[type, Callable[[Oracle, Any, datetime], str | None]]] = {
    PlaceBid: _bid,
    SetProxy: _set_proxy,
    CancelProxy: _cancel_proxy,
    OpenLot: _open,
    Call: _call,
    Hammer: _hammer,
    PassIn: _pass_in,
    CorrectFloorBid: _correct,
    ExercisePriority: _priority,
    WaivePriority: _priority,
    Suspend: _suspend,
    Resume: _resume,
    Cancel: _cancel,
    Tick: _nothing,
}
