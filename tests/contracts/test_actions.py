"""Contract records: what an award drafts, what the two sides' confirmations do, what must not happen."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contracts import actions
from app.contracts.errors import ContractNotFound, ContractVoided, SideConfirmedBefore
from app.contracts.handlers import on_award
from app.contracts.tables import ContractRow
from app.db.clock import Clock
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.kit.errors import Stale
from app.markets import actions as markets
from app.markets.errors import AwardWasConcluded, AwardWasRescinded
from app.markets.events import AwardRescinded
from app.markets.states import Mode
from app.settlement import actions as settlement
from app.settlement.errors import DepositEnded
from app.settlement.rules import Account
from app.settlement.states import AccountKind
from app.settlement.tables import AccountRow, RefundRow
from tests.factories.contracts import Deal, make_contract, make_deal
from tests.factories.identity import Member, make_member


async def confirm(session: AsyncSession, who: Member, contract: ContractRow) -> ContractRow:
    return await actions.confirm_contract(
        session, Clock(), actor=who.actor, contract_id=contract.id, version=contract.version
    )


async def told(session: AsyncSession, deal: Deal, contract: ContractRow) -> list[str]:
    """The contract's events in order; each is for the two sides alone."""
    rows = (
        await session.scalars(
            select(EventRow).where(EventRow.subject_id == contract.id).order_by(EventRow.id)
        )
    ).all()
    sides = [deal.seller.party_id, deal.buyer.party_id]
    assert all(row.parties == sides and not row.public for row in rows)
    return [row.kind.removeprefix("contracts.") for row in rows]


async def owed(session: AsyncSession, kind: AccountKind, member: Member) -> int:
    """What the market owes a party, in fen."""
    account = Account(kind, party_id=member.party_id)
    found = await session.scalar(select(AccountRow.balance_minor).where(AccountRow.id == account.id))
    return -(found or 0)


async def test_an_award_drafts_its_record(session: AsyncSession) -> None:
    deal = await make_deal(session)
    contract = await make_contract(session, deal)
    assert contract.number.startswith("HT-")
    assert (contract.status, contract.category, contract.amount_minor) == ("draft", "transfer", 218_000_000)
    assert (contract.seller_party_id, contract.buyer_party_id) == (deal.seller.party_id, deal.buyer.party_id)
    assert contract.source_achievement_ids == list(deal.award.subject_ids)
    assert contract.source_demand_id is None
    assert (contract.region_code, contract.entered_by) == ("330106", deal.seller.user_id)
    assert await told(session, deal, contract) == ["contract_drafted"]


async def test_an_award_told_twice_has_one_record(session: AsyncSession) -> None:
    deal = await make_deal(session)
    contract = await make_contract(session, deal)
    assert (await make_contract(session, deal)).id == contract.id
    count = select(func.count()).where(ContractRow.award_id == deal.award.award_id)
    assert await session.scalar(count) == 1
    assert await told(session, deal, contract) == ["contract_drafted"]


async def test_the_mode_decides_the_category(session: AsyncSession) -> None:
    for mode, category in ((Mode.LICENSE_EXCLUSIVE, "license"), (Mode.SERVICE, "service")):
        assert (await make_contract(session, await make_deal(session, mode=mode))).category == category


async def test_due_dates_count_working_days_over_the_national_holiday(session: AsyncSession) -> None:
    deal = await make_deal(session)
    # Wednesday 30 September 2026, 23:30 in Shanghai: days off until 7 October; Saturday 10 October is worked.
    evening = datetime(2026, 9, 30, 15, 30, tzinfo=UTC)
    award = deal.award.model_copy(update={"at": evening})
    contract = await make_contract(session, Deal(deal.seller, deal.buyer, award, None))
    assert (contract.confirm_due_on, contract.sign_due_on) == (date(2026, 10, 10), date(2026, 10, 13))
    assert contract.due_provisional is False


async def test_both_sides_confirm_in_either_order(session: AsyncSession) -> None:
    for first, second, between in ((0, 1, "seller_confirmed"), (1, 0, "buyer_confirmed")):
        deal = await make_deal(session)
        sides = (deal.seller, deal.buyer)
        contract = await make_contract(session, deal)
        await confirm(session, sides[first], contract)
        assert (contract.status, contract.confirmed_at) == (between, None)
        await confirm(session, sides[second], contract)
        assert (contract.status, contract.version) == ("confirmed", 3)
        assert contract.seller_confirmed_by == deal.seller.user_id
        assert contract.buyer_confirmed_by == deal.buyer.user_id
        assert await told(session, deal, contract) == [
            "contract_drafted",
            "contract_side_confirmed",
            "contract_confirmed",
        ]


async def test_a_side_confirms_once_and_only_what_it_has_seen(session: AsyncSession) -> None:
    deal = await make_deal(session)
    contract = await make_contract(session, deal)
    with pytest.raises(Stale):
        await actions.confirm_contract(
            session, Clock(), actor=deal.seller.actor, contract_id=contract.id, version=9
        )
    await confirm(session, deal.seller, contract)
    with pytest.raises(SideConfirmedBefore):
        await confirm(session, deal.seller, contract)
    assert contract.status == "seller_confirmed"


