"""Statements that write for evidence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.signing.rules.statements import Signature
from app.signing.tables import SignedHeadRow


async def add_head(
    session: AsyncSession,
    *,
    auction_id: UUID,
    seq: int,
    digest: bytes,
    algorithm: str,
    signature: Signature,
    at: datetime,
) -> bool:
    """Store the signed head of an ended sale. False where it was stored before."""
    added = await session.execute(
        upsert(SignedHeadRow)
        .values(
            chain_id=auction_id,
            seq=seq,
            hash=digest,
            algorithm=algorithm,
            key_id=signature.key_id,
            signature=signature.value,
            signed_at=at,
        )
        .on_conflict_do_nothing()
        .returning(SignedHeadRow.chain_id)
    )
    return added.scalar_one_or_none() is not None
