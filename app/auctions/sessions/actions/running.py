"""A session as it runs: what it does by itself, and the auctioneer's commands on the lot whose turn it is."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as auctions
from app.auctions import repository as sales
from app.auctions.rules import notice
from app.auctions.rules.commands import (
    Call,
    Cancel,
    Command,
    CorrectFloorBid,
    Hammer,
    OpenLot,
    PassIn,
)
from app.auctions.sessions import repository, rules
from app.auctions.sessions.actions.planning import schedule, told_of
from app.auctions.sessions.errors import NotTheAuctioneer, PaddleUnknown, PaddleVoid
from app.auctions.sessions.events import (
    SessionAdjourned,
    SessionContinued,
    SessionEnded,
    SessionStarted,
)
from app.auctions.sessions.rules import Step
from app.auctions.sessions.schemas import FloorBidIn, LotWithdrawalIn
from app.auctions.sessions.states import MACHINE, SessionStatus
from app.auctions.sessions.tables import SaleSessionRow
from app.auctions.states import AuctionStatus
from app.auctions.tables import AuctionRow
from app.calendar.queries import add_working_days
from app.db.clock import Clock
from app.events import outbox
from app.hub import wake
from app.identity.access import Actor
from app.kit.dates import at_local, market_date
from app.kit.errors import NotFound
from app.settlement import actions as settlement

log = structlog.get_logger()

REASON_OVER: Final = "专场结束，退还保证金余额"


def topic(session_id: UUID) -> str:
    """What is announced when a session has news."""
    return f"sale-session:{session_id}"


async def sweep(session: AsyncSession, clock: Clock) -> bool:
    """Let one session do what is due, if there is one. One that fails is put off and holds up no other."""
    row = await repository.take_due(session)
    if row is None:
        return False
    session_id = row.id
    try:
        async with session.begin_nested():
            await _go_on(session, clock, row)
    except Exception as error:
        log.error("session_sweep_failed", session_id=str(session_id), exc_info=error)
        await repository.put_off(session, session_id)
    return True


async def lot_moved(session: AsyncSession, clock: Clock, *, auction_id: UUID) -> None:
    """A lot became ready, left the block or was resumed: note what its session does by itself next."""
    found = await repository.session_of(session, auction_id)
    if found is None:
        return
    row = await repository.lock(session, found[0].id)
    if row.status not in (SessionStatus.DRAFT, SessionStatus.ENDED):
        await schedule(session, row, await clock.read(session))
        wake(session, topic(row.id))


async def _go_on(session: AsyncSession, clock: Clock, row: SaleSessionRow) -> None:
    at = await clock.read(session)
    plain = repository.plain(row, await repository.lots_of(session, row.id))
    found = rules.due(plain, at)
    if found is not None and found[0] <= at:
        await _STEPS[found[1]](session, clock, row, at, plain)
    await schedule(session, row, at)
    wake(session, topic(row.id))


async def _start(
    session: AsyncSession, _: Clock, row: SaleSessionRow, at: datetime, plain: rules.Session
) -> None:
    MACHINE.advance(row, SessionStatus.RUNNING)
    row.started_at = at
    await outbox.record(session, SessionStarted(**told_of(row, at)))


async def _open_next(
    session: AsyncSession, clock: Clock, row: SaleSessionRow, at: datetime, plain: rules.Session
) -> None:
    turn = plain.turn
    assert turn is not None
    for lot_no, lot in await repository.lots_of(session, row.id):
        if lot_no == turn.lot_no:
            await auctions.decide(
                session, clock, await sales.lock(session, lot.id), OpenLot(), await clock.read(session)
            )


async def _adjourn(
    session: AsyncSession, _: Clock, row: SaleSessionRow, at: datetime, plain: rules.Session
) -> None:
    next_day = await add_working_days(session, market_date(at), 1)
    continues_at = at_local(next_day.on, plain.day_opens)
    MACHINE.advance(row, SessionStatus.ADJOURNED)
    row.continues_at = continues_at
    await outbox.record(session, SessionAdjourned(**told_of(row, at), continues_at=continues_at))


async def _continue(
    session: AsyncSession, _: Clock, row: SaleSessionRow, at: datetime, plain: rules.Session
) -> None:
    MACHINE.advance(row, SessionStatus.RUNNING)
    row.continues_at = None
    await outbox.record(session, SessionContinued(**told_of(row, at)))


async def _end(
    session: AsyncSession, clock: Clock, row: SaleSessionRow, at: datetime, plain: rules.Session
) -> None:
    """The last lot has left the block: what is left of every deposit goes back, once."""
    MACHINE.advance(row, SessionStatus.ENDED)
    row.ended_at, row.continues_at = at, None
    rows = [one for one in await repository.lock_registrations(session, row.id) if one.released_at is None]
    for one in rows:
        one.released_at = at
    await session.flush()
    await settlement.release(session, clock, reference_ids=[one.id for one in rows], reason=REASON_OVER)
    outcomes = [lot.status for lot in plain.lots]
    await outbox.record(
        session,
        SessionEnded(
            **told_of(row, at),
            sold=outcomes.count(AuctionStatus.AWARDED),
            passed_in=outcomes.count(AuctionStatus.PASSED_IN),
            withdrawn=outcomes.count(AuctionStatus.CANCELLED),
        ),
    )


_STEPS: Final[
    dict[
        Step,
        Callable[[AsyncSession, Clock, SaleSessionRow, datetime, rules.Session], Awaitable[None]],
    ]
] = {
    Step.START: _start,
    Step.OPEN_LOT: _open_next,
    Step.ADJOURN: _adjourn,
    Step.CONTINUE: _continue,
    Step.END: _end,
}


# The auctioneer.


async def open_lot(session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID) -> AuctionRow:
    """Call up the lot whose turn it is. The first one begins the session."""
    found = await _conducted(session, actor, auction_id)
    row = await repository.lock(session, found[0].id)
    lot = await _lot(session, actor, auction_id)
    at = await clock.read(session)
    plain = repository.plain(row, await repository.lots_of(session, row.id))
    rules.check_open(plain, found[1], at)
    if row.status == SessionStatus.NOTICED:
        await _start(session, clock, row, at, plain)
    await auctions.decide(session, clock, lot, OpenLot(), at)
    await schedule(session, row, at)
    wake(session, topic(row.id))
    return lot


async def floor_bid(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, body: FloorBidIn
) -> auctions.Placed:
    """Enter a raised paddle's bid. It is judged and stored as a bid from the web is, in the same order of `seq`."""
    row, _ = await _conducted(session, actor, auction_id)
    made = await repository.by_paddle(session, row.id, body.paddle_no)
    if made is None:
        if await repository.is_void_paddle(session, row.id, body.paddle_no):
            raise PaddleVoid(field="/body/paddle_no")
        raise PaddleUnknown(field="/body/paddle_no")
    return await auctions.place_floor_bid(
        session,
        clock,
        party_id=made.buyer_party_id,
        entered_by=actor.user_id,
        auction_id=auction_id,
        amount=body.amount,
    )


