"""A sealed sale's public record: replayed, its root and every commitment computed again."""

import copy

from sqlalchemy.ext.asyncio import AsyncSession

from app.evidence.actions import publish_head
from app.evidence.rules.checking import verify_record
from tests.evidence.test_records import record_of
from tests.factories.auctions import CLOCK
from tests.factories.sealed import make_sealing, open_all, send


async def test_a_sealed_sales_record_verifies_and_an_altered_offer_is_found(session: AsyncSession) -> None:
    """Two tie at 300, one raises in the extra round; somebody's salt is later said to have been another."""
    sale = await make_sealing(session, bidders=3)
    for bidder, amount in zip(sale.bidders, ("3000000.00", "3000000.00", "2500000.00"), strict=True):
        await send(session, sale, bidder, amount)
    await open_all(session, sale)
    await send(session, sale, sale.bidders[1], "3200000.00")
    row = await open_all(session, sale, round_no=2)
    assert row.status == "awarded"
    await publish_head(session, CLOCK, auction_id=sale.auction_id)
    told = await record_of(session, sale)
    report = verify_record(told)
    assert report.differences == []
    assert report.outcome["amount_minor"] == 320_000_000

    altered = copy.deepcopy(told)
    opened = next(entry for entry in altered["facts"] if entry["kind"] == "envelopes_opened")
    opened["payload"]["results"][0]["salt"] = "00" * 32
    codes = {one.code for one in verify_record(altered).differences}
    assert {"entry_altered", "envelope_altered"} <= codes
