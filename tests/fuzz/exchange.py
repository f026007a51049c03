"""What an exchange does: reviews, notices, qualification, the sale's desk, and the money."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions as bidding
from app.auctions.rules.commands import SuspendReason
from app.auctions.schemas import NoticeIn, SuspendIn
from app.demands.states import DemandStatus
from app.identity.permissions import Role
from app.identity.states import ReviewStatus
from app.identity.tables import PartyRow
from app.kit.dates import wire
from app.listings import actions as listings
from app.settlement import actions as settlement
from app.settlement.tables import AccountRow, RefundRow
from tests.factories import auctions, markets
from tests.factories import listings as achievements
from tests.factories.contracts import make_deal
from tests.factories.demands import make_demand
from tests.factories.identity import Member, make_member, make_party
from tests.factories.settlement import Finance, confirm, hold_deposit, make_arrival, make_deposit
from tests.fuzz import afterwards
from tests.fuzz.world import CLOCK, Example, Examples, on


async def examples(session: AsyncSession, me: Member) -> Examples:
    """One succeeding request for each operation of an exchange's operator and cashier."""
    # The auctions first: their making moves the clock by weeks.
    return {
        **await afterwards.examples(session),
        **await _desk(session),
        **await _notices(session),
        **await _reviews(session),
        **await _registrations(session),
        **await _money(session, me),
        **await _refunds(session, me),
    }


async def _desk(session: AsyncSession) -> Examples:
    """Three sales in their free phase, one that waits for its deposits to be reconciled."""
    late = await auctions.make_draft(session)
    table = await auctions.timetable(session)
    moved = NoticeIn(**table.model_dump() | {"starts_at": table.starts_at + timedelta(days=20)})
    row = await late.row(session)
    await bidding.publish_notice(
        session,
        CLOCK,
        actor=late.operator.actor,
        auction_id=late.auction_id,
        notice_in=moved,
        expected=row.version,
    )
    sales = [await auctions.make_noticed(session) for _ in range(3)]
    for sale in (*sales, late):
        for _ in range(2):
            await auctions.add_bidder(session, sale)
    rows = [await sale.row(session) for sale in sales]
    await auctions.advance_to(
        session, max(r.deposit_due_at for r in rows if r.deposit_due_at) + timedelta(hours=1)
    )
    for sale in sales:
        await bidding.mark_ready(session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id)
    await auctions.advance_to(session, max(r.starts_at for r in rows if r.starts_at))
    for sale in sales:
        while (await sale.row(session)).ends_at is None:
            assert await bidding.sweep(session, CLOCK)
    await bidding.suspend(
        session,
        CLOCK,
        actor=sales[1].operator.actor,
        auction_id=sales[1].auction_id,
        asked=SuspendIn(reason=SuspendReason.SYSTEM_FAULT, note="网络中断"),
    )
    why = {"reason": "court_order", "document_no": "（2026）浙01民初1号", "note": "法院裁定"}
    return {
        "mark_ready": Example(late.auction_id),
        "suspend_auction": Example(sales[0].auction_id, body={"reason": "system_fault", "note": "网络中断"}),
        "resume_auction": Example(sales[1].auction_id, body={"note": "网络恢复"}),
        "cancel_auction": Example(sales[2].auction_id, body=why),
        "read_auction": Example(sales[0].auction_id),
    }


async def _notices(session: AsyncSession) -> Examples:
    drafted = await auctions.make_draft(session)
    told = (await auctions.timetable(session)).model_dump()
    # A minute more than the factory's second: until the fuzzer starts, the notice must lie ahead.
    told["registration_opens_at"] += timedelta(minutes=5)
    body = {name: wire(at) for name, at in told.items()}
    return {"publish_notice": on(await drafted.row(session), body)}