async def call(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, number: int
) -> AuctionRow:
    """The first, second or third call, with a fair warning for those who bid online."""
    return await _command(session, clock, actor, auction_id, Call(number=number))


async def hammer(session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID) -> AuctionRow:
    """The hammer falls."""
    return await _command(session, clock, actor, auction_id, Hammer())


async def pass_in(session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID) -> AuctionRow:
    """Pass the lot in."""
    return await _command(session, clock, actor, auction_id, PassIn())


async def correct_floor_bid(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, bid_no: int
) -> AuctionRow:
    """Strike a mis-keyed floor bid, before a person has bid after it. The mark is public."""
    return await _command(session, clock, actor, auction_id, CorrectFloorBid(bid_no=bid_no))


async def withdraw_lot(
    session: AsyncSession, clock: Clock, *, actor: Actor, auction_id: UUID, body: LotWithdrawalIn
) -> AuctionRow:
    """Withdraw a lot by a named paper; the session goes on with the next."""
    command = Cancel(reason=body.reason, document_no=body.document_no, note=body.note)
    return await _command(session, clock, actor, auction_id, command)


async def _command(
    session: AsyncSession, clock: Clock, actor: Actor, auction_id: UUID, command: Command
) -> AuctionRow:
    row, _ = await _conducted(session, actor, auction_id)
    lot = await _lot(session, actor, auction_id)
    await auctions.decide(session, clock, lot, command, await clock.read(session))
    wake(session, topic(row.id))
    return lot


async def _conducted(session: AsyncSession, actor: Actor, auction_id: UUID) -> tuple[SaleSessionRow, int]:
    """The session of a lot, if the actor is the one who conducts it, and the lot's number."""
    found = await repository.session_of(session, auction_id)
    if found is None:
        raise NotFound()
    if found[0].auctioneer_id != actor.user_id:
        raise NotTheAuctioneer()
    return found


async def _lot(session: AsyncSession, actor: Actor, auction_id: UUID) -> AuctionRow:
    lot = await sales.lock_announced(session, auction_id)
    notice.check_publisher(concerned=actor.belongs_to(lot.seller_party_id))
    return lot
