"""The beats that every verb shares: save what the engine decided, act on an ending, tell.

The close calls down: the award, the end of the other registrations and the release of their deposits are part of the
commit in which the bidding ends, so there is no moment at which a sold lot has no award.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions import noticing
from app.auctions.confirmations import actions as confirmations
from app.auctions.events import AuctionEvent, bid_placed, event_of
from app.auctions.rules import engine
from app.auctions.rules.commands import (
    CancelProxy,
    Command,
    ExercisePriority,
    Hammer,
    OpenLot,
    PassIn,
    PlaceBid,
    SetProxy,
    WaivePriority,
)
from app.auctions.rules.facts import (
    BiddingStarted,
    BidPlaced,
    Cancelled,
    Extended,
    Fact,
    KnockedDown,
    PassedIn,
    PassReason,
    Postponed,
    Resumed,
    RoundOpened,
    SealingClosed,
    Suspended,
)
from app.auctions.rules.price import awarded
from app.auctions.rules.sealed.commands import DecideOpening, OpenEnvelopes
from app.auctions.sealed.repository import bidders, slots
from app.auctions.sessions.repository.units import InSession
from app.auctions.states import ENDED
from app.auctions.tables import AuctionRow
from app.db import plain
from app.db.clock import Clock
from app.db.heartbeat import Pulse
from app.events import outbox
from app.events.model import Written
from app.hub import wake
from app.markets import actions as markets
from app.markets import repository as offerings
from app.markets.award import AwardRule
from app.markets.registrations import actions as registrations
from app.markets.registrations import repository as registrants
from app.settlement import actions as settlement

RULES: Final = {"auction": AwardRule.AUCTION_HIGHEST_BID, "listed": AwardRule.LISTED_COMPETITION}


OUTCOMES: Final = (OpenLot, Hammer, PassIn, ExercisePriority, WaivePriority, OpenEnvelopes, DecideOpening)
"""Commands that begin the bidding or may end it: none of them while the sale's notice stands still."""


PASSED_IN: Final = {
    PassReason.NO_BID: "竞价期内无人出价，流拍",
    PassReason.RESERVE_NOT_MET: "最高出价未达到保留价，流拍",
    PassReason.AUCTIONEER: "现场无人应价，流拍",
}


@dataclass(frozen=True)
class Decided:
    """The facts of a decision, and the hash of each by its `seq`."""

    facts: Sequence[Fact]
    digests: Mapping[int, bytes]


def topic(auction_id: UUID) -> str:
    """What is announced when a sale has news."""
    return f"auction:{auction_id}"


async def decide(
    session: AsyncSession,
    clock: Clock,
    row: AuctionRow,
    command: Command,
    at: datetime,
    *,
    sender: repository.Sender | None = None,
    sealers: Mapping[str, repository.Sender] = MappingProxyType({}),
    by: UUID | None = None,
    judging: bool = False,
    pulse: Pulse | None = None,
) -> Decided:
    """Let the engine judge a command on a locked auction, and do what follows.

    sender: of a person's bid; sealers: of the envelopes that are opened, by code; by: who bids over the web, None where
    it was entered for him in the hall; judging: the sale is judged by outages also where nothing is due; pulse: what the
    caller has read of the heartbeat. Raises `Busy` where something is due that an outage which is not known yet may have
    touched.
    """
    asking = isinstance(command, OUTCOMES)
    found = await repository.beside(session, [row], at, judging=judging, pulse=pulse, asking=asking)
    beside = found[row.id]
    leader_before = row.leader_code
    if isinstance(command, PlaceBid | SetProxy | CancelProxy | ExercisePriority | WaivePriority):
        here = await InSession.open(session, [row], [command.bidder.code])
        command = replace(command, bidder=here.standing(row.id, command.bidder, by=by))
    else:
        here = await InSession.open(session, [row], [])
    given = here.given(row.id, beside.given, leader_before)
    draft = repository.Draft.of(row)
    told = engine.decide(draft.now, command, at, given)
    if sender is not None and isinstance(command, SetProxy):
        beside = beside.with_proxy(command.bidder.code, sender)
    if not told:
        return Decided(told, {})
    digests = draft.enter(told, sender=sender, proxies={**beside.proxies, **sealers})
    with outbox.gathering(session) as events:
        if draft.now.status not in ENDED:
            here.lead(row.id, draft.now.leader_code)
            await here.write(session, at)
        await follow(session, clock, draft, told)
        await tell(session, row, told, leader_before)
    await session.flush()
    async with plain.posting(session):
        await repository.append(session, [draft])
        await outbox.record(session, *events)
    return Decided(told, digests)


async def tell(
    session: AsyncSession, row: AuctionRow, told: Sequence[Fact], leader_before: str | None
) -> None:
    """Record the events of one decision, and wake who watches."""
    codes = codes_concerned(told, leader_before)
    concerned = await repository.identities(session, row, codes) if codes else {}
    await outbox.record(session, *events_of(row, told, [one.party_id for one in concerned.values()]))
    wake(session, topic(row.id))


def codes_concerned(told: Sequence[Fact], leader_before: str | None) -> set[str]:
    """Whom a decision concerns besides the seller: who bid, and who led before."""
    codes = {fact.bidder_code for fact in told if isinstance(fact, BidPlaced)}
    return codes | {leader_before} if codes and leader_before else codes


