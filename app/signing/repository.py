"""Keys and batches: every statement of signing that writes, and those that load a key to sign with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import read_market_clock
from app.kit.ids import new_id
from app.signing.rules.receipts import ALGORITHM, Batch
from app.signing.states import MACHINE, KeyStatus
from app.signing.tables import SignedBatchRow, SignedRangeRow, SigningKeyRow

UNDER_WAY: Final = timedelta(minutes=1)
"""So long before its making and after its retirement a key counts: for transactions that were under way, whose time was
read before.
"""


async def active_key(session: AsyncSession) -> SigningKeyRow | None:
    """The key that signs now."""
    found = await session.execute(select(SigningKeyRow).where(SigningKeyRow.status == KeyStatus.ACTIVE))
    return found.scalar_one_or_none()


async def is_sandbox(session: AsyncSession) -> bool:
    """Whether nothing here counts outside this database."""
    return (await read_market_clock(session)).kind == "sandbox"


async def add_key(
    session: AsyncSession, *, key_id: str, public_key: bytes, private_sealed: bytes | None, kept: str
) -> None:
    """Store an active key, unless another transaction was faster. Its time begins with what is under way."""
    await session.execute(
        upsert(SigningKeyRow)
        .values(
            id=key_id,
            public_key=public_key,
            private_sealed=private_sealed,
            kept=kept,
            valid_from=text("market_now() - interval '1 minute'"),
        )
        .on_conflict_do_nothing()
    )


async def retire_active(session: AsyncSession, at: datetime) -> None:
    """Retire the key that signs now and forget its private half."""
    found = await session.execute(
        select(SigningKeyRow).where(SigningKeyRow.status == KeyStatus.ACTIVE).with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is not None:
        MACHINE.advance(row, KeyStatus.RETIRED)
        row.valid_until, row.private_sealed = at + UNDER_WAY, None
        await session.flush()


def batch_row(batch: Batch, at: datetime) -> dict[str, Any]:
    """A batch as it is stored. `at` is the instant that was signed with it."""
    return {
        "id": new_id(),
        "algorithm": ALGORITHM,
        "root": batch.root,
        "size": batch.size,
        "key_id": batch.signature.key_id,
        "signature": batch.signature.value,
        "signed_at": at,
    }


def range_rows(batch: Batch, batch_id: UUID) -> list[dict[str, Any]]:
    """Which entries of which chain the batch holds: one row for each chain."""
    rows: list[dict[str, Any]] = []
    first_index = 0
    for chain_id, group in groupby(batch.entries, key=lambda entry: entry.chain_id):
        entries = list(group)
        rows.append(
            {
                "chain_id": chain_id,
                "first_seq": entries[0].seq,
                "last_seq": entries[-1].seq,
                "batch_id": batch_id,
                "first_index": first_index,
            }
        )
        first_index += len(entries)
    return rows


async def add_batch(session: AsyncSession, batch: Batch, at: datetime) -> UUID:
    """Store a batch with its ranges. Returns its id."""
    row = batch_row(batch, at)
    await session.execute(insert(SignedBatchRow), [row])
    await session.execute(insert(SignedRangeRow), range_rows(batch, row["id"]))
    found: UUID = row["id"]
    return found


async def ranges_of(session: AsyncSession, chain_id: UUID) -> Sequence[tuple[SignedRangeRow, SignedBatchRow]]:
    """The batches of a chain, in the order of its entries."""
    found = await session.execute(
        select(SignedRangeRow, SignedBatchRow)
        .join(SignedBatchRow, SignedBatchRow.id == SignedRangeRow.batch_id)
        .where(SignedRangeRow.chain_id == chain_id)
        .order_by(SignedRangeRow.first_seq)
    )
    return [(one, batch) for one, batch in found.all()]
