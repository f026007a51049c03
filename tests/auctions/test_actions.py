"""The room on a real database: what each verb stores, tells and leaves alone."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions, repository
from app.auctions.errors import (
    AlreadyHighest,
    BidderDepositNotHeld,
    BidderNotQualified,
    BidderNotRegistered,
    BiddingEnded,
    BiddingNotStarted,
    OfferingNotForAuction,
    OperatorIsSeller,
    SellerMayNotBid,
    TermsOutOfBounds,
    TermsPinned,
)
from app.auctions.handlers import open_competition
from app.auctions.rules import engine
from app.auctions.rules.commands import CancelReason, SuspendReason
from app.auctions.rules.record import GENESIS, link
from app.auctions.schemas import CancelIn, ResumeIn, SuspendIn
from app.auctions.tables import AuctionEventRow, AuctionRow, BidRow
from app.db.clock import Clock
from app.events.tables import EventRow
from app.kit.dates import SHANGHAI
from app.kit.errors import NotFound, Refusal, Stale
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import AwardRow, OfferingRow
from app.settlement.tables import DepositRow
from tests.factories.auctions import (
    CLOCK,
    TERMS,
    Sale,
    add_bidder,
    advance_to,
    close,
    competition_required,
    make_draft,
    make_listed,
    make_noticed,
    make_ready,
    make_started,
    place,
    timetable,
)

MILLION = "2000000.00"


async def deposits(session: AsyncSession, sale: Sale) -> list[str]:
    """The states of the bidders' deposits, in the order of their registrations."""
    found = await session.execute(
        select(DepositRow.reference_id, DepositRow.status)
        .where(DepositRow.reference_id.in_(sale.registrations))
        .execution_options(populate_existing=True)
    )
    by_registration: dict[UUID, str] = {row.reference_id: row.status for row in found}
    return [by_registration[registration] for registration in sale.registrations]


async def registration_states(session: AsyncSession, sale: Sale) -> list[str]:
    """The states of the registrations, in their order."""
    found = await session.execute(
        select(RegistrationRow.id, RegistrationRow.status).where(RegistrationRow.id.in_(sale.registrations))
    )
    states: dict[UUID, str] = {row.id: row.status for row in found}
    return [states[registration] for registration in sale.registrations]


async def events_of(session: AsyncSession, sale: Sale) -> list[AuctionEventRow]:
    """The public record."""
    found = await session.execute(
        select(AuctionEventRow)
        .where(AuctionEventRow.auction_id == sale.auction_id)
        .order_by(AuctionEventRow.seq)
    )
    return list(found.scalars())


async def told(session: AsyncSession, sale: Sale) -> list[EventRow]:
    """What the room told the others."""
    found = await session.execute(
        select(EventRow).where(EventRow.subject_id == sale.auction_id).order_by(EventRow.id)
    )
    return list(found.scalars())


# --- the whole way ----------------------------------------------------------------------------------------------------


async def test_a_sale_ends_in_one_award_and_frees_the_losers_deposits(session: AsyncSession) -> None:
    sale = await make_started(session, bidders=3)
    first, second, _ = sale.bidders
    await place(session, sale, first, MILLION)
    await place(session, sale, second, "2100000.00")
    placed = await place(session, sale, first, "2600000.00")
    assert (placed.bid.bid_no, placed.bid.amount_minor) == (3, 260_000_000)
    assert await deposits(session, sale) == ["held", "held", "held"]

    row = await close(session, sale)

    assert (row.status, row.bid_no, row.current_minor) == ("awarded", 3, 260_000_000)
    (award,) = (
        await session.execute(select(AwardRow).where(AwardRow.offering_id == sale.offering_id))
    ).scalars()
    assert (award.buyer_party_id, award.amount_minor, award.rule) == (
        first.party_id,
        260_000_000,
        "auction_highest_bid",
    )
    assert award.registration_id == sale.registrations[0]
    assert row.award_id == award.id
    assert await deposits(session, sale) == ["held", "released", "released"]
    assert await registration_states(session, sale) == ["winner", "not_winner", "not_winner"]
    offering = await session.get_one(OfferingRow, sale.offering_id, populate_existing=True)
    assert (offering.status, offering.public_amount_minor) == ("awarded", 260_000_000)


