"""A negotiated sale: offers go to and fro, the last one is accepted."""

from datetime import timedelta

from app.demo import data, steps
from app.demo.person import Json, same
from app.demo.steps import STAFF, told_wan
from app.demo.world import World
from app.kit.dates import market_date


async def play_negotiated(world: World, sale: Json, achievement_id: str) -> Json:
    """The seller asks, the buyer bargains, one side accepts the other's last offer. Returns the confirmed contract."""
    logins = {"seller": data.seller_of(sale["seller"]), "buyer": data.buyer_of(sale["buyer"])}
    on = market_date(await world.now())
    body = data.offering_body(sale, path="negotiated", achievement_id=achievement_id, on=on)
    body["payment_terms"] = data.payment_terms(sale)
    offering = await steps.offer(world, logins["seller"], body)
    people = {side: await world.person(login) for side, login in logins.items()}
    opened = await people["buyer"].post(
        f"/v1/offerings/{offering['id']}/negotiations", {"message": "看到贵方成果，想谈谈许可"}, expect=201
    )
    path = f"/v1/negotiations/{opened['id']}"
    for number, turn in enumerate(sale["rounds"], 1):
        await world.advance(int(timedelta(hours=7).total_seconds()), by=STAFF.operator)
        made = await people[turn["by"]].post(
            f"{path}/offers", {"amount": data.amount(turn["price_wan"]), "terms": turn["note"]}, expect=201
        )
        same("the round of an offer", made["rounds"], number)
        world.tell(
            f"{people[turn['by']].party_name}报价 {told_wan(data.amount(turn['price_wan']))}：{turn['note']}"
        )
    accepter = people[sale["accepted_by"]]
    seen = await accepter.get(path)
    offers = seen["offers"]
    same("only the latest offer lives", [one["live"] for one in offers], [False] * (len(offers) - 1) + [True])
    stale = {"offer_id": offers[0]["id"]}
    refused = await accepter.change(path, "acceptance", stale, expect=409)
    same("an offer that was replaced cannot be accepted", refused["code"], "offer_not_live")
    amount = data.amount(sale["price_wan"])
    award = await accepter.change(path, "acceptance", {"offer_id": offers[-1]["id"]}, expect=201)
    same("the award", (award["amount"]["amount"], award["rule"]), (amount, "negotiated_acceptance"))
    world.tell(f"{accepter.party_name}接受报价，{told_wan(amount)}成交")
    contract = await steps.confirm_contract(
        world,
        award["id"],
        seller=people["seller"],
        buyer=people["buyer"],
        amount=amount,
        category="license",
    )
    visitor = await world.public()
    await visitor.get(path, expect=401)
    await steps.ledger_balances(world)
    return contract
