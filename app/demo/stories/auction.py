"""An auction from the offering to the confirmed contract: announced, registered for, bid for, extended, closed."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.demo import data, steps
from app.demo.person import Json, Person, same
from app.demo.steps import STAFF, Registered, told_wan
from app.demo.world import World, instant
from app.kit.dates import at_local, beijing, market_date, wire
from app.kit.money import fen, yuan

NOTICE_DAYS = 7
OPENS_AFTER = timedelta(seconds=5)
"""So long after its notice a sale takes registrations."""
STARTS_AT = time(10, 0)
DEPOSITS_DUE_AT = time(17, 0)
LAST_BIDS = 4
"""So many bids of a story come in the timed phase, where each moves the end."""


@dataclass(frozen=True)
class Timetable:
    """The instants of a notice."""

    closes_at: datetime
    deposit_due_at: datetime
    starts_at: datetime


@dataclass(frozen=True)
class Pace:
    """How an auction is run and how far the clock leaps between bids, in market seconds."""

    free_seconds: int
    window_seconds: int
    long: bool = False
    between: int = 0
    between_last: int = 20


@dataclass
class Lot:
    """A sale in the making."""

    sale: Json
    seller: str
    offering_id: str
    auction_id: str
    opens_at: datetime
    buyers: dict[str, Registered] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the auction is."""
        return f"/v1/auctions/{self.auction_id}"


async def timetable(world: World, *, earliest: date | None = None) -> Timetable:
    """The shortest lawful timetable from now: seven days of notice, deposits due a working day before the start."""
    now = await world.now()
    on = max(market_date(now) + timedelta(days=NOTICE_DAYS), earliest or market_date(now))
    starts_on = await world.working_days(on - timedelta(days=1), 1)
    due_at = at_local(await world.working_days(starts_on, -1), DEPOSITS_DUE_AT)
    return Timetable(due_at, due_at, at_local(starts_on, STARTS_AT))


async def announce(world: World, sale: Json, achievement_id: str, pace: Pace, table: Timetable) -> Lot:
    """The seller offers and drafts the sale, the operator publishes the notice."""
    login = data.seller_of(sale["seller"])
    on = market_date(await world.now())
    body = data.offering_body(sale, path="auction", achievement_id=achievement_id, on=on)
    offering = await steps.offer(world, login, body)
    seller, operator = await world.person(login), await world.person(STAFF.operator)
    terms = data.terms(
        sale, free_seconds=pace.free_seconds, window_seconds=pace.window_seconds, long=pace.long
    )
    drafted = await seller.post("/v1/auctions", {"offering_id": offering["id"], "terms": terms}, expect=201)
    opens_at = await world.now() + OPENS_AFTER
    lot = Lot(sale, login, str(offering["id"]), str(drafted["id"]), opens_at)
    notice = {
        "registration_opens_at": wire(opens_at),
        "registration_closes_at": wire(table.closes_at),
        "deposit_due_at": wire(table.deposit_due_at),
        "starts_at": wire(table.starts_at),
    }
    noticed = await operator.change(lot.path, "notice", notice)
    same("the start that the notice announces", instant(noticed["starts_at"]), table.starts_at)
    world.tell(
        f"{drafted['number']} 发布竞价公告：起拍价 {told_wan(terms['start_price'])}，加价幅度"
        f" {told_wan(terms['ladder'][0]['increment'])}，保证金 {told_wan(terms['deposit'])}"
    )
    return lot


async def admit(world: World, lot: Lot, logins: list[str]) -> None:
    """Buyers register, are qualified and pay; neither the public nor the seller learns of them."""
    deposit = data.amount(lot.sale["deposit_wan"])
    for login in logins:
        one = await steps.register(world, login, lot.offering_id, deposit)
        lot.buyers[login] = one
        await steps.pay(world, one, posted_at=await world.now())
        await steps.qualify(world, one)
        world.tell(f"{one.party_name}报名，缴纳保证金 {told_wan(deposit)}，资格确认")


