"""Suspension, resumption, cancellation 中止、恢复、撤销."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from app.auctions.errors import (
    NotSuspended,
    StatutoryWithdrawalAfterStart,
    WithdrawalAfterStart,
)
from app.auctions.rules.closing import close_rule
from app.auctions.rules.commands import Cancel, CancelReason, Resume, Suspend
from app.auctions.rules.facts import Cancelled, Resumed, Suspended
from app.auctions.rules.notice import require_stage
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot, Today
from app.auctions.rules.terms import Organiser, Timetable
from app.auctions.states import BEGUN, LIVE, AuctionStatus

Moment = TypeVar("Moment", datetime, datetime | None)


def suspend(minutes: Minutes, command: Suspend) -> None:
    """Interrupt a published sale; periods stand still."""
    require_stage(minutes, *LIVE)
    minutes.enter(Suspended(seq=minutes.seq, at=minutes.at, reason=command.reason, note=command.note))


def resume(minutes: Minutes, command: Resume) -> None:
    """Continue. Every period gets back what it had left, and bidders at least a window. Source: house rule."""
    now, at = minutes.now, minutes.at
    if now.status is not AuctionStatus.SUSPENDED or now.timetable is None:
        raise NotSuspended(status_now=str(now.status))
    adjourned = now.stage is AuctionStatus.ADJOURNED
    minutes.enter(
        Resumed(
            seq=minutes.seq,
            at=at,
            note=command.note,
            status=now.stage,
            timetable=_shifted(now, now.timetable, at),
            free_ends_at=now.free_ends_at if adjourned else _later(now, now.free_ends_at, at),
            ends_at=now.ends_at if adjourned else close_rule(now.terms).resumed_end(now, at),
            priority_until=_later(now, now.priority.until, at),
            today=_today(now, at),
        )
    )


def _today(now: Snapshot, at: datetime) -> Today:
    """A limit that was overtaken binds no more on this day; an adjourned sale that was gets notice of its restart."""
    today = now.today
    limit_at = today.limit_at if today.limit_at is None or at < today.limit_at else None
    soonest = at + timedelta(seconds=now.terms.restart_notice_seconds)
    overtaken = today.continues_at is not None and today.continues_at < soonest
    continues_at = soonest if overtaken and now.stage is AuctionStatus.ADJOURNED else today.continues_at
    return replace(today, limit_at=limit_at, continues_at=continues_at)


def cancel(minutes: Minutes, command: Cancel) -> None:
    """End the sale without a winner.

    The seller withdraws before the bidding begins, and not afterwards. Source: house rule; 拍卖法 art. 29 where a
    licensed auction house runs the sale.
    """
    now = minutes.now
    require_stage(minutes, AuctionStatus.DRAFT, *LIVE, AuctionStatus.SUSPENDED)
    if command.reason is CancelReason.SELLER_WITHDRAWAL and now.stage in BEGUN:
        statutory = now.terms.organiser is Organiser.LICENSED_AUCTION_HOUSE
        raise (StatutoryWithdrawalAfterStart if statutory else WithdrawalAfterStart)()
    minutes.enter(
        Cancelled(
            seq=minutes.seq,
            at=minutes.at,
            reason=command.reason,
            document_no=command.document_no,
            note=command.note,
        )
    )


def _shifted(now: Snapshot, table: Timetable, at: datetime) -> Timetable:
    """What lay ahead at the interruption moves by its length; what was past stays."""
    shifted = Timetable(**{name: _later(now, instant, at) for name, instant in vars(table).items()})
    if now.stage in BEGUN or shifted.starts_at == table.starts_at:
        return shifted
    soonest = at + timedelta(seconds=now.terms.restart_notice_seconds)
    return replace(shifted, starts_at=max(shifted.starts_at, soonest))


def _later(now: Snapshot, instant: Moment, at: datetime) -> Moment:
    if instant is None or now.suspended_at is None or instant < now.suspended_at:
        return instant
    return instant + (at - now.suspended_at)
