"""What people do again and again in every story: post, offer, register, pay, qualify, sign, give back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from app.demo.person import Json, Person, same
from app.demo.world import World
from app.evidence.rules.checking import keys_of, verify_record
from app.kit.dates import market_date, wire
from app.kit.money import fen, wan


@dataclass(frozen=True)
class Staff:
    """Logins of those who run the market. The maker of an entry is never its checker."""

    manager: str = "admin.zjjy@example.cn"
    operator: str = "op1.zjjy@example.cn"
    approver: str = "op2.zjjy@example.cn"
    maker: str = "fin1.zjjy@example.cn"
    checker: str = "fin2.zjjy@example.cn"
    auditor: str = "audit.zjjy@example.cn"


STAFF = Staff()


@dataclass(frozen=True)
class Registered:
    """A buyer's way into one sale."""

    login: str
    party_name: str
    registration_id: str
    deposit_number: str | None
    deposit: str


def told_wan(amount: str) -> str:
    """An exact yuan string as people say it, in 万元."""
    return wan(fen(amount))


async def prove(world: World, auction_id: str) -> None:
    """The public record of an ended sale verifies against the published keys, with no database."""
    public, path = await world.public(), f"/v1/auctions/{auction_id}/record"

    async def published() -> bool:
        return any(head["auction_id"] == auction_id for head in await public.every("/v1/heads"))

    await world.until("the head of the record is signed and published", published, True)
    keys = keys_of(await public.get("/v1/keys"))
    report = verify_record(await public.get(path), pinned=keys)
    same("what differs in the record", [found.en for found in report.differences], [])
    world.tell(
        f"竞价记录核验通过：{report.facts} 条，链、签名、规则与结果一致（python -m app verify {world.address}{path}）"
    )


async def publish_achievement(world: World, login: str, body: Json) -> str:
    """Post an achievement, have it reviewed and published. Returns its id."""
    seller, operator = await world.person(login), await world.person(STAFF.operator)
    posted = await seller.post("/v1/achievements", body, expect=201)
    same("a new achievement is a draft", posted["status"], "draft")
    path = f"/v1/achievements/{posted['id']}"
    submitted = await seller.change(path, "submission")
    same("an achievement is submitted", submitted["status"], "submitted")
    await operator.change(path, "registration")
    published = await operator.change(path, "publication")
    same("an achievement is published", published["status"], "published")
    world.tell(f"{seller.party_name}发布成果“{body['title']}”（{posted['number']}），经审核公开")
    return str(posted["id"])


async def offer(world: World, login: str, body: Json) -> Json:
    """Draft an offering, submit it and have it approved. Returns it as the seller sees it."""
    seller, approver = await world.person(login), await world.person(STAFF.approver)
    drafted = await seller.post("/v1/offerings", body, expect=201)
    path = f"/v1/offerings/{drafted['id']}"
    submitted = await seller.change(path, "submission")
    same("an offering is submitted", submitted["status"], "submitted")
    await approver.change(path, "review", {"approved": True, "reason": "材料齐备，同意进场"})
    reviewed = await seller.get(path)
    expected = "open" if body["path"] == "negotiated" else "approved"
    same("an offering is reviewed", reviewed["status"], expected)
    world.tell(f"{seller.party_name}申请进场 {drafted['number']}，审核通过")
    return reviewed


async def register(world: World, login: str, offering_id: str, deposit: str) -> Registered:
    """A buyer registers, and is told which deposit is due."""
    buyer = await world.person(login)
    body = {"agent_name": buyer.name, "note": "已阅竞买须知与公告，接受全部受让条件"}
    told = await buyer.post(f"/v1/offerings/{offering_id}/registrations", body, expect=201)
    same("the deposit of a registration", told["deposit"]["amount"], deposit)
    same("a code is drawn at the start, not before", told["bidder_code"], None)
    return Registered(login, buyer.party_name, str(told["id"]), told["deposit_number"], deposit)