async def test_the_record_is_chained_gap_free_and_replays_to_the_row(session: AsyncSession) -> None:
    sale = await make_started(session)
    first, second = sale.bidders
    await place(session, sale, first, MILLION)
    await place(session, sale, second, "2500000.00")
    row = await close(session, sale)

    stored = await events_of(session, sale)
    assert [event.seq for event in stored] == list(range(1, row.seq + 1))
    facts = [fact for fact, _ in await repository.facts_of(session, sale.auction_id)]
    head = GENESIS
    for event, fact in zip(stored, facts, strict=True):
        assert (event.prev_hash, event.hash) == (head, link(sale.auction_id, fact, head))
        head = event.hash
    assert row.chain_head == head
    assert engine.replay(repository.pinned(row), facts) == repository.snapshot_of(row)


async def test_a_sale_without_a_bid_passes_in_and_every_deposit_is_free(session: AsyncSession) -> None:
    sale = await make_started(session)
    row = await close(session, sale)
    assert row.status == "passed_in"
    assert await deposits(session, sale) == ["released", "released"]
    assert await registration_states(session, sale) == ["not_winner", "not_winner"]
    offering = await session.get_one(OfferingRow, sale.offering_id, populate_existing=True)
    assert (offering.status, offering.awards_count) == ("failed", 0)


async def test_what_is_told_carries_codes_and_no_party(session: AsyncSession) -> None:
    sale = await make_started(session)
    first, second = sale.bidders
    await place(session, sale, first, MILLION)
    await place(session, sale, second, "2100000.00")
    events = await told(session, sale)
    assert [event.kind for event in events][-2:] == ["auctions.bid_placed", "auctions.bid_placed"]
    for event in events:
        text_of = str(event.payload)
        for member in (*sale.bidders, sale.operator):
            assert str(member.party_id) not in text_of
            assert str(member.user_id) not in text_of
    # The outbid party and the bidder find it in their streams.
    assert set(events[-1].parties) == {sale.seller.party_id, first.party_id, second.party_id}


# --- before the bidding -----------------------------------------------------------------------------------------------


async def test_only_a_reviewed_offering_of_ones_own_goes_to_auction(session: AsyncSession) -> None:
    sale = await make_draft(session)
    with pytest.raises(NotFound):
        await actions.create_auction(
            session, CLOCK, actor=sale.operator.actor, offering_id=sale.offering_id, terms=TERMS
        )
    await make_ready(session)
    offering = await session.get_one(OfferingRow, sale.offering_id)
    assert offering.status == "approved"


async def test_an_offering_on_the_market_gets_no_second_auction(session: AsyncSession) -> None:
    sale = await make_noticed(session)
    with pytest.raises(OfferingNotForAuction):
        await actions.create_auction(
            session, CLOCK, actor=sale.seller.actor, offering_id=sale.offering_id, terms=TERMS
        )


async def test_terms_out_of_bounds_are_refused_when_drafted_and_when_changed(session: AsyncSession) -> None:
    sale = await make_draft(session)
    row = await sale.row(session)
    wrong = TERMS.model_copy(update={"deposit": "600000.01"})
    with pytest.raises(TermsOutOfBounds):
        await actions.change_terms(
            session, actor=sale.seller.actor, auction_id=row.id, terms=wrong, expected=row.version
        )
    right = TERMS.model_copy(update={"deposit": "600000.00"})
    changed = await actions.change_terms(
        session, actor=sale.seller.actor, auction_id=row.id, terms=right, expected=row.version
    )
    assert repository.terms_of(changed).deposit_minor == 60_000_000
    with pytest.raises(Stale):
        await actions.change_terms(
            session, actor=sale.seller.actor, auction_id=row.id, terms=right, expected=1
        )


async def test_a_notice_pins_the_terms_and_opens_the_registration(session: AsyncSession) -> None:
    sale = await make_noticed(session)
    row = await sale.row(session)
    offering = await session.get_one(OfferingRow, sale.offering_id, populate_existing=True)
    assert (offering.status, offering.with_auction, offering.deposit_minor) == ("open", True, 20_000_000)
    assert offering.registration_ends_at == row.registration_closes_at
    with pytest.raises(TermsPinned):
        await actions.change_terms(
            session, actor=sale.seller.actor, auction_id=row.id, terms=TERMS, expected=row.version
        )


