"""I-33. Every fact is in the hash chain: nothing can be changed, dropped or put in without every later hash changing."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.rules.record import digest_of
from app.kit.dates import wire
from app.signing.rules.chain import GENESIS
from tests.invariants.record import require
from tests.invariants.stored import Stored


async def of_database(_: AsyncSession, sale: Stored) -> None:
    """The chain from its beginning to the head that the row names."""
    head = GENESIS
    for fact, kept in zip(sale.record.facts, sale.links, strict=True):
        require(kept.prev_hash == head, "I-33", f"seq {fact.seq} does not follow the one before it")
        head = digest_of(
            str(sale.row.id),
            seq=fact.seq,
            kind=kept.kind,
            at=wire(kept.at),
            payload=kept.payload,
            previous=head,
        )
        require(kept.hash == head, "I-33", f"the chain breaks at seq {fact.seq}")
    require(sale.row.chain_head == head, "I-33", "the row names another head than the chain's")
