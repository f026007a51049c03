"""A listed sale: published for a period, registered for, and evaluated when its time is over."""

from datetime import timedelta

from app.demo import data, steps
from app.demo.person import Json, same
from app.demo.steps import STAFF, Registered, told_wan
from app.demo.stories.auction import Lot, Pace, close, compete, settle_award
from app.demo.world import World, instant
from app.kit.dates import market_date

COMPETITION = Pace(free_seconds=3_600, window_seconds=300, between=240, between_last=60)
"""How the competition of a listing is run: the house's terms."""


async def publish(world: World, sale: Json, achievement_id: str) -> Json:
    """The seller offers at a fixed price, the operator publishes it for its period."""
    login = data.seller_of(sale["seller"])
    on = market_date(await world.now())
    body = data.offering_body(sale, path="listed", achievement_id=achievement_id, on=on)
    body |= {
        "ask_amount": data.amount(sale["asking_price_wan"]),
        "deposit_amount": data.amount(sale["deposit_wan"]),
        "period_days": sale["period_working_days"],
        "payment_terms": data.payment_terms(sale),
    }
    offering = await steps.offer(world, login, body)
    operator = await world.person(STAFF.operator)
    path = f"/v1/offerings/{offering['id']}"
    published = await operator.change(path, "publication")
    same("a listing is open", published["status"], "open")
    ends_on = await world.working_days(on, sale["period_working_days"])
    same("its period ends on its last working day", published["listing"]["ends_on"], ends_on.isoformat())
    world.tell(f"{published['number']} 挂牌：{told_wan(body['ask_amount'])}，公告至 {ends_on}")
    return published


async def admit(world: World, sale: Json, offering_id: str, logins: list[str]) -> dict[str, Registered]:
    """Buyers register, pay and are qualified, a day after the publication."""
    buyers = {}
    await world.advance(int(timedelta(days=1).total_seconds()), by=STAFF.operator)
    for login in logins:
        one = await steps.register(world, login, offering_id, data.amount(sale["deposit_wan"]))
        buyers[login] = one
        await steps.pay(world, one, posted_at=await world.now())
        await steps.qualify(world, one)
        world.tell(f"{one.party_name}报名，缴纳保证金 {told_wan(one.deposit)}，资格确认")
    return buyers


async def play_listed(world: World, sale: Json, achievement_id: str) -> Json:
    """One qualified buyer at the deadline: the ask is the price. Returns the confirmed contract."""
    published = await publish(world, sale, achievement_id)
    login = data.buyer_of(sale["buyer"])
    buyers = await admit(world, sale, published["id"], [login])
    seller, buyer = await world.person(data.seller_of(sale["seller"])), await world.person(login)
    path = f"/v1/offerings/{published['id']}"
    same("the public does not learn how many registered", (await seller.get(path))["status"], "open")
    await world.advance_to(instant(published["listing"]["evaluates_at"]), by=STAFF.operator)
    await world.until_status("the listing is evaluated by itself", buyer, path, "awarded")
    amount = data.amount(sale["price_wan"])
    award = await steps.award_of(
        world, published["id"], buyer=buyer, amount=amount, rule="listed_single_buyer"
    )
    await steps.expect_registration(world, buyers[login], "winner")
    await steps.expect_deposit(world, buyers[login], "held")
    world.tell(f"公告期满，一家合格，按挂牌价 {told_wan(amount)}成交")
    contract = await steps.confirm_contract(
        world, award["id"], seller=seller, buyer=buyer, amount=amount, category="license"
    )
    await steps.expect_deposit(world, buyers[login], "applied")
    await steps.ledger_balances(world)
    return contract


async def play_competition(
    world: World, sale: Json, achievement_id: str, bids: list[tuple[str, str]], *, category: str
) -> Json:
    """Two or more qualified buyers at the deadline: they bid from the ask. bids: login and yuan, the last one wins."""
    published = await publish(world, sale, achievement_id)
    logins = list(dict.fromkeys(login for login, _ in bids))
    buyers = await admit(world, sale, published["id"], logins)
    await world.advance_to(instant(published["listing"]["evaluates_at"]), by=STAFF.operator)
    public = await world.public()

    async def called() -> int:
        return len((await public.get("/v1/auctions", offering_id=published["id"]))["data"])

    await world.until("rivals are called to bid", called, 1)
    line = (await public.get("/v1/auctions", offering_id=published["id"]))["data"][0]
    lot = Lot(
        sale, data.seller_of(sale["seller"]), published["id"], str(line["id"]), await world.now(), buyers
    )
    told = await world.until_status("a competition is ready at once", public, lot.path, "ready")
    same("it starts from the ask", told["start_price"]["amount"], data.amount(sale["asking_price_wan"]))
    await world.advance_to(instant(told["starts_at"]), by=STAFF.operator)
    await world.until_status("bidding starts by itself", public, lot.path, "free_bidding")
    await compete(world, lot, bids, COMPETITION)
    ended = await close(world, lot, "awarded")
    winner, amount = bids[-1]
    same("the price", ended["current_price"]["amount"], amount)
    return await settle_award(world, lot, winner, amount, rule="listed_competition", category=category)
