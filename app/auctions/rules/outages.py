"""Outage fairness: what our faults took from bidders and registrants is given back before anything else is judged.

Every command begins here, with the outages that this sale has not been judged by. What was due before an outage began
happens first, as it would have; then ends that the outage touched are postponed by at least a full window, or, past the
limit, the sale is suspended for a person to resume. Only then does happen what is due. So a close or a deadline that
passed while nobody could reach us never takes effect, whoever comes first after it: a bid, a timer, a clerk.

Source: house rule, after 法释〔2016〕18号 art. 28; thresholds are parameters of the rule profile, pinned with the terms.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.auctions.rules.closing import close_rule
from app.auctions.rules.commands import SuspendReason
from app.auctions.rules.facts import Postponed, Suspended
from app.auctions.rules.record import Minutes
from app.auctions.rules.snapshot import Snapshot
from app.auctions.rules.terms import Timetable
from app.auctions.rules.timing import catch_up
from app.auctions.states import AuctionStatus
from app.kit.dates import market_date
from app.kit.outages import Outage
from app.markets.fairness import deadline_touched, later, reason_en, reason_zh, touched

_S = AuctionStatus
_CLOCKED = (_S.FREE_BIDDING, _S.TIMED_BIDDING, _S.SEALING)
_REGISTERING = (_S.NOTICED, _S.REGISTRATION_OPEN)


@dataclass(frozen=True, kw_only=True)
class _Ends:
    """Every instant that an outage may move."""

    timetable: Timetable
    ends_at: datetime | None
    priority_until: datetime | None
    continues_at: datetime | None


def compensate(minutes: Minutes) -> None:
    """Judge the sale by every outage that it has not been judged by, in their order."""
    for outage in minutes.given.outages:
        if outage.no > minutes.now.outage_no:
            catch_up(minutes, before=outage.began_at)
            _judge(minutes, outage)


def _judge(minutes: Minutes, outage: Outage) -> None:
    now, at = minutes.now, minutes.at
    if now.timetable is None:
        return
    before = _Ends(
        timetable=now.timetable,
        ends_at=now.ends_at,
        priority_until=now.priority.until,
        continues_at=now.today.continues_at,
    )
    after = _moved(now, before, outage, at)
    called = now.status is _S.ON_THE_BLOCK and now.hall.calls > 0
    calls_broken = called and outage.seconds > now.terms.fairness.bid_seconds
    if after == before and not calls_broken:
        return
    if outage.seconds > now.terms.fairness.suspend_seconds and not calls_broken:
        minutes.enter(
            Suspended(
                seq=minutes.seq,
                at=at,
                reason=SuspendReason.SYSTEM_FAULT,
                note=f"{reason_zh(outage)}时间较长，本场中止，恢复前另行公告。",
                since=outage.began_at,
                outage_no=outage.no,
            )
        )
        return
    minutes.enter(
        Postponed(
            seq=minutes.seq,
            at=at,
            outage_no=outage.no,
            began_at=outage.began_at,
            ended_at=outage.ended_at,
            timetable=after.timetable,
            free_ends_at=now.free_ends_at,
            ends_at=after.ends_at,
            priority_until=after.priority_until,
            continues_at=after.continues_at,
            reason_zh=reason_zh(outage),
            reason_en=reason_en(outage),
        )
    )


def _moved(now: Snapshot, ends: _Ends, outage: Outage, at: datetime) -> _Ends:
    """The ends of the present stage, those that the outage touched moved."""
    notice = timedelta(seconds=max(now.terms.window_seconds, now.terms.restart_notice_seconds))
    if now.status in (*_REGISTERING, _S.REGISTRATION_CLOSED):
        return replace(ends, timetable=_deadlines(now, ends.timetable, outage, at))
    if now.status in _CLOCKED:
        return replace(ends, ends_at=_end(now, ends.ends_at, outage, at))
    if now.status is _S.PRIORITY_PENDING:
        return replace(ends, priority_until=_end(now, ends.priority_until, outage, at))
    # What begins during an outage and would end with it, or soon after it, begins later.
    if now.status is _S.READY and not now.terms.called_up:
        would_end = close_rule(now.terms).phases(now.terms, ends.timetable.starts_at).ends_at
        if _is_touched(now, would_end, outage):
            return replace(ends, timetable=replace(ends.timetable, starts_at=at + notice))
    if now.status is _S.ADJOURNED and ends.ends_at and ends.continues_at and now.today.adjourned_at:
        left = max(ends.ends_at - now.today.adjourned_at, timedelta(seconds=_window(now)))
        if _is_touched(now, ends.continues_at + left, outage):
            return replace(ends, continues_at=at + notice)
    return ends


def _window(now: Snapshot) -> int:
    """A full window of this sale, in seconds; where the terms have none, the notice of a restart."""
    return now.terms.window_seconds or now.terms.restart_notice_seconds


def _is_touched(now: Snapshot, instant: datetime | None, outage: Outage) -> bool:
    return touched(
        instant,
        outage,
        longer_than=now.terms.fairness.bid_seconds,
        window_seconds=_window(now),
    )


def _end(now: Snapshot, instant: datetime | None, outage: Outage, at: datetime) -> datetime | None:
    if instant is None or not _is_touched(now, instant, outage):
        return instant
    return later(instant, at, window_seconds=_window(now))


def _deadlines(now: Snapshot, table: Timetable, outage: Outage, at: datetime) -> Timetable:
    """Registration and deposits, each by its own; the start only where deposits would be due on a later day."""
    fairness = now.terms.fairness
    window = fairness.deadline_window_seconds

    def moved(instant: datetime) -> datetime:
        if not deadline_touched(instant, outage, fairness):
            return instant
        return later(instant, at, window_seconds=window)

    open_still = now.status in _REGISTERING
    closes_at = moved(table.registration_closes_at) if open_still else table.registration_closes_at
    due_at = max(moved(table.deposit_due_at), closes_at)
    days = market_date(due_at) - market_date(table.deposit_due_at)
    return replace(
        table,
        registration_closes_at=closes_at,
        deposit_due_at=due_at,
        starts_at=table.starts_at + timedelta(days=days.days),
    )
