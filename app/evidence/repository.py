"""Statements that write for evidence."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.tables import AuctionTextRow
from app.events.tables import EventRow
from app.evidence.tables import RedactionRow, SecretReadRow
from app.identity.access import Actor
from app.kit.errors import NotFound
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


async def text_of(session: AsyncSession, auction_id: UUID, seq: int, field: str) -> AuctionTextRow | None:
    """A text beside the chain of a locked auction."""
    return await session.get(AuctionTextRow, (auction_id, seq, field), populate_existing=True)


async def open_redaction(
    session: AsyncSession, auction_id: UUID, seq: int, field: str
) -> RedactionRow | None:
    """The redaction of a text that is asked for and not decided."""
    found = await session.execute(
        select(RedactionRow).where(
            RedactionRow.auction_id == auction_id,
            RedactionRow.seq == seq,
            RedactionRow.field == field,
            RedactionRow.status == "requested",
        )
    )
    return found.scalar_one_or_none()


async def add_redaction(session: AsyncSession, row: RedactionRow) -> RedactionRow:
    """Store what was asked for."""
    session.add(row)
    await session.flush()
    return row


async def auction_of(session: AsyncSession, redaction_id: UUID) -> UUID:
    """The sale of a redaction: its row is locked first. Raises `NotFound`."""
    found = await session.execute(select(RedactionRow.auction_id).where(RedactionRow.id == redaction_id))
    auction_id = found.scalar_one_or_none()
    if auction_id is None:
        raise NotFound()
    return auction_id


async def lock_redaction(session: AsyncSession, redaction_id: UUID) -> RedactionRow:
    """A redaction, locked after its auction."""
    found = await session.execute(
        select(RedactionRow)
        .where(RedactionRow.id == redaction_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def take_text_away(session: AsyncSession, row: RedactionRow, *, at: datetime, instead: str) -> None:
    """Remove a text and its salt for good, and its copies from the events that told of it."""
    await session.execute(
        update(AuctionTextRow)
        .where(
            AuctionTextRow.auction_id == row.auction_id,
            AuctionTextRow.seq == row.seq,
            AuctionTextRow.field == row.field,
        )
        .values(text=None, salt=None, redacted_at=at)
    )
    await session.execute(
        update(EventRow)
        .where(
            EventRow.subject_id == row.auction_id,
            EventRow.kind.startswith("auctions."),
            EventRow.payload["seq"].as_integer() == row.seq,
            EventRow.payload.has_key(row.field),
        )
        .values(payload=func.jsonb_set(EventRow.payload, [row.field], func.to_jsonb(instead)))
    )


async def note_secret_read(
    session: AsyncSession, *, actor: Actor, auction_id: UUID, what: str, refusal: str | None
) -> None:
    """Record that somebody asked for a secret, and what he was answered."""
    await session.execute(
        insert(SecretReadRow).values(
            auction_id=auction_id,
            what=what,
            granted=refusal is None,
            refusal=refusal,
            user_id=actor.user_id,
            party_id=actor.party_id,
        )
    )
