"""Before the bidding: the notice and its timetable, the competition of a listed sale, finance's signature."""

from datetime import datetime, timedelta

from app.auctions.errors import (
    DepositDueTooLate,
    NoticeTooShort,
    OfferingNotForAuction,
    OperatorIsSeller,
    ReadyTooEarly,
    StageRefused,
    StatutoryNoticeTooShort,
    TermsPinned,
    TimetableOutOfOrder,
    TimetableTooFar,
)
from app.auctions.rules.bounds import check_terms
from app.auctions.rules.commands import CallCompetition, MarkReady, PublishNotice
from app.auctions.rules.facts import CompetitionCalled, Noticed, Readied
from app.auctions.rules.record import Minutes
from app.auctions.rules.sealed.rehearsal import check_rehearsed
from app.auctions.rules.sealed.terms import check_custody
from app.auctions.rules.terms import Organiser, Terms, Timetable
from app.auctions.states import AuctionStatus
from app.kit.dates import market_date, wire
from app.markets.auction_parameters import AuctionParameters


def check_horizon(table: Timetable, at: datetime, auction: AuctionParameters) -> None:
    """Refuse a timetable that lies too far from now (400 days). Asked before any of its dates is counted with."""
    days_max = auction.timetable_days_max.value
    span = timedelta(days=days_max)
    for name, instant in vars(table).items():
        if not at - span <= instant <= at + span:
            raise TimetableTooFar(field=f"/body/{name}", days_max=days_max)


def check_offering(*, path: str, status: str) -> None:
    """Refuse to draft an auction of what is not reviewed, or goes another way."""
    if path != "auction" or status != "approved":
        raise OfferingNotForAuction(path=path, status_now=status)


def check_draft(status: AuctionStatus) -> None:
    """Refuse to change terms that a notice has pinned."""
    if status is not AuctionStatus.DRAFT:
        raise TermsPinned(status_now=str(status))


def check_publisher(*, concerned: bool) -> None:
    """Nobody runs the sale of a party to which he belongs, whichever he acts for. Separation of duties, house rule."""
    if concerned:
        raise OperatorIsSeller()


def publish_notice(minutes: Minutes, command: PublishNotice) -> None:
    """Pin the terms and announce the sale.

    In this order: a draft; terms in bounds; the seats of a sealed sale taken; the timetable near and in order; enough calendar days of notice; deposits due
    at least a working day before the start.
    """
    require_stage(minutes, AuctionStatus.DRAFT)
    terms, table = minutes.now.terms, command.timetable
    check_terms(terms, command.bounds)
    if terms.sealed is not None:
        check_custody(terms.sealed)
    check_horizon(table, minutes.at, command.bounds.auction)
    _judge_order(minutes.at, table)
    _judge_notice_days(minutes.at, terms, table)
    if market_date(table.starts_at) < command.earliest_start_on:
        raise DepositDueTooLate(
            f"竞价最早可于{command.earliest_start_on}开始。",
            f"Bidding may start on {command.earliest_start_on} at the earliest.",
            field="/body/deposit_due_at",
            earliest_start_on=str(command.earliest_start_on),
        )
    minutes.enter(Noticed(seq=minutes.seq, at=minutes.at, terms=terms, timetable=table))


def call_competition(minutes: Minutes, command: CallCompetition) -> None:
    """Open the competition that a listing announced.

    Notice and registration took place there, and the listing was evaluated only after its deposits had been reconciled:
    the sale is ready at once.
    """
    require_stage(minutes, AuctionStatus.DRAFT)
    terms, table = minutes.now.terms, command.timetable
    check_terms(terms, command.bounds)
    _in_order(
        "registration_closes_at",
        table.registration_closes_at,
        "deposit_due_at",
        table.deposit_due_at,
    )
    _in_order("deposit_due_at", table.deposit_due_at, "starts_at", table.starts_at)
    _in_order("now", minutes.at, "starts_at", table.starts_at)
    minutes.enter(CompetitionCalled(seq=minutes.seq, at=minutes.at, terms=terms, timetable=table))
    minutes.enter(Readied(seq=minutes.seq, at=minutes.at, starts_at=table.starts_at))


def mark_ready(minutes: Minutes, command: MarkReady) -> None:
    """Deposits are reconciled. A signature after the announced start postpones it, with notice to bidders."""
    require_stage(minutes, AuctionStatus.REGISTRATION_CLOSED)
    table = minutes.now.timetable
    assert table is not None
    if minutes.at < table.deposit_due_at:
        raise ReadyTooEarly(deposit_due_at=wire(table.deposit_due_at))
    check_rehearsed(minutes.now)
    starts_at = table.starts_at
    if starts_at < minutes.at:
        starts_at = minutes.at + timedelta(seconds=minutes.now.terms.restart_notice_seconds)
    minutes.enter(Readied(seq=minutes.seq, at=minutes.at, starts_at=starts_at, holders=command.holders))


def require_stage(minutes: Minutes, *allowed: AuctionStatus) -> None:
    """Refuse unless the auction is in one of these states."""
    if minutes.now.status not in allowed:
        wanted = "、".join(allowed)
        raise StageRefused(
            f"当前状态为“{minutes.now.status}”，此操作只适用于“{wanted}”。",
            f"The auction is {minutes.now.status}; this needs {' or '.join(allowed)}.",
            status_now=str(minutes.now.status),
        )


def _judge_order(at: datetime, table: Timetable) -> None:
    _in_order("now", at, "registration_opens_at", table.registration_opens_at)
    _in_order(
        "registration_opens_at",
        table.registration_opens_at,
        "registration_closes_at",
        table.registration_closes_at,
    )
    _in_order(
        "registration_closes_at",
        table.registration_closes_at,
        "deposit_due_at",
        table.deposit_due_at,
    )
    _in_order("deposit_due_at", table.deposit_due_at, "starts_at", table.starts_at)


def _in_order(earlier: str, earlier_at: datetime, later: str, later_at: datetime) -> None:
    if earlier_at > later_at:
        raise TimetableOutOfOrder(
            f"{later} 不得早于 {earlier}。",
            f"{later} may not be before {earlier}.",
            field=f"/body/{later}",
            earlier=earlier,
            later=later,
        )


def _judge_notice_days(at: datetime, terms: Terms, table: Timetable) -> None:
    """The day of the notice is day 0; the sale is at the earliest on day `notice_days_min`."""
    earliest = market_date(at) + timedelta(days=terms.notice_days_min)
    if market_date(table.starts_at) >= earliest:
        return
    statutory = terms.organiser is Organiser.LICENSED_AUCTION_HOUSE
    raise (StatutoryNoticeTooShort if statutory else NoticeTooShort)(
        f"公告期不少于{terms.notice_days_min}日，竞价最早可于{earliest}开始。",
        f"The notice takes {terms.notice_days_min} calendar days; bidding may start on {earliest} at the earliest.",
        field="/body/starts_at",
        notice_days_min=terms.notice_days_min,
        earliest_start_on=str(earliest),
    )
