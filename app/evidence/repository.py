"""Statements that write for evidence."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.tables import AuctionTextRow
from app.events.tables import EventRow
from app.evidence.tables import EvidencePackRow, RedactionRow, SecretReadRow
from app.identity.access import Actor
from app.identity.queries import party_names
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
    session: AsyncSession,
    seq: int,
    field: str,
    *,
    auction_id: UUID | None = None,
    notice_id: UUID | None = None,
    file_id: UUID | None = None,
) -> RedactionRow | None:
    """The redaction of a text, or of a file, that is asked for and not decided."""
    of = (
        RedactionRow.notice_id == notice_id
        if notice_id is not None
        else RedactionRow.file_id == file_id
        if file_id is not None
        else RedactionRow.auction_id == auction_id
    )
    found = await session.execute(
        select(RedactionRow).where(
            of,
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


@dataclass(frozen=True)
class Target:
    """Of what a redaction is: one of the three."""

    auction_id: UUID | None
    notice_id: UUID | None
    file_id: UUID | None


async def target_of(session: AsyncSession, redaction_id: UUID) -> Target:
    """The sale, the notice or the file of a redaction: its row is locked first. Raises `NotFound`."""
    found = await session.execute(
        select(RedactionRow.auction_id, RedactionRow.notice_id, RedactionRow.file_id).where(
            RedactionRow.id == redaction_id
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound()
    return Target(row.auction_id, row.notice_id, row.file_id)


async def lock_redaction(session: AsyncSession, redaction_id: UUID) -> RedactionRow:
    """A redaction, locked after its auction."""
    found = await session.execute(
        select(RedactionRow)
        .where(RedactionRow.id == redaction_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def offices_of(session: AsyncSession, row: RedactionRow) -> tuple[str, str]:
    """The names of the organisations that asked for a redaction and decided it."""
    names = await party_names(
        session, {row.requested_party_id, row.decided_party_id or row.requested_party_id}
    )
    assert row.decided_party_id is not None
    return names[row.requested_party_id], names[row.decided_party_id]


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


async def add_pack(session: AsyncSession, row: EvidencePackRow) -> None:
    """Put on record that a pack was made."""
    session.add(row)
    await session.flush()
