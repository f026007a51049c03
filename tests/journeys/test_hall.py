"""A session of six lots in a hall, played over HTTP: one passes in, one is withdrawn in the middle, four are sold."""

import httpx

from app.demo import data, steps
from app.demo.person import Person
from app.demo.stories.auction import timetable
from app.demo.stories.hall import Hall, admit_to_hall, announce_hall, make_hall_ready, play_hall
from app.demo.world import World
from tests.journeys.conftest import Market


async def played(market: Market) -> tuple[World, Hall]:
    """The plan of the demonstration, played to its end."""
    plan = data.hall()
    holders = [data.achievement(lot["achievement"])["holder"] for lot in plan["lots"]]
    world = await market(*holders, *(one["party"] for one in plan["bidders"]), plan["house"])
    published = {}
    for lot in plan["lots"]:
        row = data.achievement(lot["achievement"])
        published[lot["achievement"]] = await steps.publish_achievement(
            world, data.seller_of(row["holder"]), data.achievement_body(row)
        )
    table = await timetable(world)
    hall = await announce_hall(world, plan, published, table)
    await admit_to_hall(world, hall)
    await make_hall_ready(world, hall, table)
    await play_hall(world, hall)
    return world, hall


async def paper(who: Person, path: str) -> httpx.Response:
    return await who.client.get(path)


async def test_six_lots_are_sold_in_a_morning_and_one_of_them_is_withdrawn(market: Market) -> None:
    world, hall = await played(market)
    public = await world.public()
    ended = await public.get(hall.path)
    assert [(lot["lot_no"], lot["status"]) for lot in ended["catalogue"]] == [
        (1, "awarded"), (2, "awarded"), (3, "awarded"), (4, "cancelled"), (5, "passed_in"), (6, "awarded"),
    ]  # fmt: skip
    prices = [lot["current_price"]["amount"] for lot in ended["catalogue"] if lot["status"] == "awarded"]
    assert prices == ["1000000.00", "3200000.00", "330000.00", "3000000.00"]
    await steps.ledger_balances(world)

    # Units: what was won stays bound to its lot, the rest is owed back, each once.
    left = {}
    for one in hall.plan["bidders"]:
        buyer = await world.person(data.buyer_of(one["party"]))
        standing = await buyer.get(f"{hall.path}/me")
        left[one["party"]] = (standing["units"], standing["units_leading"], standing["units_won"])
    assert left == {"sgdd": (2, 0, 1), "xjqp": (1, 0, 1), "lhxn": (2, 0, 2), "ltzc": (1, 0, 0)}
    owed = sorted(
        row["amount"]["amount"]
        for row in await (await world.person("fin1.zjjy@example.cn")).every("/v1/refunds")
    )
    assert owed == ["100000.00", "100000.00"]

    # The minutes, as who conducted the sale reads and prints them.
    auctioneer = await world.person(hall.auctioneer)
    minutes = await auctioneer.get(f"{hall.path}/minutes")
    assert (minutes["title"], minutes["complete"], minutes["source"]) == ("拍卖笔录", True, "拍卖法 art. 53")
    told = [line["text"] for line in minutes["records"][5]["lines"]]
    assert f"{hall.paddles['sgdd']}号现场举牌 2,300万元" in told
    assert any(line.startswith("更正：") for line in told)
    assert any("委托出价" in line for line in told)
    assert minutes["records"][3]["outcome"] == "撤拍"
    assert minutes["records"][5]["hammer_price_capital"] == "人民币叁佰万元整"
    printed = await paper(auctioneer, f"{hall.path}/minutes.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    assert (await paper(auctioneer, f"{hall.path}/minutes.pdf")).content == printed.content

    # Nobody learns from the public record who stands behind a paddle.
    names = [data.organisation(one["party"])["name"] for one in hall.plan["bidders"]]
    shown = (await paper(public, hall.path)).text
    assert [name for name in names if name in shown] == []
