"""The public record of a notice: exactly what is stored, so that its reader finds what a superuser changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.evidence.queries.batches import Signed
from app.evidence.queries.records import batches_of, keys_of
from app.evidence.rules.notices import NOTICE_SCHEMA
from app.identity.queries import party_names
from app.kit.dates import wire
from app.notices import repository
from app.notices.rules.record import CHAIN_ALGORITHM
from app.notices.tables import NoticeBlobRow, NoticeEntryRow
from app.signing.repository import ranges_of
from app.signing.rules.merkle import Tree
from app.signing.rules.receipts import leaf_of


async def notice_record(session: AsyncSession, notice_id: UUID) -> dict[str, Any]:
    """The record as plain JSON values, in the form of `rules.notices.NoticeRecord`. Raises `NotFound`."""
    row = await repository.notice(session, notice_id)
    names = await party_names(session, {row.owner_party_id})
    entries = list(
        await session.scalars(
            select(NoticeEntryRow)
            .where(NoticeEntryRow.notice_id == row.id)
            .order_by(NoticeEntryRow.seq)
            .execution_options(populate_existing=True)
        )
    )
    held = await _signed(session, notice_id, entries)
    values = await _values(session, notice_id)
    return {
        "schema": NOTICE_SCHEMA,
        "chain_algorithm": CHAIN_ALGORITHM,
        "notice": {
            "id": str(row.id),
            "number": row.number,
            "kind": row.kind,
            "title": row.title,
            "owner_name": names[row.owner_party_id],
            "status": row.status,
        },
        "entries": [
            {
                "seq": entry.seq,
                "kind": entry.kind,
                "at": wire(entry.at),
                "payload": entry.payload,
                "previous": entry.prev_hash.hex(),
                "hash": entry.hash.hex(),
                "values": values.get(entry.seq, {}),
                **_place(held, entry.seq),
            }
            for entry in entries
        ],
        "batches": batches_of(held),
        "keys": await keys_of(session, {batch.key_id for _, batch in held.ranges}),
    }


async def _signed(session: AsyncSession, notice_id: UUID, entries: list[NoticeEntryRow]) -> Signed:
    """A batch holds entries of one notice only: its tree is put together again from what is stored of them."""
    ranges = list(await ranges_of(session, notice_id))
    hashes = {entry.seq: entry.hash for entry in entries}
    trees = {}
    for one, batch in ranges:
        leaves = [b""] * batch.size
        for seq in range(one.first_seq, one.last_seq + 1):
            index = one.first_index + seq - one.first_seq
            if seq in hashes and index < batch.size:
                leaves[index] = leaf_of(notice_id, seq, hashes[seq])
        trees[batch.id] = Tree(leaves)
    return Signed(ranges, trees)


def _place(held: Signed, seq: int) -> dict[str, Any]:
    place = held.place_of(seq)
    tree = held.trees[held.ranges[place[0]][1].id] if place else None
    inside = place is not None and tree is not None and place[1] < tree.size
    return {
        "batch": place[0] if place else None,
        "index": place[1] if place else None,
        "path": [step.hex() for step in tree.path(place[1])] if inside and tree and place else [],
    }


async def _values(session: AsyncSession, notice_id: UUID) -> dict[int, dict[str, Any]]:
    rows = await session.scalars(
        select(NoticeBlobRow)
        .where(NoticeBlobRow.notice_id == notice_id)
        .execution_options(populate_existing=True)
    )
    values: dict[int, dict[str, Any]] = {}
    for row in rows:
        values.setdefault(row.seq, {})[row.field] = {
            "salt": row.salt.hex() if row.salt is not None else None,
            "value": row.value,
            "redaction": row.redaction,
        }
    return values
