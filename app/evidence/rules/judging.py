"""Replaying a record through the engine: each decision is made again and must bring the facts that the record has.

What only the market knew is put in its place by what became public: an automatic bid shows that a maximum reached so
far, an adjournment shows the next day of sale, an outcome shows on which side of a secret reserve the price lay. What
cannot be known (who was qualified, whose the maxima are) is taken as the market found it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, Final

from app.auctions.rules import engine, facts
from app.auctions.rules.commands import (
    BidVia,
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
    SuspendReason,
    Tick,
    WaivePriority,
)
from app.auctions.rules.facts import Fact
from app.auctions.rules.given import Given, Proxy, Published
from app.auctions.rules.record import REDACTED, BrokenRecordError, texts_of
from app.auctions.rules.sealed.commands import DecideOpening, HaltOpening, OpenEnvelopes, PassRehearsal
from app.auctions.rules.sealed.state import Fault, Found, Outcome, Result, VoidReason
from app.auctions.rules.snapshot import Snapshot, Standing
from app.auctions.states import ENDED
from app.evidence.rules.findings import Report
from app.kit.dates import market_date, wire
from app.kit.errors import Refusal
from app.kit.outages import Outage
from app.notices.rules.gate import Held
from app.sealing.envelopes import Kind


def replay(record: Sequence[Fact], report: Report) -> Snapshot | None:
    """Decide everything again, in order, and stop at the first difference. Returns the last state that could be reached."""
    first = record[0] if record else None
    if not isinstance(first, facts.Noticed | facts.CompetitionCalled):
        report.differs("cannot_follow", 1, why="a public sale begins with its notice or its competition")
        return None
    now, place = engine.draft(first.terms), 0
    while place < len(record):
        expected = _expected(now, record, place, report)
        if not expected:
            if expected is not None:
                report.differs("fact_not_due", place + 1, kind=record[place].kind)
            return now
        for offset, wanted in enumerate(expected):
            found = record[place + offset] if place + offset < len(record) else None
            if found is None or not _same(wanted, found):
                _tell_difference(report, place + offset + 1, wanted, found)
                return now
            now = engine.apply(now, found)
        place += len(expected)
    return now


def _same(wanted: Fact, found: Fact) -> bool:
    """Whether two facts are the same; a text that was redacted may have been any, and so may the market's own words of an
    outage.
    """
    if type(wanted) is not type(found):
        return False
    ours = isinstance(found, facts.Suspended) and found.outage_no is not None
    gone = {name for name, text in texts_of(found).items() if ours or text == REDACTED}
    return all(getattr(found, name) == value for name, value in vars(wanted).items() if name not in gone)


def _expected(now: Snapshot, record: Sequence[Fact], place: int, report: Report) -> Sequence[Fact] | None:
    """What the rules bring at this place of the record; None where they cannot be asked, and that was told."""
    fact, given = record[place], _given(now, record, place)
    due = engine.due(now)
    try:
        if due is not None and due <= fact.at:
            return engine.decide(now, Tick(), fact.at, given)
        asked = _COMMANDS.get(type(fact))
        if asked is None:
            engine.apply(now, fact)
            report.note("not_rejudged", place + 1, kind=fact.kind)
            return [fact]
        return engine.decide(now, asked(now, record, place), fact.at, given)
    except Refusal as refusal:
        report.differs("rule_refuses", place + 1, zh=refusal.detail_zh, en=refusal.detail_en)
    except _NotDue:
        report.differs("fact_not_due", place + 1, kind=fact.kind)
    except BrokenRecordError as error:
        report.differs("cannot_follow", place + 1, why=str(error))
    return None


def _tell_difference(report: Report, seq: int, wanted: Fact, found: Fact | None) -> None:
    if found is None:
        report.differs("fact_overdue", seq, expected=_told(wanted))
        return
    if type(wanted) is not type(found):
        report.differs("fact_overdue", seq, expected=_told(wanted))
        return
    apart = [name for name, value in vars(wanted).items() if getattr(found, name) != value]
    report.differs(
        "rule_differs",
        seq,
        expected=", ".join(f"{name}={_word(getattr(wanted, name))}" for name in apart),
        found=", ".join(f"{name}={_word(getattr(found, name))}" for name in apart),
    )


def _told(fact: Fact) -> str:
    return f"{fact.kind} ({wire(fact.at)})"


def _word(value: Any) -> str:
    return wire(value) if isinstance(value, datetime) else str(value)


class _NotDue(Exception):
    """A fact of a kind that happens by itself stands where nothing was due."""


def _given(now: Snapshot, record: Sequence[Fact], place: int) -> Given:
    """What the market must have known, as far as the facts that follow show it."""
    fact, answers = record[place], _automatic(record, place)
    proxies = tuple(
        Proxy(no=number, code=bid.bidder_code, max_minor=bid.amount_minor)
        for number, bid in enumerate(answers, 1)
    )
    decision = list(takewhile(lambda one: one.at == fact.at, record[place:]))
    published = [
        Published(root=one.root, size=one.size) for one in decision if isinstance(one, facts.SealingClosed)
    ]
    below = any(
        isinstance(one, facts.PassedIn) and one.reason is facts.PassReason.RESERVE_NOT_MET for one in decision
    )
    days = [at for at in (getattr(one, "continues_at", None) for one in decision) if at is not None]
    return Given(
        proxies=proxies,
        days=tuple(days[:1]),
        reserve_minor=_UNREACHED if below else None,
        sealed=published[0] if published else None,
        notice=_notice(decision),
        outages=tuple(_outages(now, record, place)),
    )


def _notice(decision: Sequence[Fact]) -> Held | None:
    """What the sale's notice held of it, where the decision shows that it did."""
    for fact in decision:
        if not isinstance(fact, facts.Suspended) or fact.outage_no is not None or fact.since is None:
            continue
        if fact.reason is SuspendReason.OBJECTION:
            return Held(held_since=fact.since, until=None)
        if fact.reason is SuspendReason.NOTICE_RUNNING:
            return Held(held_since=None, until=datetime.max.replace(tzinfo=UTC))
    return None