async def test_nobody_publishes_the_notice_of_his_own_party(session: AsyncSession) -> None:
    sale = await make_draft(session)
    row = await sale.row(session)
    with pytest.raises(OperatorIsSeller):
        await actions.publish_notice(
            session,
            CLOCK,
            actor=sale.seller.actor,
            auction_id=row.id,
            notice_in=await timetable(session),
            expected=row.version,
        )
    assert (row.status, row.seq) == ("draft", 0)


async def test_codes_are_drawn_when_finance_signs_and_differ(session: AsyncSession) -> None:
    sale = await make_noticed(session)
    for _ in range(3):
        await add_bidder(session, sale)
    drawn = select(RegistrationRow.bidder_code).where(RegistrationRow.id.in_(sale.registrations))
    assert set((await session.execute(drawn)).scalars()) == {None}
    row = await sale.row(session)
    assert row.deposit_due_at is not None
    await advance_to(session, row.deposit_due_at)
    await actions.mark_ready(session, CLOCK, actor=sale.finance.maker.actor, auction_id=row.id)
    codes = list((await session.execute(drawn)).scalars())
    assert len(set(codes)) == 3 and None not in codes


# --- bids -------------------------------------------------------------------------------------------------------------


async def test_who_may_not_bid_is_told_why_and_nothing_is_stored(session: AsyncSession) -> None:
    sale = await make_noticed(session)
    good = await add_bidder(session, sale)
    unpaid = await add_bidder(session, sale, paid=False)
    failed = await add_bidder(session, sale, passed=False)
    row = await sale.row(session)
    assert row.deposit_due_at is not None and row.starts_at is not None
    await advance_to(session, row.deposit_due_at)
    await actions.mark_ready(session, CLOCK, actor=sale.finance.maker.actor, auction_id=row.id)
    with pytest.raises(BiddingNotStarted):
        await place(session, sale, good, MILLION)
    await advance_to(session, row.starts_at)
    refused: list[tuple[object, type[Refusal]]] = [
        (sale.seller, SellerMayNotBid),
        (sale.operator, BidderNotRegistered),
        (failed, BidderNotQualified),
        (unpaid, BidderDepositNotHeld),
    ]
    for member, refusal in refused:
        with pytest.raises(refusal):
            await place(session, sale, member, MILLION)  # type: ignore[arg-type]  # all are members
    await place(session, sale, good, MILLION)
    with pytest.raises(AlreadyHighest):
        await place(session, sale, good, "2100000.00")
    stored = (await session.execute(select(BidRow).where(BidRow.auction_id == row.id))).scalars().all()
    assert [(bid.bid_no, bid.registration_id) for bid in stored] == [(1, sale.registrations[0])]


async def test_a_bid_at_the_end_is_refused_although_no_timer_has_closed_the_sale(
    session: AsyncSession,
) -> None:
    sale = await make_started(session)
    row = await sale.row(session)
    assert row.ends_at is not None
    await advance_to(session, row.ends_at)
    with pytest.raises(BiddingEnded):
        await place(session, sale, sale.bidders[0], MILLION)
    assert (await sale.row(session)).status == "free_bidding"


async def test_a_late_bid_moves_the_end_and_the_timer(session: AsyncSession) -> None:
    sale = await make_started(session)
    row = await sale.row(session)
    assert row.ends_at is not None
    end = row.ends_at
    await advance_to(session, end - timedelta(seconds=20))
    placed = await place(session, sale, sale.bidders[0], MILLION)
    assert placed.row.ends_at == placed.bid.at + timedelta(seconds=300)
    assert placed.row.next_due_at == placed.row.ends_at
    assert (placed.row.extension_count, placed.row.status) == (1, "timed_bidding")
    await advance_to(session, end)
    assert not await actions.sweep(session, CLOCK)


async def test_a_stored_bid_and_event_can_be_neither_changed_nor_deleted(session: AsyncSession) -> None:
    sale = await make_started(session)
    await place(session, sale, sale.bidders[0], MILLION)
    for statement in (
        "UPDATE bids SET amount_minor = 1",
        "DELETE FROM bids",
        "UPDATE auction_events SET payload = '{}'",
        "DELETE FROM auction_events",
    ):
        with pytest.raises(Exception, match="append-only"):
            async with session.begin_nested():
                await session.execute(text(statement))


# --- interruptions ----------------------------------------------------------------------------------------------------


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