def events_of(
    row: AuctionRow, told: Sequence[Fact], concerned: Sequence[UUID]
) -> list[AuctionEvent | Written]:
    """What the other rooms learn of a decision. Whom it concerns finds it in his stream, and learns no more than the
    public. `concerned`: the parties behind `codes_concerned`.
    """
    if not repository.is_announced(row):
        return []
    seller, all_parties = (row.seller_party_id,), (row.seller_party_id, *concerned)
    named: dict[str, Any] = {"auction_id": row.id, "number": row.number, "offering_id": row.offering_id}
    return [
        bid_placed(fact, parties=all_parties, **named)
        if isinstance(fact, BidPlaced)
        else event_of(
            fact, title=row.title, parties=all_parties if isinstance(fact, Extended) else seller, **named
        )
        for fact in told
    ]


async def follow(session: AsyncSession, clock: Clock, draft: repository.Draft, told: Sequence[Fact]) -> None:
    """Do what follows from facts that have just been entered, an award, a failure, a moved window; and fold them into
    their row, which an award precedes: so the row is written once, with the award that it names.
    """
    for fact in told:
        if isinstance(fact, KnockedDown):
            await _award(session, clock, draft, fact)
        elif type(fact) in _FOLLOWS:
            draft.fold()
            await _FOLLOWS[type(fact)](session, clock, draft.row, fact)
    draft.fold()


async def _award(session: AsyncSession, clock: Clock, draft: repository.Draft, fact: KnockedDown) -> None:
    row = draft.row
    # What follows is written in as few statements as it has tables: nothing that is read on the way is among it.
    with session.no_autoflush:
        winner = await registrants.winner_of(session, row.offering_id, fact.bidder_code)
        offering = await offerings.lock(session, row.offering_id)
        amount_minor, price = awarded(repository.terms_of(row).price, fact.amount_minor)
        award = await markets.award(
            session,
            clock,
            offering_id=row.offering_id,
            buyer_party_id=winner.buyers[0].party_id,
            registration_id=winner.registration_id,
            amount_minor=amount_minor,
            price=price,
            rule=RULES[row.origin],
            locked=offering,
            buyers=winner.buyers,
        )
        draft.fold()
        row.award_id = award.award_id
        await keep_unit(session, clock, row, fact.bidder_code, winner.registration_id)
        profile = await offerings.profile_of(session, offering)
        await confirmations.issue(session, row, fact, award=award, buyers=winner.buyers, profile=profile)


async def keep_unit(
    session: AsyncSession, clock: Clock, row: AuctionRow, code: str, registration_id: UUID
) -> None:
    """Let the winner's deposit unit stand behind the lot as a deposit of its own, until the contract."""
    here = await InSession.open(session, [row], [code])
    if here.is_empty:
        return
    here.lead(row.id, code)
    await here.write(session, await clock.read(session))
    kept = await here.win(session, row.id)
    if kept is not None:
        await settlement.divide(
            session,
            clock,
            reference_id=kept[0],
            into_reference_id=registration_id,
            amount_minor=kept[1],
            reason="竞得标的，专场保证金转为该标的保证金",
        )


async def free_unit(session: AsyncSession, clock: Clock, row: AuctionRow) -> None:
    """Nobody's unit stands behind a lot that found no buyer."""
    here = await InSession.open(session, [row], [])
    if here.is_empty:
        return
    here.lead(row.id, None)
    await here.write(session, await clock.read(session))


async def _pass_in(session: AsyncSession, clock: Clock, row: AuctionRow, fact: PassedIn) -> None:
    await markets.fail(session, clock, offering_id=row.offering_id, reason=PASSED_IN[fact.reason])
    await free_unit(session, clock, row)


async def _call_off(session: AsyncSession, clock: Clock, row: AuctionRow, fact: Cancelled) -> None:
    if repository.is_announced(row):
        await markets.fail(session, clock, offering_id=row.offering_id, reason="竞价撤销，原因见竞价记录")
        await free_unit(session, clock, row)
        await noticing.take_back(session, clock, row, fact.reason)


async def _pause(session: AsyncSession, _: Clock, row: AuctionRow, fact: Suspended) -> None:
    await registrations.pause_window(session, offering_id=row.offering_id, at=fact.at)


async def _move_window(
    session: AsyncSession, clock: Clock, row: AuctionRow, fact: Resumed | Postponed
) -> None:
    await registrations.move_window(
        session,
        clock,
        offering_id=row.offering_id,
        opens_at=fact.timetable.registration_opens_at,
        ends_at=fact.timetable.registration_closes_at,
        deposit_due_at=fact.timetable.deposit_due_at,
    )


async def _seal(session: AsyncSession, _: Clock, row: AuctionRow, fact: BiddingStarted | RoundOpened) -> None:
    """A slot for every bidder of the round, and some for nobody, before the first envelope comes."""
    sealed = repository.terms_of(row).sealed
    if sealed is None:
        return
    now, among = repository.snapshot_of(row).sealing, getattr(fact, "among", None)
    found = await bidders.registrations_of(session, row, among)
    nobody = [None] * (slots.slots_for(len(found)) - len(found))
    await slots.prepare(session, row.id, now.round_no, sealed, [*found, *nobody])


async def _show_envelopes(session: AsyncSession, _: Clock, row: AuctionRow, fact: SealingClosed) -> None:
    await slots.publish(session, row.id, fact.round_no)


_FOLLOWS: Final[dict[type, Callable[[AsyncSession, Clock, AuctionRow, Any], Awaitable[None]]]] = {
    PassedIn: _pass_in,
    Cancelled: _call_off,
    Suspended: _pause,
    Resumed: _move_window,
    BiddingStarted: _seal,
    RoundOpened: _seal,
    SealingClosed: _show_envelopes,
    Postponed: _move_window,
}
