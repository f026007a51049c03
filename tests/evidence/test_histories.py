"""Records of many kinds of sale, each reached again by the replay: simulated days and sealed offers."""

from typing import Any

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.states import ENDED
from app.evidence import queries
from app.evidence.actions import publish_head
from app.evidence.rules.checking import verify_record
from tests.auctions.sale import Sale
from tests.auctions.sealed import test_examples as sealed
from tests.auctions.sealed import test_opening as opening
from tests.evidence.written import KEYS, document_of
from tests.factories.auctions import CLOCK
from tests.simulation.day import play
from tests.simulation.script import draw

HISTORIES = 100


def _simulated(number: int) -> Sale | None:
    market = play(draw(20_261_125, number)).market
    if market.snapshot.status not in ENDED:
        return None
    sale = Sale(**vars(market.script.terms))
    sale.facts, sale.now = list(market.facts), market.snapshot
    return sale


def test_a_hundred_simulated_sales_are_replayed_to_the_same_end() -> None:
    wrong, checked, number = [], 0, 0
    while checked < HISTORIES:
        sale = _simulated(number)
        if sale is not None:
            checked += 1
            report = verify_record(document_of(sale, batches_of=8), pinned=KEYS)
            # The simulation makes its commitments up, and takes others back than it made.
            apart = [found for found in report.differences if found.code != "proxy_unknown"]
            if apart or any(note.code == "not_rejudged" for note in report.notes):
                wrong.append((number, [found.en for found in apart + report.notes]))
        number += 1
    assert wrong == []


@pytest.mark.parametrize(
    "example",
    [
        sealed.test_the_highest_of_three_sealed_offers_buys_at_its_own_price,
        sealed.test_without_an_offer_at_the_start_price_the_lot_passes_in,
        sealed.test_if_nobody_raises_in_the_extra_round_the_earlier_offer_stands,
        sealed.test_in_written_rounds_each_round_starts_above_the_best_of_the_one_before,
        opening.test_an_offer_under_another_bidders_code_is_void_and_names_who_made_it,
        opening.test_falsely_dealt_shares_void_the_bid_name_its_sealer_and_hold_up_nobody,
        opening.test_where_one_envelope_cannot_be_opened_the_seller_may_go_on_without_it,
        opening.test_or_he_ends_the_sale_and_every_deposit_goes_back,
    ],
    ids=lambda example: str(example.__name__),
)
async def test_a_sealed_sales_record_is_replayed_to_the_same_end(session: AsyncSession, example: Any) -> None:
    from sqlalchemy import select

    from app.auctions.tables import AuctionRow

    await example(session)
    found = await session.execute(select(AuctionRow).order_by(AuctionRow.created_at.desc()).limit(1))
    row = found.scalar_one()
    assert await publish_head(session, CLOCK, auction_id=row.id)
    report = verify_record(orjson.loads(orjson.dumps(await queries.record(session, row.id))))
    assert [found.en for found in report.differences] == []
    # What was void by its shares, or struck, held something that nobody can show.
    assert {note.code for note in report.notes} <= {"envelope_not_shown"}