async def test_a_stranger_does_not_learn_of_a_contract_by_confirming_it(session: AsyncSession) -> None:
    contract = await make_contract(session, await make_deal(session))
    stranger = await make_member(session, Role.ENTERPRISE_USER)
    with pytest.raises(ContractNotFound):
        await confirm(session, stranger, contract)
    assert contract.status == "draft"


async def test_the_second_confirmation_applies_the_winners_deposit_to_the_price(
    session: AsyncSession,
) -> None:
    deal = await make_deal(session, deposit_minor=20_000_000)
    contract = await make_contract(session, deal)
    assert deal.deposit is not None
    await confirm(session, deal.buyer, contract)
    assert deal.deposit.status == "held"
    await confirm(session, deal.seller, contract)
    assert (deal.deposit.status, deal.deposit.contract_id) == ("applied", contract.id)
    assert await owed(session, AccountKind.SELLER_PAYABLE, deal.seller) == 20_000_000
    assert await owed(session, AccountKind.REFUND_PAYABLE, deal.buyer) == 0


async def test_what_the_deposit_exceeds_the_price_by_goes_back_to_the_buyer(session: AsyncSession) -> None:
    deal = await make_deal(session, amount_minor=15_000_000, deposit_minor=20_000_000)
    contract = await make_contract(session, deal)
    await confirm(session, deal.buyer, contract)
    await confirm(session, deal.seller, contract)
    assert await owed(session, AccountKind.SELLER_PAYABLE, deal.seller) == 15_000_000
    refunds = await session.scalars(
        select(RefundRow.amount_minor).where(RefundRow.party_id == deal.buyer.party_id)
    )
    assert refunds.all() == [5_000_000]


async def test_a_contract_is_not_confirmed_over_a_deposit_that_was_forfeited(session: AsyncSession) -> None:
    deal = await make_deal(session, deposit_minor=20_000_000)
    contract = await make_contract(session, deal)
    await confirm(session, deal.buyer, contract)
    assert deal.deposit is not None
    await settlement.forfeit(
        session,
        Clock(),
        reference_id=deal.deposit.reference_id,
        decision_reference="决定〔2026〕7号",
        reason="拒不签约",
    )
    savepoint = await session.begin_nested()
    with pytest.raises(DepositEnded):
        await confirm(session, deal.seller, contract)
    await savepoint.rollback()
    await session.refresh(contract)
    assert (contract.status, deal.deposit.status) == ("buyer_confirmed", "forfeited")


async def rescind(session: AsyncSession, deal: Deal) -> None:
    """Rescind the award, and let the contracts learn of it."""
    award_id = deal.award.award_id
    await markets.rescind(
        session,
        Clock(),
        award_id=award_id,
        document_no="违约认定〔2026〕3号",
        reason="逾期未付款",
        decided_by=deal.seller.user_id,
    )
    found = await session.scalars(
        select(EventRow).where(EventRow.kind == AwardRescinded.kind).order_by(EventRow.id.desc()).limit(1)
    )
    told = AwardRescinded.model_validate(found.one().payload)
    await on_award(session, Clock(), told)


async def test_a_rescinded_award_voids_its_record_and_nobody_confirms_it_any_more(
    session: AsyncSession,
) -> None:
    deal = await make_deal(session, deposit_minor=20_000_000)
    contract = await make_contract(session, deal)
    await confirm(session, deal.seller, contract)
    await rescind(session, deal)
    assert (contract.status, contract.void_reason) == ("voided", "逾期未付款")
    with pytest.raises(ContractVoided):
        await confirm(session, deal.buyer, contract)
    assert deal.deposit is not None and deal.deposit.status == "held"
    assert (await told(session, deal, contract))[-1] == "contract_voided"


async def test_a_record_that_is_not_void_yet_is_not_concluded_after_the_rescission(
    session: AsyncSession,
) -> None:
    deal = await make_deal(session)
    contract = await make_contract(session, deal)
    await confirm(session, deal.seller, contract)
    await markets.rescind(
        session,
        Clock(),
        award_id=deal.award.award_id,
        document_no="违约认定〔2026〕3号",
        reason="逾期未付款",
        decided_by=deal.seller.user_id,
    )
    with pytest.raises(AwardWasRescinded):
        await confirm(session, deal.buyer, contract)


async def test_a_concluded_contract_keeps_its_award_from_being_rescinded(session: AsyncSession) -> None:
    deal = await make_deal(session)
    contract = await make_contract(session, deal)
    await confirm(session, deal.seller, contract)
    await confirm(session, deal.buyer, contract)
    with pytest.raises(AwardWasConcluded):
        await rescind(session, deal)
    assert contract.status == "confirmed"
