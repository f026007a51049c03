"""Signing and publishing the head of a record when its sale has ended."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository as auctions
from app.auctions.states import ENDED
from app.db.clock import Clock
from app.events import outbox
from app.evidence import repository
from app.evidence.events import HeadPublished
from app.evidence.rules.chain import HEAD_ALGORITHM, head_statement
from app.kit.dates import wire
from app.signing.keyring import signer_of


async def publish_head(session: AsyncSession, clock: Clock, *, auction_id: UUID) -> bool:
    """Sign the last hash of an ended sale, once, and tell everybody. False where nothing was to be done.

    A market without a key publishes no head, and so no record.
    """
    row = await auctions.lock(session, auction_id)
    signer = await signer_of(session)
    if row.status not in ENDED or not auctions.is_announced(row) or signer is None:
        return False
    at = await clock.read(session)
    statement = head_statement(
        auction_id=str(row.id),
        seq=row.seq,
        digest=row.chain_head.hex(),
        key_id=signer.key_id,
        signed_at=wire(at),
    )
    signature = signer.sign(statement)
    added = await repository.add_head(
        session,
        auction_id=row.id,
        seq=row.seq,
        digest=row.chain_head,
        algorithm=HEAD_ALGORITHM,
        signature=signature,
        at=at,
    )
    if added:
        told = {name: statement[name] for name in ("seq", "hash", "signed_at", "algorithm", "key_id")}
        await outbox.record(
            session,
            HeadPublished(
                subject_id=row.id,
                at=at,
                parties=(row.seller_party_id,),
                number=row.number,
                offering_id=row.offering_id,
                signature=signature.value.hex(),
                **told,
            ),
        )
    return added