async def make_ready(world: World, lot: Lot, table: Timetable) -> None:
    """Deposits are due and reconciled; finance signs, and the codes are drawn."""
    checker = await world.person(STAFF.checker)
    await world.advance_to(table.deposit_due_at, by=STAFF.operator)
    await world.until_status("registration closes by itself", checker, lot.path, "registration_closed")
    ready = await checker.post(f"{lot.path}/readiness")
    same("finance has signed", ready["status"], "ready")
    codes = []
    for login in lot.buyers:
        standing = await (await world.person(login)).get(f"{lot.path}/me")
        same("a qualified bidder's deposit", standing["deposit_status"], "held")
        codes.append(standing["bidder_code"])
    same("every bidder has a code of his own", len({*codes} - {None}), len(lot.buyers))


async def start(world: World, lot: Lot, table: Timetable) -> Json:
    """The bidding starts by itself, at the announced instant."""
    await world.advance_to(table.starts_at, by=STAFF.operator)
    public = await world.public()
    told = await world.until_status("bidding starts by itself", public, lot.path, "free_bidding")
    world.tell(f"{told['number']} 开始自由竞价")
    return told


async def bid(world: World, lot: Lot, login: str, amount: str) -> Json:
    """One bid, accepted; the public sees its amount under a code."""
    bidder = await world.person(login)
    placed = await bidder.post(f"{lot.path}/bids", {"amount": amount}, expect=201)
    same("the amount of a bid", placed["amount"], {"amount": amount, "currency": "CNY"})
    shown = await (await world.public()).get(lot.path)
    same("the leader is shown as a code", shown["current_bidder_code"], placed["bidder_code"])
    world.tell(f"{placed['bidder_code']} 出价 {told_wan(amount)}（第 {placed['bid_no']} 次）")
    return placed


async def compete(world: World, lot: Lot, bids: list[tuple[str, str]], pace: Pace) -> None:
    """Bids (login, amount) first in the free phase, the last ones in the timed phase, where each extends it."""
    free, last = bids[:-LAST_BIDS], bids[-LAST_BIDS:]
    for login, amount in free:
        await bid(world, lot, login, amount)
        await world.advance(pace.between, by=STAFF.operator)
    if free:
        await _refusals(world, lot, *free[-1])
    await _timed(world, lot)
    for number, (login, amount) in enumerate(last, 1):
        placed = await bid(world, lot, login, amount)
        same("extensions", placed["extension_count"], number)
        end = instant(placed["at"]) + timedelta(seconds=pace.window_seconds)
        same("a bid in the window moves the end to its time plus the window", instant(placed["ends_at"]), end)
        world.tell(f"延时 {number}：截止时间推迟到 {beijing(end):%H:%M:%S}")
        if number < len(last):
            await world.advance(pace.between_last, by=STAFF.operator)
    await _unnamed(world, lot)


async def _timed(world: World, lot: Lot) -> None:
    public = await world.public()
    told = await public.get(lot.path)
    await world.advance_to(instant(told["free_ends_at"]), by=STAFF.operator)
    await world.until_status("the timed phase begins by itself", public, lot.path, "timed_bidding")
    world.tell("自由竞价结束，进入限时竞价")


