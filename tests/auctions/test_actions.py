"""The room on a real database: what each verb stores, tells and leaves alone."""

from datetime import timedelta

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
from app.auctions.rules import engine
from app.auctions.rules.commands import SuspendReason
from app.auctions.rules.record import link
from app.auctions.schemas import SuspendIn
from app.auctions.tables import BidRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.errors import NotFound, Refusal, Stale
from app.markets.registrations.tables import RegistrationRow
from app.markets.tables import AwardRow, OfferingRow
from app.signing.rules.chain import GENESIS
from tests.auctions.stored import deposits, events_of, registration_states, told
from tests.factories.auctions import (
    CLOCK,
    TERMS,
    add_bidder,
    advance_to,
    close,
    make_draft,
    make_noticed,
    make_ready,
    make_started,
    place,
    timetable,
)
from tests.factories.identity import make_member

MILLION = "2000000.00"


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
        assert fact.kind == event.kind
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


async def test_staff_of_another_city_do_not_run_the_sale(session: AsyncSession) -> None:
    sale = await make_noticed(session)
    elsewhere = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE, region_scope="330600")
    asked = SuspendIn(reason=SuspendReason.OBJECTION, note="异议")
    with pytest.raises(NotFound):
        await actions.suspend(session, CLOCK, actor=elsewhere.actor, auction_id=sale.auction_id, asked=asked)
    here = await make_member(session, Role.OPERATOR, kind=PartyKind.EXCHANGE, region_scope="330100")
    row = await actions.suspend(session, CLOCK, actor=here.actor, auction_id=sale.auction_id, asked=asked)
    assert row.status == "suspended"


async def test_a_bid_on_a_draft_finds_nothing(session: AsyncSession) -> None:
    sale = await make_draft(session)
    stranger = await make_member(session, Role.ENTERPRISE_USER)
    with pytest.raises(NotFound):
        await place(session, sale, stranger, MILLION)


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
        (sale.operator, SellerMayNotBid),
        (await make_member(session, Role.ENTERPRISE_USER), BidderNotRegistered),
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