async def _reviews(session: AsyncSession) -> Examples:
    officer, poster = (
        await achievements.make_officer(session),
        await make_member(session, Role.ENTERPRISE_USER),
    )
    waiting = []
    for _ in range(2):
        row = await achievements.make_draft(session, officer)
        waiting.append(
            await listings.submit(
                session, CLOCK, actor=officer.actor, achievement_id=row.id, expected_version=row.version
            )
        )
    registered = await achievements.make_registered(session, officer)
    demands = [await make_demand(session, poster, status=DemandStatus.SUBMITTED) for _ in range(2)]
    offering = await markets.make_submitted(session, await markets.make_market(session))
    approved = await markets.make_approved(session, await markets.make_market(session))
    party = await make_party(session, status=ReviewStatus.PENDING)
    await session.flush()
    return {
        "read_party": Example(party.id),
        "review_party": on(party, {"approved": True}),
        "list_parties": Example(query={"q": "测试"}),
        "list_achievements_for_review": Example(query={"status": "submitted"}),
        "return_achievement": on(waiting[0], {"reason": "请补充指标"}),
        "register_achievement": on(waiting[1]),
        "publish_achievement": on(registered),
        "return_demand": on(demands[0], {"reason": "请补充指标"}),
        "publish_demand": on(demands[1]),
        "review_offering": on(offering, {"approved": True, "reason": "材料齐全"}),
        "publish_listing": on(approved),
    }


async def _registrations(session: AsyncSession) -> Examples:
    market = await markets.make_market(session)
    offering = await markets.make_listed(session, market, deposit_amount=None)
    row = await markets.register(session, offering.id, await markets.make_buyer(session))
    deal = await make_deal(session)
    return {
        "list_registrants": Example(offering.id),
        "read_registrant": Example(row.id),
        "decide_qualification": on(row, {"passed": True, "reason": "符合公告条件"}),
        "read_award": Example(deal.award.award_id),
        "list_offering_awards": Example(deal.award.offering_id),
        "decide_calendar_year": Example(
            body={
                "year": 2031,
                "days_off": ["2031-01-01"],
                "days_worked": ["2031-01-04"],
                "source": "国办发明电〔2030〕7号",
            },
        ),
        "decide_calendar_day": Example(
            path={"on": str(date(2027, 3, 1))},
            body={"is_working": False, "note": "调休", "source": "国办发明电〔2026〕1号"},
        ),
    }


async def _colleague(session: AsyncSession, me: Member) -> Finance:
    """Whoever enters what the fuzzer confirms, and confirms what it need not."""
    party = await session.get_one(PartyRow, me.party_id)
    maker, checker = [await make_member(session, Role.FINANCE, party=party) for _ in range(2)]
    return Finance(maker, checker)


async def _money(session: AsyncSession, me: Member) -> Examples:
    finance = await _colleague(session, me)
    deposit = await make_deposit(session)
    entered = await make_arrival(session, finance, deposit)
    refused = await make_arrival(session, finance)
    strange = await confirm(session, finance, await make_arrival(session, finance))
    await hold_deposit(session, await make_deposit(session), finance)
    at = await CLOCK.read(session)
    account = (await session.scalars(select(AccountRow).limit(1))).one()
    line = {
        "bank_reference": "20261101-000001",
        "payer_name": "测试单位",
        "amount": "200000.00",
        "posted_at": wire(at - timedelta(hours=1)),
        "remittance_note": "保证金",
    }
    return {
        "read_deposit": Example(deposit.id),
        "enter_bank_arrival": Example(body=line),
        "read_bank_arrival": Example(entered.id),
        "confirm_bank_arrival": on(entered),
        "refuse_bank_arrival": on(refused, {"reason": "重复录入"}),
        "return_bank_arrival": on(strange, {"reason": "来源不明"}),
        "read_ledger_statement": Example(account.id),
    }


async def _refunds(session: AsyncSession, me: Member) -> Examples:
    finance = await _colleague(session, me)
    found: list[RefundRow] = []
    for number in range(3):
        deposit = await hold_deposit(session, await make_deposit(session), finance)
        await settlement.release(session, CLOCK, reference_ids=[deposit.reference_id], reason="未成交")
        await session.flush()
        refund = (await session.scalars(select(RefundRow).where(RefundRow.deposit_id == deposit.id))).one()
        if number:
            await settlement.order_refund(
                session,
                actor=finance.maker.actor,
                refund_id=refund.id,
                version=refund.version,
                bank_reference=f"F{refund.id.hex}",
            )
        found.append(refund)
    return {
        "read_refund": Example(found[0].id),
        "order_refund": on(found[0], {"bank_reference": f"P{found[0].id.hex}"}),
        "recall_refund": on(found[1]),
        "confirm_refund": on(found[2]),
    }
