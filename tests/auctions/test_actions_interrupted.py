"""Sales that do not go straight to their end: cancelled, suspended, stuck, and the competition of a listing."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions
from app.auctions.handlers import open_competition
from app.auctions.rules.commands import CancelReason, SuspendReason
from app.auctions.schemas import CancelIn, ResumeIn, SuspendIn
from app.auctions.tables import AuctionRow
from app.db.clock import Clock
from app.kit.dates import SHANGHAI
from app.markets.tables import AwardRow, OfferingRow
from app.settlement.tables import DepositRow
from tests.auctions.stored import deposits, told
from tests.factories.auctions import (
    CLOCK,
    add_bidder,
    advance_to,
    close,
    competition_required,
    make_draft,
    make_listed,
    make_noticed,
    make_started,
    place,
)

MILLION = "2000000.00"


async def test_a_cancelled_sale_has_no_winner_and_every_deposit_is_free(session: AsyncSession) -> None:
    sale = await make_started(session)
    await place(session, sale, sale.bidders[0], MILLION)
    asked = CancelIn(reason=CancelReason.COURT_ORDER, document_no="（2026）浙01执3号", note="依法撤销")
    row = await actions.cancel(
        session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=asked
    )
    assert (row.status, row.award_id, row.next_due_at) == ("cancelled", None, None)
    assert await deposits(session, sale) == ["released", "released"]
    awards = (
        await session.execute(select(AwardRow).where(AwardRow.offering_id == sale.offering_id))
    ).scalars()
    assert list(awards) == []


async def test_a_discarded_draft_is_told_to_nobody_and_the_offering_stays(session: AsyncSession) -> None:
    sale = await make_draft(session)
    asked = CancelIn(reason=CancelReason.SELLER_WITHDRAWAL, document_no="院务会纪要", note="暂缓")
    await actions.cancel(session, CLOCK, actor=sale.operator.actor, auction_id=sale.auction_id, asked=asked)
    assert await told(session, sale) == []
    offering = await session.get_one(OfferingRow, sale.offering_id, populate_existing=True)
    assert offering.status == "approved"


async def test_a_suspended_sale_waits_and_goes_on_with_a_full_window(
    session: AsyncSession, clock: Clock
) -> None:
    sale = await make_started(session)
    row = await sale.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at - timedelta(seconds=5))
    await actions.suspend(
        session,
        clock,
        actor=sale.operator.actor,
        auction_id=row.id,
        asked=SuspendIn(reason=SuspendReason.SYSTEM_FAULT, note="网络故障"),
    )
    await advance_to(session, row.ends_at + timedelta(minutes=30))
    assert not await actions.sweep(session, clock)
    resumed = await actions.resume(
        session, clock, actor=sale.operator.actor, auction_id=row.id, asked=ResumeIn(note="已恢复")
    )
    now = await clock.read(session)
    assert resumed.status == "timed_bidding"
    assert resumed.ends_at is not None
    assert timedelta(seconds=299) < resumed.ends_at - now <= timedelta(seconds=300)


async def test_a_sale_that_fails_in_the_sweep_is_put_off_and_holds_up_no_other(session: AsyncSession) -> None:
    stuck = await make_started(session)
    await place(session, stuck, stuck.bidders[0], MILLION)
    # The offering left the market behind the auction's back: its award must fail.
    await session.execute(
        text("UPDATE offerings SET status = 'withdrawn' WHERE id = :id"), {"id": stuck.offering_id}
    )
    sound = await make_started(session)
    await place(session, sound, sound.bidders[0], MILLION)
    row = await sound.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at + timedelta(days=1))
    while await actions.sweep(session, CLOCK):
        pass
    failed, closed = await stuck.row(session), await sound.row(session)
    assert (failed.status, failed.award_id) == ("free_bidding", None)
    assert failed.retry_at is not None
    assert (closed.status, closed.award_id is not None) == ("awarded", True)


async def test_a_suspension_during_registration_gives_the_window_and_the_deadline_back(
    session: AsyncSession,
) -> None:
    sale = await make_noticed(session)
    await add_bidder(session, sale)
    await add_bidder(session, sale, paid=False)
    before = await sale.row(session)
    closes, due = before.registration_closes_at, before.deposit_due_at
    assert closes is not None and due is not None
    asked = SuspendIn(reason=SuspendReason.OBJECTION, note="有人提出异议")
    await actions.suspend(session, CLOCK, actor=sale.operator.actor, auction_id=before.id, asked=asked)
    await advance_to(session, closes + timedelta(days=1))
    row = await actions.resume(
        session, CLOCK, actor=sale.operator.actor, auction_id=before.id, asked=ResumeIn(note="已核实")
    )
    assert row.status == "registration_open"
    assert row.registration_closes_at is not None and row.registration_closes_at > closes
    shift = row.registration_closes_at - closes
    found = await session.execute(
        select(DepositRow.status, DepositRow.due_at).where(DepositRow.reference_id.in_(sale.registrations))
    )
    assert {deposit.status: deposit.due_at for deposit in found} == {"held": due, "required": due + shift}
    # Who had not registered still can.
    await add_bidder(session, sale)


async def test_a_listed_sale_with_rivals_is_bid_for_on_its_own_registrations(session: AsyncSession) -> None:
    sale = await make_listed(session)
    event = await competition_required(session, sale)
    await open_competition(session, CLOCK, event)
    await open_competition(session, CLOCK, event)
    (row,) = (
        await session.execute(select(AuctionRow).where(AuctionRow.offering_id == sale.offering_id))
    ).scalars()
    sale = replace(sale, auction_id=row.id)
    assert (row.origin, row.status, row.seq) == ("listed", "ready", 2)
    assert row.starts_at is not None
    assert row.starts_at.astimezone(SHANGHAI).hour == 10
    await advance_to(session, row.starts_at)
    await place(session, sale, sale.bidders[0], "1600000.00")
    await place(session, sale, sale.bidders[1], "1650000.00")
    closed = await close(session, sale)
    assert closed.status == "awarded"
    (award,) = (
        await session.execute(select(AwardRow).where(AwardRow.offering_id == sale.offering_id))
    ).scalars()
    assert (award.rule, award.amount_minor) == ("listed_competition", 165_000_000)
    assert award.buyer_party_id == sale.bidders[1].party_id
    assert await deposits(session, sale) == ["released", "held"]
