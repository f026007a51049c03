"""Deposits and arrivals on a real ledger: what is posted, what is told, and what is refused."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.tables import EventRow
from app.kit.errors import Stale
from app.kit.ids import new_id
from app.kit.states import IllegalTransition
from app.settlement import actions
from app.settlement.errors import (
    ArrivalInFuture,
    ArrivalKnown,
    DepositEnded,
    DepositNotFound,
    DepositNotHeld,
    SecondPersonNeeded,
)
from app.settlement.rules import BANK, FORFEITED, UNIDENTIFIED, Account
from app.settlement.states import AccountKind
from app.settlement.tables import AccountRow, DepositRow, RefundRow
from tests.factories.identity import make_party
from tests.factories.settlement import (
    confirm,
    hold_deposit,
    make_arrival,
    make_deposit,
    make_finance,
)

REFUNDS, SELLERS = AccountKind.REFUND_PAYABLE, AccountKind.SELLER_PAYABLE


async def balance(session: AsyncSession, account: Account) -> int:
    """An account's balance in fen; debit above zero."""
    return (await session.scalar(select(AccountRow.balance_minor).where(AccountRow.id == account.id))) or 0


async def held_account(session: AsyncSession, deposit: DepositRow) -> int:
    return await balance(session, Account(AccountKind.DEPOSIT, deposit_id=deposit.id))


async def told(session: AsyncSession, deposit: DepositRow) -> list[str]:
    """The kinds of the deposit's events, in order; each is for the payer alone."""
    rows = (
        await session.scalars(select(EventRow).where(EventRow.subject_id == deposit.id).order_by(EventRow.id))
    ).all()
    assert all(row.parties == [deposit.payer_party_id] and not row.public for row in rows)
    return [row.kind.removeprefix("settlement.") for row in rows]


async def refunds_of(session: AsyncSession, deposit_id: UUID) -> list[int]:
    return list(
        await session.scalars(select(RefundRow.amount_minor).where(RefundRow.deposit_id == deposit_id))
    )


async def settle(session: AsyncSession) -> None:
    """What a commit would check."""
    await session.flush()
    await session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    await session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


async def test_a_deposit_is_required_with_a_number_and_told_to_its_payer(session: AsyncSession) -> None:
    deposit = await make_deposit(session, amount_minor=123_456)
    assert deposit.status == "required"
    assert deposit.number.startswith("BZ-")
    assert await told(session, deposit) == ["deposit_required"]
    assert await held_account(session, deposit) == 0


async def test_a_confirmed_arrival_holds_the_deposit_at_the_banks_time(session: AsyncSession) -> None:
    deposit, finance = await make_deposit(session), await make_finance(session)
    before = await balance(session, BANK)
    arrival = await confirm(session, finance, await make_arrival(session, finance, deposit))
    assert (arrival.status, arrival.exception, arrival.deposit_id) == ("matched", None, deposit.id)
    assert (deposit.status, deposit.version) == ("held", 2)
    assert await balance(session, BANK) == before + 20_000_000
    assert await held_account(session, deposit) == -20_000_000
    assert await told(session, deposit) == ["deposit_required", "deposit_held"]
    assert await refunds_of(session, deposit.id) == []
    await settle(session)


async def test_an_entered_arrival_moves_no_money(session: AsyncSession) -> None:
    deposit, finance = await make_deposit(session), await make_finance(session)
    await make_arrival(session, finance, deposit)
    assert deposit.status == "required"
    assert await held_account(session, deposit) == 0


async def test_the_person_who_entered_an_arrival_cannot_confirm_it_whatever_his_login(
    session: AsyncSession,
) -> None:
    deposit, finance = await make_deposit(session), await make_finance(session)
    arrival = await make_arrival(session, finance, deposit)
    for decide in (actions.refuse_arrival, actions.return_arrival):
        with pytest.raises(SecondPersonNeeded):
            await decide(
                session,
                Clock(),
                actor=finance.maker.actor,
                arrival_id=arrival.id,
                version=1,
                reason="看错",
            )
    with pytest.raises(SecondPersonNeeded):
        await actions.confirm_arrival(
            session, Clock(), actor=finance.maker.actor, arrival_id=arrival.id, version=1
        )
    assert deposit.status == "required"


async def test_an_arrival_is_confirmed_once_and_at_the_version_that_was_seen(session: AsyncSession) -> None:
    deposit, finance = await make_deposit(session), await make_finance(session)
    arrival = await make_arrival(session, finance, deposit)
    with pytest.raises(Stale):
        await actions.confirm_arrival(
            session, Clock(), actor=finance.checker.actor, arrival_id=arrival.id, version=2
        )
    await confirm(session, finance, arrival)
    with pytest.raises(IllegalTransition):
        await confirm(session, finance, arrival)
    assert await held_account(session, deposit) == -20_000_000


