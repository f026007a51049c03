"""A buyer's way in: window, deposit, qualification in either order, codes, and who may read it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.identity.states import ReviewStatus
from app.kit.errors import NotFound, Refusal
from app.markets import actions
from app.markets.award import AwardRule
from app.markets.registrations import actions as registrations
from app.markets.registrations import queries, rules
from app.markets.registrations.tables import RegistrationReadRow, RegistrationRow
from app.settlement.tables import DepositRow
from tests.factories.markets import (
    advance_to,
    decide,
    make_approved,
    make_buyer,
    make_listed,
    make_market,
    make_qualified,
    pay,
    register,
)

CLOCK = Clock()


async def deposit_of(session: AsyncSession, row: RegistrationRow) -> DepositRow:
    found = await session.execute(
        select(DepositRow).where(DepositRow.reference_id == row.id).execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def test_registering_asks_for_the_deposit_at_once(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyer = await make_buyer(session)
    row = await register(session, sale.id, buyer)
    assert (row.status, row.deposit_minor) == ("registered", 8_000_000)
    assert row.number.startswith("BM-")
    deposit = await deposit_of(session, row)
    assert (deposit.status, deposit.amount_minor, deposit.due_at) == (
        "required",
        8_000_000,
        sale.deposit_due_at,
    )
    assert deposit.payer_party_id == buyer.party_id


async def test_without_a_deposit_only_the_decision_is_missing(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market, deposit_amount="0.00")
    row = await register(session, sale.id, await make_buyer(session))
    assert row.status == "qualifying"
    assert (await decide(session, market, row)).status == "qualified"


async def test_decided_first_and_paid_later_ends_as_qualified(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session))
    row = await decide(session, market, row)
    assert row.status == "qualified_pending_deposit"
    await pay(session, row)
    assert row.status == "qualified"


async def test_paid_first_and_decided_later_ends_as_qualified(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session))
    await pay(session, row)
    assert row.status == "qualifying"
    row = await decide(session, market, row)
    assert row.status == "qualified"


async def test_the_arrival_of_a_deposit_is_handled_once_in_effect(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session))
    await pay(session, row)
    await registrations.deposit_held(session, CLOCK, registration_id=row.id)
    assert row.status == "qualifying"


async def test_a_deposit_of_something_else_is_none_of_this_rooms_business(session: AsyncSession) -> None:
    await registrations.deposit_held(session, CLOCK, registration_id=UUID(int=7))


async def test_who_fails_the_qualification_gets_the_deposit_back_in_the_same_commit(
    session: AsyncSession,
) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session))
    await pay(session, row)
    row = await decide(session, market, row, passed=False)
    assert (row.status, row.decision_reason) == ("disqualified", "不符合公告条件")
    assert (await deposit_of(session, row)).status == "released"


async def test_an_organisation_that_waits_for_its_review_may_register_and_pay_but_not_take_part(
    session: AsyncSession,
) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session, ReviewStatus.PENDING))
    await pay(session, row)
    with pytest.raises(Refusal) as refused:
        await decide(session, market, row)
    assert refused.value.code == "buyer_not_reviewed"
    assert row.status == "qualifying"


async def test_the_seller_cannot_register_and_nobody_twice(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyer = await make_buyer(session)
    first = await register(session, sale.id, buyer)
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, buyer)
    assert (refused.value.code, refused.value.data) == (
        "already_registered",
        {"registration_id": str(first.id)},
    )
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, market.seller)
    assert refused.value.code == "seller_may_not_register"


async def test_the_window_ends_at_the_cut_off_to_the_microsecond(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    assert sale.registration_ends_at is not None
    await advance_to(session, sale.registration_ends_at - timedelta(seconds=5))
    await register(session, sale.id, await make_buyer(session))
    await advance_to(session, sale.registration_ends_at)
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, await make_buyer(session))
    assert refused.value.code == "registration_not_open"


async def test_an_offering_that_is_not_on_the_market_is_not_there_for_buyers(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_approved(session, market)
    with pytest.raises(NotFound):
        await register(session, sale.id, await make_buyer(session))


@pytest.mark.parametrize(("quote", "code"), [("799999.99", "quote_below_ask"), ("800000.00", None)])
async def test_a_quote_is_at_least_the_ask(session: AsyncSession, quote: str, code: str | None) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyer = await make_buyer(session)
    if code is None:
        assert (await register(session, sale.id, buyer, quote)).quote_minor == 80_000_000
        return
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, buyer, quote)
    assert refused.value.code == code


async def test_a_licence_for_several_takes_no_quote(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market, mode="license_ordinary", capacity=3)
    with pytest.raises(Refusal) as refused:
        await register(session, sale.id, await make_buyer(session), "900000.00")
    assert refused.value.code == "quote_not_for_this"


async def test_within_the_window_a_buyer_may_leave_and_has_the_deposit_back(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyer = await make_buyer(session)
    row = await register(session, sale.id, buyer)
    await pay(session, row)
    row = await registrations.leave(
        session, CLOCK, actor=buyer.actor, registration_id=row.id, expected=row.version
    )
    assert row.status == "waived"
    assert (await deposit_of(session, row)).status == "released"


async def test_after_the_window_a_registration_binds(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    buyer = await make_buyer(session)
    row = await register(session, sale.id, buyer)
    assert sale.registration_ends_at is not None
    await advance_to(session, sale.registration_ends_at)
    with pytest.raises(Refusal) as refused:
        await registrations.leave(
            session, CLOCK, actor=buyer.actor, registration_id=row.id, expected=row.version
        )
    assert refused.value.code == "registration_over"
    assert row.status == "registered"


async def test_nobody_else_takes_a_registration_back(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session))
    for other in (await make_buyer(session), market.seller):
        with pytest.raises(NotFound):
            await registrations.leave(
                session, CLOCK, actor=other.actor, registration_id=row.id, expected=row.version
            )


async def test_codes_are_drawn_once_and_all_different(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    rows = [(await make_qualified(session, market, sale.id))[1] for _ in range(3)]
    first = await registrations.draw_codes(session, offering_id=sale.id, order=[rows[0].id, rows[1].id])
    assert set(first) == {rows[0].id, rows[1].id}
    everybody = await registrations.draw_codes(session, offering_id=sale.id)
    assert {k: everybody[k] for k in first} == first
    assert len(set(everybody.values())) == 3
    assert all(len(one) == 3 and set(one) <= set(rules.ALPHABET) for one in everybody.values())


async def test_the_award_ends_the_other_registrations_and_returns_their_deposits_alone(
    session: AsyncSession,
) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    winner, won = await make_qualified(session, market, sale.id)
    _, lost = await make_qualified(session, market, sale.id)
    silent = await register(session, sale.id, await make_buyer(session))
    await actions.award(
        session,
        CLOCK,
        offering_id=sale.id,
        buyer_party_id=winner.party_id,
        amount_minor=81_000_000,
        rule=AwardRule.LISTED_COMPETITION,
        registration_id=won.id,
    )
    assert [row.status for row in (won, lost, silent)] == ["winner", "not_winner", "waived"]
    assert [(await deposit_of(session, row)).status for row in (won, lost, silent)] == [
        "held",
        "released",
        "lapsed",
    ]


async def test_every_read_of_who_has_registered_is_written_down(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    row = await register(session, sale.id, await make_buyer(session))
    page = await queries.list_registrants(
        session, actor=market.operator.actor, offering_id=sale.id, status=None, cursor=None, limit=20
    )
    assert [one.id for one in page.data] == [row.id]
    read = (
        await session.execute(
            select(RegistrationReadRow).where(RegistrationReadRow.user_id == market.operator.user_id)
        )
    ).scalar_one()
    assert (read.offering_id, read.registration_ids) == (sale.id, [row.id])


async def test_neither_seller_nor_buyer_may_read_who_has_registered(session: AsyncSession) -> None:
    market = await make_market(session)
    sale = await make_listed(session, market)
    await register(session, sale.id, await make_buyer(session))
    for curious in (market.seller, await make_buyer(session)):
        with pytest.raises(Refusal) as refused:
            await queries.list_registrants(
                session, actor=curious.actor, offering_id=sale.id, status=None, cursor=None, limit=20
            )
        assert refused.value.code == "permission_missing"