def _outages(now: Snapshot, record: Sequence[Fact], place: int) -> Iterator[Outage]:
    """The outages that the decision beginning here was judged by. How long they were is shown by what followed."""
    longest = now.terms.fairness.suspend_seconds
    for fact in record[place:]:
        if fact.at != record[place].at:
            return
        if isinstance(fact, facts.Postponed):
            yield Outage(fact.outage_no, fact.began_at, fact.ended_at, longest)
        elif isinstance(fact, facts.Suspended) and fact.outage_no is not None and fact.since is not None:
            yield Outage(fact.outage_no, fact.since, fact.at, longest + 1)


_UNREACHED: Final = 10**15
"""A reserve that no price reaches: what a sale that passed in below a secret reserve shows of it."""


def _automatic(record: Sequence[Fact], place: int) -> list[facts.BidPlaced]:
    """The automatic bids of the decision that begins here."""
    fact = record[place]
    answered = fact.bid_no if isinstance(fact, facts.BidPlaced) and fact.via is not BidVia.PROXY else None
    found: list[facts.BidPlaced] = []
    for later in record[place + 1 :]:
        if not isinstance(later, facts.BidPlaced) or later.via is not BidVia.PROXY or later.at != fact.at:
            break
        if later.answers != answered:
            break
        found.append(later)
    return found


def _standing(code: str | None, rank: int | None = None) -> Standing:
    """Somebody in whose favour everything was found: that is not public and not judged again."""
    return Standing(
        is_seller=False,
        is_related=False,
        is_registered=True,
        is_qualified=True,
        deposit_held=True,
        code=code,
        priority_rank=rank,
    )


def _publish(_: Snapshot, record: Sequence[Fact], place: int) -> Command:
    fact = record[place]
    assert isinstance(fact, facts.Noticed)
    # Which day is a working day is the calendar's to say, not the record's.
    return PublishNotice(
        timetable=fact.timetable, earliest_start_on=market_date(fact.timetable.deposit_due_at)
    )


def _bid(_: Snapshot, record: Sequence[Fact], place: int) -> Command:
    fact = record[place]
    assert isinstance(fact, facts.BidPlaced)
    if fact.via in (BidVia.PROXY, BidVia.SEALED):
        raise _NotDue()
    rank = fact.rank if fact.via is BidVia.PRIORITY else None
    return PlaceBid(
        bidder=_standing(fact.bidder_code, rank),
        amount_minor=fact.amount_minor,
        via=BidVia.WEB if fact.via is BidVia.PRIORITY else fact.via,
        confirmed=True,
    )


def _set_proxy(now: Snapshot, record: Sequence[Fact], place: int) -> Command:
    """Whose maximum it is shows only where it bids. Where it does not, its owner leads, or bidding has not begun."""
    fact, answers = record[place], _automatic(record, place)
    assert isinstance(fact, facts.ProxyCommitted)
    code = answers[-1].bidder_code if answers else now.leader_code or "?"
    least = now.lead.amount_minor if now.lead is not None else now.next_minor
    return SetProxy(
        bidder=_standing(code),
        max_minor=answers[-1].amount_minor if answers else least,
        no=len(answers) + 1,
        commitment=fact.commitment,
    )


