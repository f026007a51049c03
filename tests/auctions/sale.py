"""A sale for the tests of the pure rules: start 200 万, step 10 万, deposit 20 万, an hour free, a window of 300 s."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from app.auctions.rules import engine
from app.auctions.rules.commands import CallCompetition, Command, MarkReady, PlaceBid, PublishNotice, Tick
from app.auctions.rules.facts import Fact
from app.auctions.rules.given import Given, Proxy
from app.auctions.rules.ladder import Ladder
from app.auctions.rules.record import draft, replay
from app.auctions.rules.snapshot import Snapshot, Standing
from app.auctions.rules.terms import Terms, Timetable
from app.kit.dates import market_date
from app.kit.errors import Refusal

WAN = 1_000_000
"""One 万元 in fen."""

# A Monday, 09:00 in Shanghai.
NOTICE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OPENS = NOTICE + timedelta(hours=1)
CLOSES = NOTICE + timedelta(days=7)
DEPOSIT_DUE = NOTICE + timedelta(days=8, hours=8)
START = NOTICE + timedelta(days=10)

F = TypeVar("F")


def seconds(count: float) -> timedelta:
    """So many seconds."""
    return timedelta(seconds=count)


def terms(**changed: Any) -> Terms:
    """The terms, with changes."""
    usual = Terms(
        start_price_minor=200 * WAN,
        ladder=Ladder.fixed(10 * WAN),
        deposit_minor=20 * WAN,
        free_seconds=3_600,
        window_seconds=300,
        notice_days_min=7,
    )
    return replace(usual, **changed)


def timetable(**changed: datetime) -> Timetable:
    """The timetable, with changes."""
    usual = Timetable(
        registration_opens_at=OPENS,
        registration_closes_at=CLOSES,
        deposit_due_at=DEPOSIT_DUE,
        starts_at=START,
    )
    return replace(usual, **changed)


def bidder(code: str | None = "3260", **changed: Any) -> Standing:
    """A bidder who may bid, with changes."""
    usual = Standing(
        is_seller=False,
        is_related=False,
        is_registered=True,
        is_qualified=True,
        deposit_held=True,
        code=code,
    )
    return replace(usual, **changed)


def notice(**changed: datetime) -> PublishNotice:
    """The command that publishes the notice."""
    table = timetable(**changed)
    return PublishNotice(
        timetable=table, earliest_start_on=market_date(table.deposit_due_at + timedelta(days=1))
    )


def competition() -> CallCompetition:
    """The command that opens a listed sale's competition."""
    return CallCompetition(timetable=timetable())


def bid(code: str, wan: float, **standing: Any) -> PlaceBid:
    """A bid in 万元, confirmed where it is a large jump."""
    return PlaceBid(bidder=bidder(code, **standing), amount_minor=round(wan * WAN), confirmed=True)


class Sale:
    """Plays commands against the engine and keeps the whole record."""

    def __init__(self, *, days: tuple[datetime, ...] = (), secret_reserve: int | None = None, **changed: Any):
        self.days, self.secret_reserve = days, secret_reserve
        self.left: list[Proxy] = []
        self.first = draft(terms(**changed))
        self.now: Snapshot = self.first
        self.facts: list[Fact] = []

    @property
    def given(self) -> Given:
        """What only the market knows."""
        return Given(reserve_minor=self.secret_reserve, proxies=tuple(self.left), days=self.days)

    def does(self, command: Command, at: datetime) -> tuple[Fact, ...]:
        """Let the engine judge; keep what it says."""
        told = engine.decide(self.now, command, at, self.given)
        self.now = replay(self.now, told)
        self.facts += told
        return told

    def bids(self, code: str, wan: float, at: datetime) -> tuple[Fact, ...]:
        """A bid in 万元."""
        return self.does(bid(code, wan), at)

    def ticks(self, at: datetime) -> tuple[Fact, ...]:
        """Let happen what is due."""
        return self.does(Tick(), at)

    def kinds(self) -> list[str]:
        """The kinds of all facts so far."""
        return [fact.kind for fact in self.facts]


def ready(**changed: Any) -> Sale:
    """A sale whose deposits are reconciled."""
    sale = Sale(**changed)
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    sale.ticks(CLOSES)
    sale.does(MarkReady(), DEPOSIT_DUE)
    return sale


def started(**changed: Any) -> Sale:
    """A sale in its free phase."""
    sale = ready(**changed)
    sale.ticks(START)
    return sale


def only(facts: tuple[Fact, ...] | list[Fact], kind: type[F]) -> F:
    """The one fact of a kind."""
    found = [fact for fact in facts if isinstance(fact, kind)]
    assert len(found) == 1, [type(fact).__name__ for fact in facts]
    return found[0]


def refused(sale: Sale, command: Command, at: datetime = START + seconds(60)) -> Refusal:
    """The refusal of a command, a minute into the bidding unless told otherwise."""
    with pytest.raises(Refusal) as caught:
        engine.decide(sale.now, command, at, sale.given)
    return caught.value