async def test_a_line_of_the_statement_is_entered_once_unless_the_first_entry_was_refused(
    session: AsyncSession,
) -> None:
    finance = await make_finance(session)
    first = await make_arrival(session, finance)
    again = {
        "actor": finance.maker.actor,
        "bank_reference": first.bank_reference,
        "payer_name": "甲",
        "amount_minor": 1,
        "posted_at": first.posted_at,
        "remittance_note": "",
    }
    with pytest.raises(ArrivalKnown):
        await actions.enter_arrival(session, Clock(), **again)
    await actions.refuse_arrival(
        session, Clock(), actor=finance.checker.actor, arrival_id=first.id, version=1, reason="金额录错"
    )
    assert (await actions.enter_arrival(session, Clock(), **again)).status == "entered"


async def test_a_posting_time_in_the_future_is_refused(session: AsyncSession) -> None:
    finance = await make_finance(session)
    at = await Clock().read(session)
    with pytest.raises(ArrivalInFuture):
        await make_arrival(session, finance, posted_at=at + timedelta(minutes=1))


@pytest.mark.parametrize("reason", ["payer_name_differs", "amount_short", "arrived_late", "deposit_unknown"])
async def test_what_does_not_fit_goes_to_the_worklist_and_holds_nothing(
    session: AsyncSession, reason: str
) -> None:
    finance = await make_finance(session)
    late = reason == "arrived_late"
    deposit = await make_deposit(session, due_in=timedelta(seconds=-1) if late else timedelta(days=1))
    wrong = {
        "payer_name_differs": {"payer_name": "集团财务公司"},
        "amount_short": {"amount_minor": 19_999_999},
        "deposit_unknown": {"note": "保证金"},
        "arrived_late": {},
    }[reason]
    arrival = await make_arrival(session, finance, deposit, **wrong)
    before = await balance(session, UNIDENTIFIED)
    await confirm(session, finance, arrival)
    assert (arrival.status, arrival.exception) == ("exception", reason)
    assert deposit.status == "required"
    assert await held_account(session, deposit) == 0
    assert await balance(session, UNIDENTIFIED) == before - arrival.amount_minor
    await settle(session)


async def test_money_posted_in_time_counts_though_it_is_entered_the_next_day(session: AsyncSession) -> None:
    finance = await make_finance(session)
    deposit = await make_deposit(session, due_in=timedelta(hours=-10))
    arrival = await make_arrival(session, finance, deposit, posted_at=deposit.due_at)
    await confirm(session, finance, arrival)
    assert (arrival.status, deposit.status) == ("matched", "held")


async def test_a_second_payment_of_a_held_deposit_goes_to_the_worklist(session: AsyncSession) -> None:
    deposit, finance = await make_deposit(session), await make_finance(session)
    await hold_deposit(session, deposit, finance)
    again = await confirm(session, finance, await make_arrival(session, finance, deposit))
    assert (again.status, again.exception) == ("exception", "deposit_not_open")
    assert await held_account(session, deposit) == -20_000_000


async def test_what_is_paid_over_the_amount_is_owed_back(session: AsyncSession) -> None:
    deposit, finance = await make_deposit(session), await make_finance(session)
    await confirm(session, finance, await make_arrival(session, finance, deposit, amount_minor=20_000_001))
    assert deposit.status == "held"
    assert await held_account(session, deposit) == -20_000_000
    assert await balance(session, Account(REFUNDS, party_id=deposit.payer_party_id)) == -1
    assert await refunds_of(session, deposit.id) == [1]
    await settle(session)


async def test_a_worklist_arrival_is_returned_to_its_sender(session: AsyncSession) -> None:
    finance = await make_finance(session)
    arrival = await confirm(session, finance, await make_arrival(session, finance))
    unidentified = await balance(session, UNIDENTIFIED)
    strangers = await balance(session, Account(REFUNDS))
    await actions.return_arrival(
        session,
        Clock(),
        actor=finance.checker.actor,
        arrival_id=arrival.id,
        version=arrival.version,
        reason="非本单位款项",
    )
    assert arrival.status == "returned"
    assert await balance(session, UNIDENTIFIED) == unidentified + 100
    assert await balance(session, Account(REFUNDS)) == strangers - 100
    refund = (await session.scalars(select(RefundRow).where(RefundRow.arrival_id == arrival.id))).one()
    assert (refund.payee_name, refund.party_id, refund.amount_minor) == ("来历不明公司", None, 100)
    await settle(session)


