"""Keys and batches: every statement of signing that writes, and those that load a key to sign with."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import plain
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


def range_rows(batch: Batch) -> list[dict[str, Any]]:
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
                "first_index": first_index,
            }
        )
        first_index += len(entries)
    return rows


# The batch is there only if its key signs at this moment: who signs need not ask before. Its ranges refer to it.
_ADD_BATCH: Final = (
    "INSERT INTO signed_batches (id, algorithm, root, size, key_id, signature, signed_at)"
    " SELECT $1::uuid, $2::text, $3::bytea, $4::integer, k.id, $5::bytea, $6::timestamptz"
    " FROM signing_keys k WHERE k.id = $7::text AND k.status = 'active'"
)
_ADD_RANGES: Final = (
    "INSERT INTO signed_ranges (chain_id, first_seq, last_seq, batch_id, first_index)"
    " SELECT r.chain_id, r.first_seq, r.last_seq, $1::uuid, r.first_index FROM signing_keys k,"
    " json_to_recordset($2::json) AS r (chain_id uuid, first_seq integer, last_seq integer, first_index integer)"
    " WHERE k.id = $3::text AND k.status = 'active'"
)


async def add_batch(session: AsyncSession, batch: Batch, at: datetime, check: Callable[[int], None]) -> None:
    """Store a batch, signed at `at`, with its ranges. Its key must sign at this moment: else nothing is stored.

    check: is given how many batches were stored.
    """
    batch_id, key_id = new_id(), batch.signature.key_id
    signed = (ALGORITHM, batch.root, batch.size, batch.signature.value, at, key_id)
    await plain.post(session, _ADD_BATCH, batch_id, *signed, check=check)
    await plain.post(session, _ADD_RANGES, batch_id, plain.rows_json(range_rows(batch)), key_id)


async def ranges_of(session: AsyncSession, chain_id: UUID) -> Sequence[tuple[SignedRangeRow, SignedBatchRow]]:
    """The batches of a chain, in the order of its entries."""
    found = await session.execute(
        select(SignedRangeRow, SignedBatchRow)
        .join(SignedBatchRow, SignedBatchRow.id == SignedRangeRow.batch_id)
        .where(SignedRangeRow.chain_id == chain_id)
        .order_by(SignedRangeRow.first_seq)
    )
    return [(one, batch) for one, batch in found.all()]
