"""Reading keys."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.signing.schemas import KeyOut, KeysOut
from app.signing.states import KeyStatus
from app.signing.tables import SigningKeyRow


async def keys(session: AsyncSession) -> KeysOut:
    """All public keys, the oldest first."""
    found = await session.execute(select(SigningKeyRow).order_by(SigningKeyRow.valid_from, SigningKeyRow.id))
    return KeysOut(
        data=[
            KeyOut(
                id=row.id,
                algorithm="ed25519",
                public_key=row.public_key.hex(),
                status=KeyStatus(row.status),
                valid_from=row.valid_from,
                valid_until=row.valid_until,
            )
            for row in found.scalars()
        ]
    )
