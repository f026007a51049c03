"""The bidding: bids, what happens by itself, interruptions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.actions.closing import decide
from app.auctions.actions.ledger import Ledger, Wish
from app.auctions.repository import batches
from app.auctions.rules import notice
from app.auctions.rules.commands import BidVia, Cancel, Command, Resume, Suspend, Tick
from app.auctions.rules.facts import BidPlaced
from app.auctions.rules.snapshot import Snapshot
from app.auctions.schemas import CancelIn, ResumeIn, SuspendIn
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.db.heartbeat import read_pulse
from app.identity.access import Actor
from app.kit.errors import Again
from app.kit.money import fen
from app.markets.registrations import actions as registrations

log = structlog.get_logger()


@dataclass(frozen=True)
class Placed:
    """An accepted bid, its hash in the chain, the auction after it, and the receipt."""

    row: AuctionRow
    bid: BidPlaced
    digest: bytes
    after: Snapshot
    receipt: dict[str, Any] | None


async def place_bid(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    auction_id: UUID,
    amount: str,
    confirmed: bool = False,
) -> Placed:
    """Place one bid of so many yuan. Serialised per auction by its row's lock; the clock is read once it is held."""
    wish = Wish(
        auction_id=auction_id,
        party_id=actor.party_id,
        user_id=actor.user_id,
        amount_minor=fen(amount),
        confirmed=confirmed,
    )
    return await _place(session, clock, wish)


async def place_floor_bid(
    session: AsyncSession,
    clock: Clock,
    *,
    party_id: UUID,
    entered_by: UUID,
    auction_id: UUID,
    amount: str,
) -> Placed:
    """Place the bid of a paddle that was raised in the hall: the same lock, the same judgement, the same `seq`."""
    wish = Wish(
        auction_id=auction_id,
        party_id=party_id,
        user_id=entered_by,
        amount_minor=fen(amount),
        via=BidVia.FLOOR,
    )
    return await _place(session, clock, wish)


async def _place(session: AsyncSession, clock: Clock, wish: Wish) -> Placed:
    """A batch of one: judged and stored as the writer's are."""
    rows = await batches.take(session, [wish.auction_id], wait=True)
    ledger = await Ledger.open(session, rows, [wish])
    judged = ledger.judge(wish)
    await ledger.write(session, clock)
    row = await repository.lock(session, wish.auction_id)
    return Placed(row, judged.bid, judged.digest, judged.after, ledger.receipt(judged))


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Let happen what is due on one auction, if there is one. One that fails is put off and holds up no other.

    A timer goes by the service's last heartbeat and not by the present moment: what came due after it may have come due
    while nobody could reach us.
    """
    taken = await repository.take_due(session)
    if taken is None:
        return False
    row, pulse = taken
    auction_id = row.id
    try:
        async with session.begin_nested():
            await decide(session, clock, row, Tick(), pulse.covered_at, pulse=pulse)
    except Again:
        pass
    except Exception as error:
        log.error("auction_sweep_failed", auction_id=str(auction_id), exc_info=error)
        await repository.put_off(session, auction_id)
    return True


async def sweep_outages(session: AsyncSession, clock: Clock) -> bool:
    """Judge one sale by the outages since it was last judged, if there is one. One that fails is put off."""
    row = await repository.take_unjudged(session)
    if row is None:
        return False
    auction_id, offering_id = row.id, row.offering_id
    try:
        async with session.begin_nested():
            pulse = await read_pulse(session)
            await decide(session, clock, row, Tick(), pulse.covered_at, judging=True, pulse=pulse)
            await repository.note_judged(session, auction_id, pulse.outage_no)
            await registrations.note_outage(session, offering_id=offering_id, outage_no=pulse.outage_no)
    except Exception as error:
        log.error("auction_not_judged", auction_id=str(auction_id), exc_info=error)
        await repository.put_off(session, auction_id)
    return True


async def suspend(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: SuspendIn
) -> AuctionRow:
    """Interrupt a sale."""
    command = Suspend(reason=asked.reason, note=asked.note)
    return await conduct(session, clock, actor=actor, auction_id=auction_id, command=command)


async def resume(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: ResumeIn
) -> AuctionRow:
    """Continue an interrupted sale."""
    command = Resume(note=asked.note)
    return await conduct(session, clock, actor=actor, auction_id=auction_id, command=command)


async def cancel(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, asked: CancelIn
) -> AuctionRow:
    """End a sale without a winner; the offering fails and every deposit is released, in one commit."""
    command = Cancel(reason=asked.reason, document_no=asked.document_no, note=asked.note)
    return await conduct(session, clock, actor=actor, auction_id=auction_id, command=command)


async def conduct(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, command: Command
) -> AuctionRow:
    """Give a command on a sale of the actor's region, which is not one of his own party."""
    row = await repository.lock_in_region(session, auction_id, actor.region_prefix)
    at = await clock.read(session)
    notice.check_publisher(concerned=actor.belongs_to(row.seller_party_id))
    await decide(session, clock, row, command, at)
    return row
