"""Suspension, resumption, cancellation 中止、恢复、撤销."""

from dataclasses import replace
from datetime import datetime, timedelta

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
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Organiser, Timetable
from app.auctions.states import BIDDING, LIVE, AuctionStatus


def suspend(minutes: Minutes, command: Suspend) -> None:
    """Interrupt a published sale; periods stand still."""
    require_stage(minutes, *LIVE)
    minutes.enter(Suspended(seq=minutes.seq, at=minutes.at, reason=command.reason, note=command.note))


def resume(minutes: Minutes, command: Resume) -> None:
    """Continue. Every period gets back what it had left, and bidders at least a window. Source: house rule."""
    now, at = minutes.now, minutes.at
    if now.status is not AuctionStatus.SUSPENDED or now.timetable is None:
        raise NotSuspended(status_now=str(now.status))
    minutes.enter(
        Resumed(
            seq=minutes.seq,
            at=at,
            note=command.note,
            status=now.stage,
            timetable=_shifted(now, now.timetable, at),
            free_ends_at=None if now.free_ends_at is None else _later(now, now.free_ends_at, at),
            ends_at=close_rule(now.terms).resumed_end(now, at),
        )
    )


def cancel(minutes: Minutes, command: Cancel) -> None:
    """End the sale without a winner.

    The seller withdraws before the bidding begins, and not afterwards. Source: house rule; 拍卖法 art. 29 where a
    licensed auction house runs the sale.
    """
    now = minutes.now
    require_stage(minutes, AuctionStatus.DRAFT, *LIVE, AuctionStatus.SUSPENDED)
    if command.reason is CancelReason.SELLER_WITHDRAWAL and now.stage in BIDDING:
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
    shifted = Timetable(
        registration_opens_at=_later(now, table.registration_opens_at, at),
        registration_closes_at=_later(now, table.registration_closes_at, at),
        deposit_due_at=_later(now, table.deposit_due_at, at),
        starts_at=_later(now, table.starts_at, at),
    )
    if now.stage in BIDDING or shifted.starts_at == table.starts_at:
        return shifted
    soonest = at + timedelta(seconds=now.terms.restart_notice_seconds)
    return replace(shifted, starts_at=max(shifted.starts_at, soonest))


def _later(now: Snapshot, instant: datetime, at: datetime) -> datetime:
    if now.suspended_at is None or instant < now.suspended_at:
        return instant
    return instant + (at - now.suspended_at)
