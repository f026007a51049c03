"""One sale on each path and one demand, over HTTP, from the post to the confirmed contract."""

from app.demo import data, steps
from app.demo.stories.auction import Pace, play_auction, play_passed_in
from app.demo.stories.demand import play_demand
from app.demo.stories.listed import play_competition, play_listed
from app.demo.stories.negotiated import play_negotiated
from tests.journeys.conftest import Market

PACE = Pace(free_seconds=1_800, window_seconds=120, between=90)


async def test_a_negotiated_sale_ends_at_the_last_counter_offer(market: Market) -> None:
    sale = data.sales()["negotiated"]
    world = await market(sale["seller"], sale["buyer"])
    body = data.achievement_body(data.achievement(sale["achievement"]))
    achievement_id = await steps.publish_achievement(world, data.seller_of(sale["seller"]), body)
    contract = await play_negotiated(world, sale, achievement_id)
    assert (contract["amount"]["amount"], contract["path"]) == ("468000.00", "negotiated")
    assert contract["amount_capital"] == "人民币肆拾陆万捌仟元整"


async def test_a_listed_sale_with_one_buyer_ends_at_the_ask(market: Market) -> None:
    sale = data.sales()["listed"]
    world = await market(sale["seller"], sale["buyer"])
    body = data.achievement_body(data.achievement(sale["achievement"]))
    achievement_id = await steps.publish_achievement(world, data.seller_of(sale["seller"]), body)
    contract = await play_listed(world, sale, achievement_id)
    assert (contract["amount"]["amount"], contract["path"]) == ("280000.00", "listed")


async def test_a_listed_sale_with_rivals_ends_in_bidding_from_the_ask(market: Market) -> None:
    sale = data.sales()["listed"]
    world = await market(sale["seller"], sale["buyer"], "kczy")
    body = data.achievement_body(data.achievement(sale["achievement"]))
    achievement_id = await steps.publish_achievement(world, data.seller_of(sale["seller"]), body)
    one, two = data.buyer_of(sale["buyer"]), data.buyer_of("kczy")
    amounts = ("28", "29", "30", "31", "33", "34")
    bids = [((one, two)[number % 2], data.amount(wan)) for number, wan in enumerate(amounts)]
    contract = await play_competition(world, sale, achievement_id, bids, category="license")
    assert (contract["amount"]["amount"], contract["path"]) == ("340000.00", "listed")


async def test_an_auction_of_ten_bids_raises_two_hundred_to_three_hundred(market: Market) -> None:
    sale = data.sales()["auction"]
    world = await market(sale["seller"], *(one["party"] for one in sale["bidders"]))
    body = data.achievement_body(data.achievement(sale["achievement"]))
    achievement_id = await steps.publish_achievement(world, data.seller_of(sale["seller"]), body)
    contract = await play_auction(world, sale, achievement_id, PACE)
    assert (contract["amount"]["amount"], contract["path"]) == ("3000000.00", "auction")


async def test_an_auction_without_a_bid_passes_in(market: Market) -> None:
    sale = data.sales()["passed_in"]
    world = await market(sale["seller"], *(one["party"] for one in sale["bidders"]))
    body = data.achievement_body(data.achievement(sale["achievement"]))
    achievement_id = await steps.publish_achievement(world, data.seller_of(sale["seller"]), body)
    lot = await play_passed_in(world, sale, achievement_id, PACE)
    public = await world.public()
    assert (await public.get(f"/v1/offerings/{lot.offering_id}"))["status"] == "failed"


async def test_a_demand_ends_in_a_development_contract(market: Market) -> None:
    deal = data.sales()["demand_contract"]
    world = await market(deal["buyer"], *(row["by"] for row in deal["solutions"]))
    contract = await play_demand(world, deal)
    assert (contract["amount"]["amount"], contract["category"]) == ("760000.00", "development")