async def test_a_posted_arrival_that_was_a_mistake_is_undone_by_a_reversal(session: AsyncSession) -> None:
    finance = await make_finance(session)
    bank, unidentified = await balance(session, BANK), await balance(session, UNIDENTIFIED)
    arrival = await confirm(session, finance, await make_arrival(session, finance))
    posted = arrival.journal_id
    await actions.refuse_arrival(
        session,
        Clock(),
        actor=finance.checker.actor,
        arrival_id=arrival.id,
        version=arrival.version,
        reason="对账单无此笔",
    )
    assert arrival.status == "refused"
    assert (await balance(session, BANK), await balance(session, UNIDENTIFIED)) == (bank, unidentified)
    kinds = await session.execute(
        text("SELECT id, kind, reverses_id FROM journals WHERE reference_id = :id ORDER BY id"),
        {"id": arrival.id},
    )
    assert [(row.kind, row.reverses_id) for row in kinds] == [
        ("arrival_unidentified", None),
        ("reversal", posted),
    ]


async def test_releasing_pays_back_what_is_held_and_lapses_what_never_came(session: AsyncSession) -> None:
    held, unpaid = await make_deposit(session), await make_deposit(session)
    await hold_deposit(session, held)
    ended = await actions.release(
        session,
        Clock(),
        reference_ids=[held.reference_id, unpaid.reference_id, new_id()],
        reason="未竞得",
    )
    assert {d.id: d.status for d in ended} == {held.id: "released", unpaid.id: "lapsed"}
    assert await held_account(session, held) == 0
    assert await balance(session, Account(REFUNDS, party_id=held.payer_party_id)) == -20_000_000
    assert await refunds_of(session, held.id) == [20_000_000]
    assert await refunds_of(session, unpaid.id) == []
    assert (await told(session, held))[2:] == ["deposit_released"]
    assert (await told(session, unpaid))[1:] == ["deposit_lapsed"]
    await settle(session)


async def test_releasing_twice_has_one_effect(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session))
    first = await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="未竞得")
    again = await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="未竞得")
    assert (len(first), len(again)) == (1, 0)
    assert await refunds_of(session, deposit.id) == [20_000_000]


async def test_applying_moves_the_deposit_to_the_seller_and_ends_it(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session))
    seller, contract_id = await make_party(session), new_id()
    await actions.apply(
        session,
        Clock(),
        reference_id=deposit.reference_id,
        to_party_id=seller.id,
        contract_id=contract_id,
        price_minor=100_000_000,
    )
    assert (deposit.status, deposit.contract_id) == ("applied", contract_id)
    assert await held_account(session, deposit) == 0
    assert await balance(session, Account(SELLERS, party_id=seller.id)) == -20_000_000
    with pytest.raises(DepositEnded):
        await actions.release(session, Clock(), reference_ids=[deposit.reference_id], reason="再退一次")
    assert await refunds_of(session, deposit.id) == []
    await settle(session)


async def test_a_deposit_above_the_price_is_applied_as_far_as_the_price_goes(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session))
    seller = await make_party(session)
    await actions.apply(
        session,
        Clock(),
        reference_id=deposit.reference_id,
        to_party_id=seller.id,
        contract_id=new_id(),
        price_minor=5_000_000,
    )
    assert await balance(session, Account(SELLERS, party_id=seller.id)) == -5_000_000
    assert await refunds_of(session, deposit.id) == [15_000_000]


async def test_forfeiting_names_its_decision(session: AsyncSession) -> None:
    deposit = await hold_deposit(session, await make_deposit(session))
    before = await balance(session, FORFEITED)
    await actions.forfeit(
        session,
        Clock(),
        reference_id=deposit.reference_id,
        decision_reference="决定〔2026〕7号",
        reason="悔拍",
    )
    assert (deposit.status, deposit.decision_reference) == ("forfeited", "决定〔2026〕7号")
    assert await balance(session, FORFEITED) == before - 20_000_000
    assert await refunds_of(session, deposit.id) == []
    await settle(session)


async def test_nothing_is_applied_or_forfeited_that_is_not_held(session: AsyncSession) -> None:
    deposit = await make_deposit(session)
    with pytest.raises(DepositNotHeld):
        await actions.forfeit(
            session, Clock(), reference_id=deposit.reference_id, decision_reference="x", reason="y"
        )
    with pytest.raises(DepositNotFound):
        await actions.apply(
            session, Clock(), reference_id=new_id(), to_party_id=deposit.payer_party_id, contract_id=new_id()
        )


async def test_lapsing_ends_only_what_never_came(session: AsyncSession) -> None:
    held, unpaid = await hold_deposit(session, await make_deposit(session)), await make_deposit(session)
    ended = await actions.lapse(session, Clock(), reference_ids=[held.reference_id, unpaid.reference_id])
    assert [d.id for d in ended] == [unpaid.id]
    assert (held.status, unpaid.status) == ("held", "lapsed")
