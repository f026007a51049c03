"""The beats that every verb shares: save what the engine decided, act on an ending, tell.

The close calls down: the award, the end of the other registrations and the release of their deposits are part of the
commit in which the bidding ends, so there is no moment at which a sold lot has no award.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.events import event_of
from app.auctions.rules import engine
from app.auctions.rules.commands import Command
from app.auctions.rules.facts import Cancelled, Fact, KnockedDown, PassedIn, Resumed
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.events import outbox
from app.hub import wake
from app.markets import actions as markets
from app.markets.award import AwardRule
from app.markets.registrations import actions as registrations

RULES: Final = {"auction": AwardRule.AUCTION_HIGHEST_BID, "listed": AwardRule.LISTED_COMPETITION}


def topic(auction_id: UUID) -> str:
    """What is announced when a sale has news."""
    return f"auction:{auction_id}"


async def decide(
    session: AsyncSession, clock: Clock, row: AuctionRow, command: Command, at: datetime
) -> None:
    """Let the engine judge a command on a locked auction, and do what follows."""
    told = engine.decide(repository.snapshot_of(row), command, at)
    await repository.save(session, row, told)
    for fact in told:
        await _FOLLOWS.get(type(fact), _go_on)(session, clock, row, fact)
    await tell(session, row, told)


async def tell(session: AsyncSession, row: AuctionRow, told: Sequence[Fact], *concerned: UUID | None) -> None:
    """Record the events; whom they concern finds them in his stream, and learns no more than the public."""
    parties = tuple(party for party in (row.seller_party_id, *concerned) if party is not None)
    events = [
        event_of(
            fact,
            auction_id=row.id,
            number=row.number,
            offering_id=row.offering_id,
            title=row.title,
            parties=parties,
        )
        for fact in told
        if repository.is_announced(row)
    ]
    await outbox.record(session, *events)
    wake(session, topic(row.id))


async def _award(session: AsyncSession, clock: Clock, row: AuctionRow, fact: KnockedDown) -> None:
    winner = await repository.bidder_at(session, row.id, fact.bid_no)
    award = await markets.award(
        session,
        clock,
        offering_id=row.offering_id,
        buyer_party_id=winner.party_id,
        registration_id=winner.registration_id,
        amount_minor=fact.amount_minor,
        rule=RULES[row.origin],
    )
    row.award_id = award.award_id
    await session.flush()


async def _pass_in(session: AsyncSession, clock: Clock, row: AuctionRow, _: PassedIn) -> None:
    await markets.fail(session, clock, offering_id=row.offering_id, reason="竞价期内无人出价，流拍")


async def _call_off(session: AsyncSession, clock: Clock, row: AuctionRow, fact: Cancelled) -> None:
    if repository.is_announced(row):
        await markets.fail(session, clock, offering_id=row.offering_id, reason=f"竞价撤销：{fact.note}")


async def _move_window(session: AsyncSession, _: Clock, row: AuctionRow, fact: Resumed) -> None:
    await registrations.move_window(
        session,
        offering_id=row.offering_id,
        opens_at=fact.timetable.registration_opens_at,
        ends_at=fact.timetable.registration_closes_at,
        deposit_due_at=fact.timetable.deposit_due_at,
    )


async def _go_on(session: AsyncSession, clock: Clock, row: AuctionRow, fact: Fact) -> None:
    """Most facts have nothing to follow."""


_FOLLOWS: Final[dict[type, Callable[[AsyncSession, Clock, AuctionRow, Any], Awaitable[None]]]] = {
    KnockedDown: _award,
    PassedIn: _pass_in,
    Cancelled: _call_off,
    Resumed: _move_window,
}
