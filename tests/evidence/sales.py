"""Sales that have ended, for the tests of their evidence."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.auctions.rules.commands import SuspendReason
from app.auctions.schemas import ResumeIn, SuspendIn
from app.evidence.actions import publish_head
from app.identity.permissions import Role
from app.identity.states import PartyKind
from tests.factories.auctions import CLOCK, Sale, advance_to, close, make_started, place
from tests.factories.identity import Member, make_member

NOTE = "网络中断，王某 13800000000 来电"


async def make_interrupted(session: AsyncSession) -> Sale:
    """A sale with a bid that was suspended, with a note that names somebody, and resumed."""
    sale = await make_started(session)
    await place(session, sale, sale.bidders[0], "2000000.00")
    operator, asked = sale.operator.actor, SuspendIn(reason=SuspendReason.SYSTEM_FAULT, note=NOTE)
    await actions.suspend(session, CLOCK, actor=operator, auction_id=sale.auction_id, asked=asked)
    await actions.resume(
        session, CLOCK, actor=operator, auction_id=sale.auction_id, asked=ResumeIn(note="已恢复")
    )
    return sale


async def make_ended(session: AsyncSession) -> Sale:
    """The same, bid for in both phases, extended, sold, its head published."""
    sale = await make_interrupted(session)
    row = await sale.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at - timedelta(seconds=20))
    for number, amount in enumerate(("2100000.00", "2300000.00", "2400000.00", "2500000.00"), 1):
        await place(session, sale, sale.bidders[number % 2], amount)
    await close(session, sale)
    assert await publish_head(session, CLOCK, auction_id=sale.auction_id)
    return sale


async def make_supervisor(session: AsyncSession, role: Role = Role.SUPERVISOR) -> Member:
    """Somebody of the exchange who oversees."""
    return await make_member(session, role, kind=PartyKind.EXCHANGE)