def _found(result: Result) -> Found:
    """An envelope as it must have been found, so that it came to what the record says."""
    void = result.outcome is Outcome.VOID
    fault = _FAULTS.get(result.reason) if result.reason is not None else None
    if result.outcome is Outcome.STRUCK:
        fault = Fault.UNOPENABLE
    return Found(
        envelope_id=result.envelope_id,
        commitment=result.commitment,
        digest=result.digest,
        holder_code=result.culprit if void else result.code,
        received_at=result.received_at,
        fault=fault,
        kind=Kind.NONE if result.outcome is Outcome.NONE else Kind.BID,
        code=result.code,
        amount_minor=result.amount_minor,
        salt=result.salt,
    )


_FAULTS: Final = {
    VoidReason.DEALT_FALSELY: Fault.DEALT_FALSELY,
    VoidReason.COMMITMENT_DISAGREES: Fault.COMMITMENT_DISAGREES,
}


def _never(*_: Any) -> Command:
    raise _NotDue()


_Asked = Callable[[Snapshot, Sequence[Fact], int], Command]


def _of(make: Callable[[Any], Command]) -> _Asked:
    return lambda _, record, place: make(record[place])


_COMMANDS: Final[dict[type, _Asked]] = {
    facts.Noticed: _publish,
    facts.CompetitionCalled: _of(lambda fact: CallCompetition(timetable=fact.timetable)),
    facts.Readied: _of(lambda fact: MarkReady(holders=fact.holders)),
    facts.BiddingStarted: _of(lambda _: OpenLot()),
    facts.BidPlaced: _bid,
    facts.ProxyCommitted: _set_proxy,
    facts.ProxyWithdrawn: _of(lambda fact: CancelProxy(bidder=_standing("?"), commitment=fact.commitment)),
    facts.Called: _of(lambda fact: Call(number=fact.call)),
    facts.BidCorrected: _of(lambda fact: CorrectFloorBid(bid_no=fact.bid_no)),
    facts.KnockedDown: _of(lambda _: Hammer()),
    facts.PriorityOffered: _of(lambda _: Hammer()),
    facts.PassedIn: _of(lambda _: PassIn()),
    facts.PriorityTaken: _of(lambda fact: ExercisePriority(bidder=_standing(fact.holder.code))),
    facts.PriorityWaived: _of(lambda fact: WaivePriority(bidder=_standing(fact.holder.code))),
    facts.Suspended: _of(
        lambda fact: Suspend(reason=fact.reason, note=fact.note) if fact.outage_no is None else Tick()
    ),
    facts.Postponed: _of(lambda _: Tick()),
    facts.Resumed: _of(lambda fact: Resume(note=fact.note)),
    facts.Cancelled: _of(
        lambda fact: Cancel(reason=fact.reason, document_no=fact.document_no, note=fact.note)
    ),
    facts.OpeningRehearsed: _of(lambda fact: PassRehearsal(seats=fact.seats)),
    facts.OpeningHalted: _of(lambda fact: HaltOpening(envelope_ids=fact.envelope_ids)),
    facts.OpeningDecided: _of(
        lambda fact: DecideOpening(proceed=fact.proceed, document_no=fact.document_no, note=fact.note)
    ),
    facts.EnvelopesOpened: _of(
        lambda fact: OpenEnvelopes(found=tuple(_found(result) for result in fact.results))
    ),
    facts.SealingClosed: _never,
    facts.RoundOpened: _never,
    facts.RegistrationOpened: _never,
    facts.RegistrationClosed: _never,
    facts.TimedBiddingStarted: _never,
    facts.Extended: _never,
    facts.Adjourned: _never,
    facts.Continued: _never,
}
"""What was asked of the sale where a fact of this kind stands first in a decision."""


def check_proxies(record: Sequence[Fact], report: Report) -> None:
    """Automatic bids need published maxima, and a maximum is taken back once."""
    published: list[str] = []
    taken_back: set[str] = set()
    bidders: set[str] = set()
    for seq, fact in enumerate(record, 1):
        if isinstance(fact, facts.ProxyCommitted):
            published.append(fact.commitment)
        elif isinstance(fact, facts.ProxyWithdrawn):
            if fact.commitment not in published or fact.commitment in taken_back:
                report.differs("proxy_unknown", seq)
            taken_back.add(fact.commitment)
        elif isinstance(fact, facts.BidPlaced) and fact.via is BidVia.PROXY:
            bidders.add(fact.bidder_code)
            if len(bidders) > len(published):
                report.differs("proxy_without_commitment", seq)


def check_ended(now: Snapshot, report: Report) -> None:
    """A record is published once the sale has ended."""
    if now.status not in ENDED:
        report.differs("not_ended", now.seq + 1, status=str(now.status))
    if now.terms.reserve_commitment is not None:
        report.note("secret_reserve")
