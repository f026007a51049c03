"""Published heads."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.evidence.schemas import HeadOut, HeadPage
from app.kit.paging import decode_cursor, encode_cursor
from app.signing.tables import SignedHeadRow


async def heads(session: AsyncSession, *, cursor: str | None, limit: int) -> HeadPage:
    """Every head that was ever published, the oldest first: whoever mirrors them can prove what a record was."""
    statement = select(SignedHeadRow)
    if cursor is not None:
        at, last_id = decode_cursor(cursor, {}, (datetime, UUID))
        statement = statement.where(tuple_(SignedHeadRow.signed_at, SignedHeadRow.chain_id) > (at, last_id))
    statement = statement.order_by(SignedHeadRow.signed_at, SignedHeadRow.chain_id).limit(limit + 1)
    rows = list((await session.execute(statement)).scalars())
    shown, more = rows[:limit], len(rows) > limit
    return HeadPage(
        data=[
            HeadOut(
                auction_id=row.chain_id,
                seq=row.seq,
                hash=row.hash.hex(),
                signed_at=row.signed_at,
                algorithm=row.algorithm,
                key_id=row.key_id,
                signature=row.signature.hex(),
            )
            for row in shown
        ],
        next_cursor=encode_cursor([shown[-1].signed_at, shown[-1].chain_id], {}) if more else None,
        has_more=more,
    )
