"""I-18. A deposit is held once and ends once; a sale that has ended keeps nobody's but the winner's."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.states import ENDED
from tests.invariants.record import require
from tests.invariants.stored import Stored

_MONEY = text(
    "SELECT d.number FROM deposits d LEFT JOIN accounts a ON a.deposit_id = d.id"
    " WHERE coalesce(-a.balance_minor, 0) <> CASE WHEN d.status = 'held' THEN d.amount_minor ELSE 0 END"
)
_RETURNED = text(
    "SELECT d.number FROM deposits d WHERE d.status = 'released'"
    " AND (SELECT count(*) FROM refunds f WHERE f.deposit_id = d.id) <> 1"
)
_KEPT = text(
    "SELECT count(*) FROM deposits d JOIN registrations r ON r.id = d.reference_id"
    " WHERE r.offering_id = :offering AND r.status <> 'winner' AND d.status = 'held'"
)


async def of_database(session: AsyncSession, sale: Stored) -> None:
    """What an account of a deposit holds is what the deposit's state says, and a release is one refund."""
    wrong = (await session.execute(_MONEY)).scalars().all()
    require(not wrong, "I-18", f"deposits {wrong} hold other money than their state says")
    wrong = (await session.execute(_RETURNED)).scalars().all()
    require(not wrong, "I-18", f"deposits {wrong} were not released exactly once")
    if sale.row.status in ENDED:
        kept = (await session.execute(_KEPT, {"offering": sale.row.offering_id})).scalar_one()
        require(kept == 0, "I-18", f"{kept} losers' deposits are still held after the end")