async def _refusals(world: World, lot: Lot, leader: str, amount: str) -> None:
    """Who leads cannot outbid himself; half a step is no step; an amount is needed. Nothing of it is stored."""
    before = await (await world.public()).get(lot.path)
    other = next(login for login in lot.buyers if login != leader)
    step = fen(before["increment"]["amount"])
    higher = yuan(fen(amount) + step)
    half = yuan(fen(amount) + step // 2)
    path = f"{lot.path}/bids"
    for login, asked, code in (
        (leader, higher, "already_highest"),
        (other, amount, "bid_not_above_current"),
        (other, half, None),
    ):
        told = await (await world.person(login)).post(path, {"amount": asked}, expect=409)
        if code is not None:
            same("the refusal of a bid", told["code"], code)
    visitor = await world.visitor("nobody")
    await visitor.post(path, {"amount": higher}, expect=401)
    after = await (await world.public()).get(lot.path)
    same(
        "a refused bid leaves no trace",
        (after["seq"], after["current_price"]),
        (before["seq"], before["current_price"]),
    )


async def _unnamed(world: World, lot: Lot) -> None:
    """Before the close, nobody learns names: neither the public, nor the seller, nor a bidder of another."""
    names = [one.party_name for one in lot.buyers.values()]
    readers: list[Person] = [await world.public(), await world.person(lot.seller)]
    for reader in readers:
        for path in (lot.path, f"{lot.path}/bids", f"{lot.path}/events", f"/v1/offerings/{lot.offering_id}"):
            shown = str(await reader.get(path))
            same(f"names in {path}", [name for name in names if name in shown], [])


async def close(world: World, lot: Lot, wanted: str) -> Json:
    """The bidding ends by itself when the window has passed."""
    public = await world.public()
    told = await public.get(lot.path)
    await world.advance_to(instant(told["ends_at"]), by=STAFF.operator)
    return await world.until_status("the sale ends by itself", public, lot.path, wanted)


async def settle_award(world: World, lot: Lot, winner: str, amount: str, *, rule: str, category: str) -> Json:
    """The award, the losers' deposits back, the contract confirmed, the winner's deposit applied, all balanced."""
    seller, buyer = await world.person(lot.seller), await world.person(winner)
    award = await steps.award_of(world, lot.offering_id, buyer=buyer, amount=amount, rule=rule)
    told = await (await world.public()).get(f"/v1/awards/{award['id']}")
    same("the public does not learn who bought", (told["buyer_party_id"], told["buyer_name"]), (None, None))
    world.tell(f"成交：{told_wan(amount)}，受让方 {buyer.party_name}")
    for login, one in lot.buyers.items():
        won = login == winner
        await steps.expect_registration(world, one, "winner" if won else "not_winner")
        await steps.expect_deposit(world, one, "held" if won else "released")
    contract = await steps.confirm_contract(
        world, award["id"], seller=seller, buyer=buyer, amount=amount, category=category
    )
    await steps.expect_deposit(world, lot.buyers[winner], "applied")
    await steps.refund_all(world)
    await steps.ledger_balances(world)
    return contract


async def play_auction(world: World, sale: Json, achievement_id: str, pace: Pace) -> Json:
    """The whole auction of a sale in the files. Returns the confirmed contract."""
    table = await timetable(world)
    lot = await announce(world, sale, achievement_id, pace, table)
    await open_registration(world, lot)
    await admit(world, lot, [data.buyer_of(one["party"]) for one in sale["bidders"]])
    await make_ready(world, lot, table)
    await start(world, lot, table)
    bids = [(data.buyer_of(one["by"]), data.amount(one["amount_wan"])) for one in sale["bids"]]
    await compete(world, lot, bids, pace)
    ended = await close(world, lot, "awarded")
    same("the price", ended["current_price"]["amount"], data.amount(sale["price_wan"]))
    same("the number of bids", ended["bid_no"], len(bids))
    await steps.prove(world, lot.auction_id)
    return await settle_award(
        world,
        lot,
        data.buyer_of(sale["winner"]),
        data.amount(sale["price_wan"]),
        rule="auction_highest_bid",
        category="transfer",
    )


async def open_registration(world: World, lot: Lot, *, leap: bool = True) -> None:
    """Registration opens by itself. leap: do not wait the few seconds."""
    if leap:
        await world.advance_to(lot.opens_at, by=STAFF.operator)
    await world.until_status(
        "registration opens by itself", await world.public(), lot.path, "registration_open"
    )


async def play_passed_in(world: World, sale: Json, achievement_id: str, pace: Pace) -> Lot:
    """An auction in which nobody bids: it passes in, and the one deposit goes back."""
    table = await timetable(world)
    lot = await announce(world, sale, achievement_id, pace, table)
    await open_registration(world, lot)
    await admit(world, lot, [data.buyer_of(one["party"]) for one in sale["bidders"]])
    await make_ready(world, lot, table)
    await start(world, lot, table)
    ended = await close(world, lot, "passed_in")
    same("no price and no bid", (ended["current_price"], ended["bid_no"]), (None, 0))
    offering = await (await world.person(lot.seller)).get(f"/v1/offerings/{lot.offering_id}")
    same("the offering failed", offering["status"], "failed")
    for one in lot.buyers.values():
        await steps.expect_deposit(world, one, "released")
    await steps.refund_all(world)
    await steps.ledger_balances(world)
    world.tell("无人出价，流拍，保证金退回")
    return lot
