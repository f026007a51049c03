"""What an exchange does around a session and after a close: drafts, brochures, signatures, findings of default."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.confirmations.tables import ConfirmationRow
from app.auctions.defaults import actions as defaults
from app.auctions.defaults.schemas import DefaultIn
from app.auctions.defaults.states import Ground
from app.auctions.sessions.tables import SaleSessionRow
from tests.auctions.test_defaults import sold
from tests.factories.auctions import CLOCK, Sale
from tests.factories.sessions import make_draft_session
from tests.fuzz.world import Example, Examples

PAPER = {"ground": "declared", "document_no": "声明〔2026〕3号", "reason": "来函声明不受让"}
SESSION = {
    "name": "2026 春季科技成果线上专场",
    "profile": "online_session",
    "venue": "线上",
    "gap_seconds": 30,
    "deposit_unit": "50000.00",
}


async def examples(session: AsyncSession) -> Examples:
    """One succeeding request for each. Making them moves the clock by weeks."""
    return {**await _closed(session), **await _sessions(session)}


async def _proposed(session: AsyncSession) -> Example:
    """A finding that another person has proposed."""
    sale = await sold(session)
    row = await defaults.propose_default(
        session,
        CLOCK,
        actor=sale.operator.actor,
        auction_id=sale.auction_id,
        asked=DefaultIn(ground=Ground.DECLARED, document_no="声明〔2026〕4号", reason="来函声明不受让"),
    )
    await session.flush()
    return Example(sale.auction_id, row.version)


async def _record(session: AsyncSession, sale: Sale) -> ConfirmationRow:
    found = await session.scalars(
        select(ConfirmationRow).where(ConfirmationRow.auction_id == sale.auction_id)
    )
    return found.one()


async def _closed(session: AsyncSession) -> Examples:
    sale, signed = await sold(session), await sold(session)
    record = await _record(session, signed)
    confirmed, refused = await _proposed(session), await _proposed(session)
    refused.body = {"reason": "期限尚未届满"}
    return {
        "propose_default": Example(sale.auction_id, body=PAPER),
        "confirm_default": confirmed,
        "refuse_default": refused,
        "read_default": Example(refused.id),
        "read_auction_result": Example(signed.auction_id),
        "sign_sale_confirmation": Example(record.id, record.version),
        "read_sale_confirmation": Example(record.id),
    }


async def _sessions(session: AsyncSession) -> Examples:
    halls = [await make_draft_session(session) for _ in range(3)]
    changed, listed, read = [
        await session.get_one(SaleSessionRow, hall.session_id, populate_existing=True) for hall in halls
    ]
    lots = [str(auction_id) for auction_id in reversed(halls[1].lots)]
    return {
        "create_sale_session": Example(body=SESSION),
        "change_sale_session": Example(changed.id, changed.version, SESSION),
        "put_session_lots": Example(listed.id, listed.version, {"auction_ids": lots}),
        "read_sale_session": Example(read.id),
    }