async def pay(world: World, one: Registered, *, posted_at: datetime) -> None:
    """The deposit arrives: one finance person enters the bank's line, another confirms it."""
    maker, checker = await world.person(STAFF.maker), await world.person(STAFF.checker)
    arrival = await maker.post(
        "/v1/bank-arrivals",
        {
            "bank_reference": f"{market_date(posted_at):%Y%m%d}-{uuid4().hex[:10]}",
            "payer_name": one.party_name,
            "amount": one.deposit,
            "posted_at": wire(posted_at),
            "remittance_note": f"投标保证金 {one.deposit_number}",
        },
        expect=201,
    )
    path = f"/v1/bank-arrivals/{arrival['id']}"
    await maker.change(path, "confirmation", expect=403)
    confirmed = await checker.change(path, "confirmation")
    same("an arrival is matched", (confirmed["status"], confirmed["exception"]), ("matched", None))
    await expect_deposit(world, one, "held")


async def qualify(world: World, one: Registered) -> None:
    """The operator decides by the published conditions; the buyer is qualified once the deposit is there."""
    operator, buyer = await world.person(STAFF.operator), await world.person(one.login)
    await operator.change(
        f"/v1/registrations/{one.registration_id}",
        "qualification",
        {"passed": True, "reason": "符合公告的受让条件"},
        read=f"/v1/registrants/{one.registration_id}",
    )

    async def status() -> Any:
        return (await buyer.get(f"/v1/registrations/{one.registration_id}"))["status"]

    await world.until(f"{one.party_name} is qualified", status, "qualified")


async def expect_registration(world: World, one: Registered, status: str) -> None:
    """A registration has ended, or stands, so."""
    told = await (await world.person(one.login)).get(f"/v1/registrations/{one.registration_id}")
    same(f"registration of {one.party_name}", told["status"], status)


async def expect_deposit(world: World, one: Registered, status: str) -> None:
    """A buyer's deposit stands so, in its exact amount."""
    buyer = await world.person(one.login)
    found = await buyer.every("/v1/deposits", reference_id=one.registration_id)
    seen = [(row["status"], row["amount"]["amount"]) for row in found]
    same(f"deposit of {one.party_name}", seen, [(status, one.deposit)])


async def award_of(world: World, offering_id: str, *, buyer: Person, amount: str, rule: str) -> Json:
    """The one award of an offering: this buyer, this amount, by this rule."""
    awards = await buyer.every(f"/v1/offerings/{offering_id}/awards")
    seen = [(row["buyer_party_id"], row["amount"], row["rule"]) for row in awards]
    same("the award", seen, [(buyer.party_id, {"amount": amount, "currency": "CNY"}, rule)])
    return awards[0]


async def confirm_contract(
    world: World, award_id: str, *, seller: Person, buyer: Person, amount: str, category: str
) -> Json:
    """Both sides confirm the contract record of an award, the seller first. Returns it confirmed."""

    async def records() -> list[Json]:
        return [row for row in await buyer.every("/v1/contracts") if row["award_id"] == award_id]

    async def count() -> Any:
        return len(await records())

    await world.until("an award has its contract record", count, 1)
    record = (await records())[0]
    same("a contract record starts as a draft", record["status"], "draft")
    same("its amount", record["amount"]["amount"], amount)
    same("its category", record["category"], category)
    path = f"/v1/contracts/{record['id']}"
    same("the seller confirms", (await seller.change(path, "confirmation"))["status"], "seller_confirmed")
    confirmed = await buyer.change(path, "confirmation")
    same("both have confirmed", confirmed["status"], "confirmed")
    world.tell(
        f"{seller.party_name}与{buyer.party_name}确认合同 {confirmed['number']}：{told_wan(amount)}"
        f"（{confirmed['amount_capital']}）"
    )
    return confirmed


async def refund_all(world: World) -> int:
    """Finance sends back what is owed, maker and checker again. Returns how many refunds were sent."""
    maker, checker = await world.person(STAFF.maker), await world.person(STAFF.checker)
    owed = await maker.every("/v1/refunds", status="payable")
    today = market_date(await world.now())
    for row in owed:
        path = f"/v1/refunds/{row['id']}"
        await maker.change(path, "order", {"bank_reference": f"TK{today:%Y%m%d}-{row['id'][-8:]}"})
        sent = await checker.change(path, "confirmation")
        same("a refund is sent", (sent["status"], sent["amount"]), ("sent", row["amount"]))
    return len(owed)


async def ledger_balances(world: World) -> None:
    """What is debited equals what is credited, to the fen."""
    balance = await (await world.person(STAFF.auditor)).get("/v1/ledger/trial-balance")
    same("the ledger balances", (balance["balanced"], balance["debits"]), (True, balance["credits"]))
