"""The bidding: bids, what happens by itself, interruptions."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions.closing import decide, tell
from app.auctions.rules import engine, notice
from app.auctions.rules.commands import Cancel, Command, PlaceBid, Resume, Suspend, Tick
from app.auctions.rules.facts import BidPlaced
from app.auctions.schemas import CancelIn, ResumeIn, SuspendIn
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.identity.access import Actor
from app.kit.money import fen

log = structlog.get_logger()


@dataclass(frozen=True)
class Placed:
    """An accepted bid, its hash in the chain, and the auction after it."""

    row: AuctionRow
    bid: BidPlaced
    digest: bytes


async def place_bid(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, amount: str
) -> Placed:
    """Place one bid of so many yuan. Serialised per auction by its row's lock; the clock is read once it is held."""
    row = await repository.lock_announced(session, auction_id)
    at = await clock.read(session)
    bidder = await repository.bidder_of(session, row, actor)
    leader = await repository.leader_party_id(session, row)
    command = PlaceBid(bidder=bidder.standing, amount_minor=fen(amount))
    told = engine.decide(repository.snapshot_of(row), command, at)
    digests = await repository.save(
        session, row, told, registration_id=bidder.registration_id, placed_by=actor.user_id
    )
    await tell(session, row, told, actor.party_id, leader)
    bid = next(fact for fact in told if isinstance(fact, BidPlaced))
    return Placed(row, bid, digests[bid.seq])


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Let happen what is due on one auction, if there is one. One that fails is put off and holds up no other."""
    row = await repository.take_due(session)
    if row is None:
        return False
    auction_id = row.id
    try:
        async with session.begin_nested():
            await decide(session, clock, row, Tick(), await clock.read(session))
    except Exception as error:
        log.error("auction_sweep_failed", auction_id=str(auction_id), exc_info=error)
        await repository.put_off(session, auction_id)
    return True


async def suspend(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: SuspendIn
) -> AuctionRow:
    """Interrupt a sale."""
    return await _command(session, clock, actor, auction_id, Suspend(reason=asked.reason, note=asked.note))


async def resume(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: ResumeIn
) -> AuctionRow:
    """Continue an interrupted sale."""
    return await _command(session, clock, actor, auction_id, Resume(note=asked.note))


async def cancel(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: CancelIn
) -> AuctionRow:
    """End a sale without a winner; the offering fails and every deposit is released, in one commit."""
    command = Cancel(reason=asked.reason, document_no=asked.document_no, note=asked.note)
    return await _command(session, clock, actor, auction_id, command)


async def _command(
    session: AsyncSession, clock: Clock, actor: Actor, auction_id: UUID, command: Command
) -> AuctionRow:
    row = await repository.lock_in_region(session, auction_id, actor.region_prefix)
    at = await clock.read(session)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    await decide(session, clock, row, command, at)
    return row
