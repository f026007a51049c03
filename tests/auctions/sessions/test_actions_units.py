"""Deposit units: held while leading, free when outbid, kept with what was won, given back once."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions.errors import NoUnitFree
from app.auctions.sessions import actions
from app.auctions.sessions.errors import UnitsUnfit
from app.auctions.sessions.schemas import SessionRegistrationIn
from app.auctions.sessions.tables import UnitHoldRow
from app.identity.permissions import Role
from app.markets.registrations.tables import RegistrationRow
from app.settlement.tables import DepositRow, RefundRow
from tests.factories.auctions import CLOCK
from tests.factories.identity import make_member
from tests.factories.sessions import (
    Bidder,
    Hall,
    bid_online,
    enter,
    knock_down,
    make_noticed_session,
    make_ready_session,
    moved,
    open_lot,
    raise_paddle,
    ready,
)

UNIT_MINOR = 20_000_000


async def units(session: AsyncSession, hall: Hall, bidder: Bidder) -> tuple[int, int, int]:
    """Paid for, leading, won."""
    made = await hall.entry(session, bidder)
    return made.units, made.units_leading, made.units_won


async def win(session: AsyncSession, hall: Hall, number: int, bidder: Bidder, wan: int) -> None:
    await open_lot(session, hall, number)
    await raise_paddle(session, hall, number, bidder, wan)
    await knock_down(session, hall, number)


async def test_a_unit_is_held_while_leading_and_free_when_outbid(session: AsyncSession) -> None:
    hall = await make_ready_session(session, units=(1, 2))
    one, two = hall.bidders
    await open_lot(session, hall, 1)
    await raise_paddle(session, hall, 1, one, 200)
    assert (await units(session, hall, one), await units(session, hall, two)) == ((1, 1, 0), (2, 0, 0))
    await bid_online(session, hall, 1, two, 210)
    assert (await units(session, hall, one), await units(session, hall, two)) == ((1, 0, 0), (2, 1, 0))
    await raise_paddle(session, hall, 1, one, 220)
    assert (await units(session, hall, one), await units(session, hall, two)) == ((1, 1, 0), (2, 0, 0))


async def test_winning_keeps_the_unit_and_the_next_lot_needs_another(session: AsyncSession) -> None:
    hall = await make_ready_session(session, units=(1, 2))
    one, two = hall.bidders
    await win(session, hall, 1, one, 200)
    assert await units(session, hall, one) == (1, 0, 1)
    await open_lot(session, hall, 2)
    with pytest.raises(NoUnitFree):
        await raise_paddle(session, hall, 2, one, 160)
    with pytest.raises(NoUnitFree):
        await bid_online(session, hall, 2, one, 160)
    await raise_paddle(session, hall, 2, two, 160)
    assert await units(session, hall, two) == (2, 1, 0)


async def test_the_unit_that_won_is_a_deposit_of_the_lots_own(session: AsyncSession) -> None:
    hall = await make_ready_session(session, units=(2,))
    (one,) = hall.bidders
    await win(session, hall, 1, one, 200)
    lot = await hall.lot(session, 1)
    registration = await session.scalar(
        select(RegistrationRow.id).where(
            RegistrationRow.offering_id == lot.offering_id,
            RegistrationRow.buyer_party_id == one.member.party_id,
        )
    )
    kept = await session.scalar(select(DepositRow).where(DepositRow.reference_id == registration))
    assert kept is not None
    assert (kept.status, kept.amount_minor) == ("held", UNIT_MINOR)
    paid = await session.scalar(
        select(DepositRow)
        .where(DepositRow.reference_id == one.entry_id)
        .execution_options(populate_existing=True)
    )
    assert paid is not None
    assert (paid.status, paid.amount_minor, paid.left_minor) == ("held", 2 * UNIT_MINOR, UNIT_MINOR)


async def test_what_is_left_goes_back_once_when_the_session_ends(session: AsyncSession) -> None:
    hall = await make_ready_session(session, lots=((200, 10), (5, 1)), units=(2, 1))
    one, two = hall.bidders
    await win(session, hall, 1, one, 200)
    await open_lot(session, hall, 2)
    await actions.pass_in(session, CLOCK, actor=hall.auctioneer.actor, auction_id=hall.lots[1])
    await moved(session, hall)
    await moved(session, hall)
    owed = {
        row.party_id: row.amount_minor
        for row in await session.scalars(
            select(RefundRow).where(RefundRow.party_id.in_([one.member.party_id, two.member.party_id]))
        )
    }
    assert owed == {one.member.party_id: UNIT_MINOR, two.member.party_id: UNIT_MINOR}
    assert (await hall.entry(session, one)).released_at is not None


async def test_a_lot_that_is_passed_in_frees_the_unit_behind_it(session: AsyncSession) -> None:
    hall = await make_ready_session(session, lots=((200, 10),), units=(1,))
    (one,) = hall.bidders
    await open_lot(session, hall, 1)
    placed = await raise_paddle(session, hall, 1, one, 200)
    await actions.correct_floor_bid(
        session,
        CLOCK,
        actor=hall.auctioneer.actor,
        auction_id=hall.lots[0],
        bid_no=placed.bid.bid_no,
    )
    assert await units(session, hall, one) == (1, 0, 0)
    assert await session.get(UnitHoldRow, hall.lots[0], populate_existing=True) is None


async def test_a_deposit_that_has_not_come_gives_no_unit(session: AsyncSession) -> None:
    hall = await make_ready_session(session, units=(1,))
    await hall.entry(session, hall.bidders[0])
    await session.execute(
        text("UPDATE session_registrations SET held_at = NULL WHERE id = :id"),
        {"id": hall.bidders[0].entry_id},
    )
    await open_lot(session, hall, 1)
    with pytest.raises(NoUnitFree):
        await raise_paddle(session, hall, 1, hall.bidders[0], 200)


async def test_a_session_without_deposit_takes_no_units_and_lets_bid(session: AsyncSession) -> None:
    hall = await make_ready_session(session, unit="0.00", units=(0, 0))
    await open_lot(session, hall, 1)
    assert (await raise_paddle(session, hall, 1, hall.bidders[0], 200)).bid.bid_no == 1
    assert await units(session, hall, hall.bidders[0]) == (0, 0, 0)


async def test_the_number_of_units_fits_the_session(session: AsyncSession) -> None:
    hall = await make_noticed_session(session, units_max=3)
    member = await make_member(session, Role.ENTERPRISE_USER)
    for count in (0, 4):
        with pytest.raises(UnitsUnfit):
            await actions.register(
                session,
                CLOCK,
                actor=member.actor,
                session_id=hall.session_id,
                body=SessionRegistrationIn(units=count),
            )
    await enter(session, hall, units=3)


async def test_the_database_refuses_more_holds_than_units(session: AsyncSession) -> None:
    hall = await make_ready_session(session, units=(1,))
    with pytest.raises(IntegrityError, match="units_free"):
        async with session.begin_nested():
            await session.execute(
                text("UPDATE session_registrations SET units_leading = 2 WHERE id = :id"),
                {"id": hall.bidders[0].entry_id},
            )


async def test_who_leaves_within_the_window_is_paid_back_and_gets_no_paddle(session: AsyncSession) -> None:
    hall = await make_noticed_session(session)
    one, two = await enter(session, hall, units=2), await enter(session, hall)
    made = await hall.entry(session, one)
    await actions.leave(
        session, CLOCK, actor=one.member.actor, registration_id=made.id, expected=made.version
    )
    owed = await session.scalars(
        select(RefundRow.amount_minor).where(RefundRow.party_id == one.member.party_id)
    )
    assert list(owed) == [2 * UNIT_MINOR]
    hall.bidders.remove(one)
    await ready(session, hall)
    assert (await hall.entry(session, one)).paddle_no is None
    assert (await hall.entry(session, two)).paddle_no is not None
