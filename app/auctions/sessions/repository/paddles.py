"""Paddle numbers of a session: those that are taken, those that are void, and how they came to be so."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.sessions.tables import PaddleExchangeRow, SessionRegistrationRow
from app.identity.tables import UserRow


async def taken_paddles(session: AsyncSession, session_id: UUID) -> frozenset[int]:
    """Numbers that nobody may be given: drawn, or void. Lock the session first."""
    drawn = select(SessionRegistrationRow.paddle_no).where(
        SessionRegistrationRow.session_id == session_id, SessionRegistrationRow.paddle_no.is_not(None)
    )
    void = select(PaddleExchangeRow.old_no).where(PaddleExchangeRow.session_id == session_id)
    return frozenset((await session.scalars(union_all(drawn, void))).all())


async def is_void_paddle(session: AsyncSession, session_id: UUID, paddle_no: int) -> bool:
    """Whether a number was exchanged for another."""
    return await session.get(PaddleExchangeRow, (session_id, paddle_no)) is not None


async def add_exchange(session: AsyncSession, row: PaddleExchangeRow) -> PaddleExchangeRow:
    """Store that a paddle was exchanged; it is never changed."""
    session.add(row)
    await session.flush()
    return row


async def exchanges_of(session: AsyncSession, session_id: UUID) -> Sequence[tuple[PaddleExchangeRow, str]]:
    """A session's exchanges in their order, with the names of the clerks."""
    found = await session.execute(
        select(PaddleExchangeRow, UserRow.name)
        .join(UserRow, UserRow.id == PaddleExchangeRow.exchanged_by)
        .where(PaddleExchangeRow.session_id == session_id)
        .order_by(PaddleExchangeRow.exchanged_at, PaddleExchangeRow.old_no)
    )
    return [(row, name) for row, name in found]
