"""A forfeited deposit is used up in the order of the rule, to the fen, by two persons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.tables import EventRow
from app.kit.errors import Stale
from app.settlement.dispositions import actions, rules
from app.settlement.dispositions.errors import (
    DepositNotForfeited,
    DisposedBefore,
    DispositionDecided,
    DispositionNeedsSecondPerson,
)
from app.settlement.rules import FORFEITED, Account
from app.settlement.states import AccountKind
from app.settlement.tables import AccountRow, PostingRow
from tests.factories.identity import Member, make_member
from tests.factories.settlement import (
    Finance,
    hold_deposit,
    make_deposit,
    make_disposition,
    make_finance,
    make_forfeited,
)

AMOUNTS = st.integers(min_value=0, max_value=10**14)


@given(amount=st.integers(min_value=1, max_value=10**14), costs=AMOUNTS, shortfall=AMOUNTS)
def test_the_lines_use_the_deposit_up_in_their_order_and_the_rest_is_a_claim(
    amount: int, costs: int, shortfall: int
) -> None:
    made = rules.dispose(amount, costs_minor=costs, shortfall_minor=shortfall)
    assert sum(part for _, part in made.lines()) == amount
    assert [str(purpose) for purpose, _ in made.lines()] == ["costs", "shortfall", "seller"]
    assert min(part for _, part in made.lines()) >= 0
    # A later purpose gets something only once the earlier ones are met in full.
    assert made.costs_minor == costs or (made.shortfall_minor, made.seller_minor) == (0, 0)
    assert made.shortfall_minor == shortfall or made.seller_minor == 0
    assert made.claim_minor == max(0, costs + shortfall - amount)


def test_a_lot_of_200_wan_resold_for_180_leaves_the_seller_what_the_deposit_covers() -> None:
    """Deposit 20 万, costs 1.2 万, 20 万 less at the re-auction: 18.8 万 go towards it, 1.2 万 are still owed."""
    made = rules.dispose(20_000_000, costs_minor=1_200_000, shortfall_minor=20_000_000)
    assert (made.costs_minor, made.shortfall_minor, made.seller_minor) == (1_200_000, 18_800_000, 0)
    assert made.claim_minor == 1_200_000


async def balance(session: AsyncSession, account: Account) -> int:
    """What the market holds for an account, in fen."""
    found = await session.scalar(select(AccountRow.balance_minor).where(AccountRow.id == account.id))
    return -(found or 0)


async def people(session: AsyncSession) -> tuple[Finance, Member]:
    """Finance, and a seller."""
    return await make_finance(session), await make_member(session)


async def test_the_ledger_moves_when_the_second_person_confirms_and_stays_balanced(
    session: AsyncSession,
) -> None:
    finance, seller = await people(session)
    deposit = await make_forfeited(session)
    taken = await balance(session, FORFEITED)
    row = await make_disposition(session, deposit, finance.maker, seller)
    assert await balance(session, FORFEITED) == taken
    costs = await balance(session, rules.SALE_COSTS)
    await actions.confirm(
        session, Clock(), actor=finance.checker.actor, disposition_id=row.id, version=row.version
    )
    assert await balance(session, FORFEITED) == taken - 20_000_000
    assert await balance(session, rules.SALE_COSTS) == costs + 1_200_001
    owed = Account(AccountKind.SELLER_PAYABLE, party_id=seller.party_id)
    assert await balance(session, owed) == 18_799_999
    assert await session.scalar(select(func.sum(PostingRow.amount_minor))) == 0
    told = await session.scalar(select(EventRow).where(EventRow.kind == "settlement.deposit_disposed"))
    assert told is not None and (told.public, set(told.parties)) == (
        False,
        {deposit.payer_party_id, seller.party_id},
    )


async def test_whoever_proposed_does_not_confirm_and_an_old_version_confirms_nothing(
    session: AsyncSession,
) -> None:
    finance, seller = await people(session)
    row = await make_disposition(session, await make_forfeited(session), finance.maker, seller)
    for by, version, refusal in (
        (finance.maker, row.version, DispositionNeedsSecondPerson),
        (finance.checker, row.version + 1, Stale),
    ):
        with pytest.raises(refusal):
            await actions.confirm(session, Clock(), actor=by.actor, disposition_id=row.id, version=version)
    assert row.status == "proposed"


async def test_a_deposit_is_disposed_of_once_and_a_refused_proposal_leaves_room_for_a_better_one(
    session: AsyncSession,
) -> None:
    finance, seller = await people(session)
    deposit = await make_forfeited(session)
    first = await make_disposition(session, deposit, finance.maker, seller)
    with pytest.raises(DisposedBefore):
        await make_disposition(session, deposit, finance.checker, seller)
    await actions.refuse(
        session,
        Clock(),
        actor=finance.checker.actor,
        disposition_id=first.id,
        version=first.version,
        reason="差价有误",
    )
    with pytest.raises(DispositionDecided):
        await actions.confirm(
            session, Clock(), actor=finance.checker.actor, disposition_id=first.id, version=first.version
        )
    second = await make_disposition(session, deposit, finance.maker, seller, shortfall=0)
    await actions.confirm(
        session, Clock(), actor=finance.checker.actor, disposition_id=second.id, version=second.version
    )
    with pytest.raises(DisposedBefore):
        await make_disposition(session, deposit, finance.maker, seller)


async def test_a_deposit_that_is_held_is_not_disposed_of(session: AsyncSession) -> None:
    finance, seller = await people(session)
    deposit = await hold_deposit(session, await make_deposit(session))
    with pytest.raises(DepositNotForfeited):
        await make_disposition(session, deposit, finance.maker, seller)


async def test_the_database_refuses_lines_that_do_not_sum_to_the_deposit(session: AsyncSession) -> None:
    finance, seller = await people(session)
    row = await make_disposition(session, await make_forfeited(session), finance.maker, seller)
    row.seller_minor += 1
    with pytest.raises(DBAPIError):
        await session.flush()
