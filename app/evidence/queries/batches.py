"""The signed batches of a chain: their trees are put together again from the hashes that they were made of."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.tables import AuctionEventRow
from app.evidence.errors import ReceiptAbsent
from app.kit.dates import wire
from app.signing.repository import ranges_of
from app.signing.rules.merkle import Tree
from app.signing.rules.receipts import Entry, leaf_of
from app.signing.rules.receipts import receipt as made
from app.signing.rules.statements import Signature
from app.signing.tables import SignedBatchRow, SignedRangeRow


@dataclass(frozen=True)
class Signed:
    """The batches that hold entries of one chain, in its order, with their trees."""

    ranges: Sequence[tuple[SignedRangeRow, SignedBatchRow]]
    trees: dict[UUID, Tree]

    def place_of(self, seq: int) -> tuple[int, int] | None:
        """The number of the batch that covers an entry, and the entry's index in it."""
        number = bisect_right(self.ranges, seq, key=lambda held: held[0].first_seq) - 1
        if number < 0 or seq > self.ranges[number][0].last_seq:
            return None
        one = self.ranges[number][0]
        return number, one.first_index + seq - one.first_seq


async def signed(session: AsyncSession, chain_id: UUID, seq: int | None = None) -> Signed:
    """The batches of a chain; of one of its entries only, where `seq` is given."""
    ranges = [
        (one, batch)
        for one, batch in await ranges_of(session, chain_id)
        if seq is None or one.first_seq <= seq <= one.last_seq
    ]
    return Signed(ranges, await _trees(session, {batch.id: batch.size for _, batch in ranges}))


async def _trees(session: AsyncSession, sizes: dict[UUID, int]) -> dict[UUID, Tree]:
    """An entry that is no longer stored leaves an empty leaf: the tree then has another root than was signed."""
    leaves = {batch_id: [b""] * size for batch_id, size in sizes.items()}
    found = await session.execute(
        select(
            SignedRangeRow.batch_id,
            SignedRangeRow.first_index + AuctionEventRow.seq - SignedRangeRow.first_seq,
            AuctionEventRow.auction_id,
            AuctionEventRow.seq,
            AuctionEventRow.hash,
        )
        .join(
            AuctionEventRow,
            and_(
                AuctionEventRow.auction_id == SignedRangeRow.chain_id,
                AuctionEventRow.seq.between(SignedRangeRow.first_seq, SignedRangeRow.last_seq),
            ),
        )
        .where(SignedRangeRow.batch_id.in_(sizes))
    )
    for batch_id, index, auction_id, seq, digest in found:
        if 0 <= index < len(leaves[batch_id]):
            leaves[batch_id][index] = leaf_of(auction_id, seq, digest)
    return {batch_id: Tree(held) for batch_id, held in leaves.items()}


async def receipt(session: AsyncSession, auction_id: UUID, seq: int) -> dict[str, Any]:
    """The receipt of one public entry of an announced sale. Raises `ReceiptAbsent`."""
    found = await session.execute(
        select(AuctionEventRow.hash).where(
            AuctionEventRow.auction_id == auction_id, AuctionEventRow.seq == seq
        )
    )
    digest = found.scalar_one_or_none()
    held = await signed(session, auction_id, seq)
    place = held.place_of(seq)
    if digest is None or place is None:
        raise ReceiptAbsent(field="/query/seq")
    _, batch = held.ranges[place[0]]
    return made(
        Entry(auction_id, seq, digest),
        root=batch.root,
        path=held.trees[batch.id].path(place[1]),
        size=batch.size,
        index=place[1],
        signature=Signature(batch.key_id, batch.signature),
        signed_at=wire(batch.signed_at),
    )
