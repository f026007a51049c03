"""A demand from the post to the development contract: answered in private, shortlisted, chosen with a reason."""

from datetime import timedelta

from app.demo import data, steps
from app.demo.person import Json, same
from app.demo.steps import STAFF, told_wan
from app.demo.world import World
from app.kit.dates import market_date


async def publish_demand(world: World, row: Json, *, by_clerk: str | None = None) -> Json:
    """Post a demand and have it published; what a clerk types in is submitted by its owner. Returns it."""
    owner, operator = await world.person(data.buyer_of(row["poster"])), await world.person(STAFF.operator)
    body = data.demand_body(row, market_date(await world.now()))
    author = owner
    if by_clerk is not None:
        author = await world.person(by_clerk)
        body["on_behalf_of_party_id"] = owner.party_id
    posted = await author.post("/v1/demands", body, expect=201)
    path = f"/v1/demands/{posted['id']}"
    await owner.change(path, "submission")
    published = await operator.change(path, "publication")
    same("a demand is published", published["status"], "published")
    world.tell(f"{owner.party_name}发布需求 {published['number']}“{row['title']}”")
    return published


async def play_demand(world: World, deal: Json) -> Json:
    """A demand is answered by two, one is chosen, the development contract is confirmed. Returns the contract."""
    published = await publish_demand(world, data.demand(deal["demand"]))
    path = f"/v1/demands/{published['id']}"
    poster = await world.person(data.buyer_of(deal["buyer"]))
    answers = {}
    for row in deal["solutions"]:
        await world.advance(int(timedelta(hours=20).total_seconds()), by=STAFF.operator)
        answerer = await world.person(data.seller_of(row["by"]))
        body = {
            "kind": "development",
            "summary": row["summary"],
            "price_amount": data.amount(row["price_wan"]),
            "schedule_months": row["duration_months"],
            "team": row["team"],
        }
        answers[row["by"]] = await answerer.post(f"{path}/solutions", body, expect=201)
        own = await answerer.every(f"{path}/solutions")
        same("an answerer sees his own answer only", [one["id"] for one in own], [answers[row["by"]]["id"]])
        world.tell(
            f"{answerer.party_name}应答：{told_wan(body['price_amount'])}，{row['duration_months']} 个月"
        )
    same("the poster sees all answers", len(await poster.every(f"{path}/solutions")), len(answers))
    for key in deal["shortlist"]:
        listed = await poster.change(f"/v1/solutions/{answers[key]['id']}", "shortlist")
        same("an answer is shortlisted", listed["status"], "shortlisted")
    await world.advance(int(timedelta(days=2).total_seconds()), by=STAFF.operator)
    chosen = {"solution_id": answers[deal["chosen"]]["id"], "reason": deal["reason"]}
    await poster.change(path, "choice", chosen)
    world.tell(f"{poster.party_name}选定{data.organisation(deal['chosen'])['name']}：{deal['reason']}")
    contract = await _contract(world, deal)
    closed = await poster.change(path, "closure", {"outcome": "awarded", "reason": "合同已确认，需求揭晓"})
    same("the demand is solved", (closed["status"], closed["outcome"]), ("closed", "awarded"))
    return contract


async def _contract(world: World, deal: Json) -> Json:
    """The award that follows from the choice, and its contract with no achievement behind it."""
    poster = await world.person(data.buyer_of(deal["buyer"]))
    provider = await world.person(data.seller_of(deal["chosen"]))
    amount = data.amount(deal["price_wan"])

    async def awards() -> list[Json]:
        return [row for row in await poster.every("/v1/my/awards") if row["rule"] == "demand_choice"]

    async def seen() -> list[tuple[str, str]]:
        return [(row["amount"]["amount"], row["seller_party_id"]) for row in await awards()]

    await world.until("the choice becomes an award", seen, [(amount, provider.party_id)])
    award = (await awards())[0]
    contract = await steps.confirm_contract(
        world, award["id"], seller=provider, buyer=poster, amount=amount, category="development"
    )
    same("no achievement stands behind it", contract["source_achievement_ids"], [])
    await steps.ledger_balances(world)
    return contract
