"""Several enterprises buy a lot together: shares, consents, one who leads, and all their names afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import actions, repository
from app.auctions.confirmations.tables import ConfirmationRow
from app.auctions.errors import BidderNotRegistered
from app.contracts import actions as contracts
from app.contracts.queries import read_contract
from app.contracts.tables import ContractRow
from app.events.tables import EventRow
from app.identity.tables import CreditRecordRow
from app.kit.errors import NotFound
from app.kit.ids import new_id
from app.markets.events import OfferingAwarded
from app.markets.registrations import actions as registrations
from app.markets.registrations.errors import AlreadyRegistered, BuyerBarred, SellerMayNotRegister
from app.markets.registrations.joint import actions as joint
from app.markets.registrations.joint import rules
from app.markets.registrations.joint.errors import (
    ConsentedBefore,
    JointConsentMissing,
    JointMemberTaken,
    JointMemberUnknown,
    JointNotAllowed,
    JointSharesUnfit,
)
from app.markets.registrations.joint.rules import Share
from app.markets.registrations.queries import mine
from app.markets.registrations.schemas import QualificationIn, RegistrationIn
from app.markets.registrations.tables import RegistrationRow
from app.settlement.tables import DepositRow
from tests.auctions.test_defaults import defaulted
from tests.auctions.test_reauctions import announce, call
from tests.factories.auctions import (
    CLOCK,
    TERMS,
    Sale,
    add_bidder,
    advance_to,
    close,
    make_noticed,
    place,
)
from tests.factories.identity import Member, make_member
from tests.factories.settlement import hold_deposit

JOINT = TERMS.model_copy(update={"joint_allowed": True})


async def three(session: AsyncSession) -> list[Member]:
    """Three enterprises."""
    return [await make_member(session) for _ in range(3)]


async def register(
    session: AsyncSession, sale: Sale, lead: Member, shares: dict[Any, int]
) -> RegistrationRow:
    """The lead registers for all of them."""
    body = RegistrationIn.model_validate(
        {"joint": [{"party_id": party_id, "share_bp": share} for party_id, share in shares.items()]}
    )
    return await registrations.register(
        session, CLOCK, actor=lead.actor, offering_id=sale.offering_id, body=body
    )


async def consent(session: AsyncSession, who: Member, row: RegistrationRow) -> None:
    await joint.consent(session, CLOCK, actor=who.actor, registration_id=row.id)


async def qualify(session: AsyncSession, sale: Sale, row: RegistrationRow) -> RegistrationRow:
    return await registrations.decide(
        session,
        CLOCK,
        actor=sale.operator.actor,
        registration_id=row.id,
        expected=row.version,
        body=QualificationIn(passed=True, reason="材料齐全"),
    )


async def sold_to_three(session: AsyncSession) -> tuple[Sale, list[Member], RegistrationRow]:
    """A lot that three enterprises have bought at 210 万, 50, 30 and 20 %."""
    sale = await make_noticed(session, JOINT)
    lead, second, third = await three(session)
    row = await register(
        session, sale, lead, {second.party_id: 3_000, lead.party_id: 5_000, third.party_id: 2_000}
    )
    await consent(session, second, row)
    await consent(session, third, row)
    deposit = await session.scalar(select(DepositRow).where(DepositRow.reference_id == row.id))
    assert deposit is not None
    await hold_deposit(session, deposit, sale.finance)
    await qualify(session, sale, row)
    sale.bidders.append(lead)
    sale.registrations.append(row.id)
    await add_bidder(session, sale)
    live = await sale.row(session)
    assert live.deposit_due_at is not None and live.starts_at is not None
    await advance_to(session, live.deposit_due_at + timedelta(hours=1))
    await actions.mark_ready(session, CLOCK, actor=sale.finance.checker.actor, auction_id=sale.auction_id)
    await advance_to(session, live.starts_at)
    while (await sale.row(session)).ends_at is None:
        assert await actions.sweep(session, CLOCK)
    with pytest.raises(BidderNotRegistered):
        await place(session, sale, second, "2000000.00")
    await place(session, sale, lead, "2100000.00")
    await close(session, sale)
    return sale, [lead, second, third], row


async def test_award_contract_and_confirmation_name_all_buyers(session: AsyncSession) -> None:
    sale, members, _ = await sold_to_three(session)
    parties = [member.party_id for member in members]
    told = await session.scalar(
        select(EventRow).where(EventRow.kind == OfferingAwarded.kind, EventRow.subject_id == sale.offering_id)
    )
    assert told is not None
    assert set(told.parties) == {sale.seller.party_id, *parties}
    record = await session.scalar(
        select(ConfirmationRow).where(ConfirmationRow.auction_id == sale.auction_id)
    )
    assert record is not None
    assert record.buyer_party_ids == parties
    assert [buyer["share_bp"] for buyer in record.buyers] == [5_000, 3_000, 2_000]
    award = OfferingAwarded.model_validate(told.payload | {"subject_ids": [str(new_id())]})
    await contracts.draft_contract(session, CLOCK, award=award)
    contract = await session.scalar(select(ContractRow).where(ContractRow.offering_id == sale.offering_id))
    assert contract is not None
    assert (contract.buyer_party_id, contract.co_buyer_party_ids) == (parties[0], parties[1:])
    for member in members:
        seen = await read_contract(session, actor=member.actor, contract_id=contract.id)
        assert len(seen.co_buyer_names) == 2


async def test_a_default_of_one_is_noted_of_all_and_bars_each_of_them(session: AsyncSession) -> None:
    sale, members, _ = await sold_to_three(session)
    await defaulted(session, sale)
    parties = {member.party_id for member in members}
    noted = await session.scalars(
        select(CreditRecordRow.party_id).where(CreditRecordRow.party_id.in_(parties))
    )
    assert set(noted) == parties
    again = await announce(session, sale, await call(session, sale, terms=JOINT))
    for member in members:
        with pytest.raises(BuyerBarred):
            await registrations.register(
                session,
                CLOCK,
                actor=member.actor,
                offering_id=again.offering_id,
                body=RegistrationIn(),
            )


async def test_whoever_bids_in_the_same_batch_as_a_barred_buyer_is_not_barred_with_him(
    session: AsyncSession,
) -> None:
    sale, members, _ = await sold_to_three(session)
    await defaulted(session, sale)
    again = await announce(session, sale, await call(session, sale, terms=JOINT))
    row, stranger = await again.row(session), await make_member(session)
    asked = [repository.Asking(row, one.party_id, one.user_id) for one in (*members, stranger)]
    found = await repository.bidders_of(session, asked)
    assert [one.standing.is_barred for one in found] == [True, True, True, False]


async def test_nobody_is_qualified_before_every_member_has_consented(session: AsyncSession) -> None:
    sale = await make_noticed(session, JOINT)
    lead, second, stranger = await three(session)
    row = await register(session, sale, lead, {lead.party_id: 6_000, second.party_id: 4_000})
    with pytest.raises(JointConsentMissing) as missing:
        await qualify(session, sale, row)
    assert missing.value.data == {"missing": [str(second.party_id)]}
    with pytest.raises(NotFound):
        await consent(session, stranger, row)
    await consent(session, second, row)
    with pytest.raises(ConsentedBefore):
        await consent(session, second, row)
    # The member sees the registration that it is part of, and does not take it back.
    seen = await mine(session, actor=second.actor, registration_id=row.id)
    assert [one.share_bp for one in seen.joint_members] == [6_000, 4_000]
    with pytest.raises(NotFound):
        await registrations.leave(
            session, CLOCK, actor=second.actor, registration_id=row.id, expected=row.version
        )
    await qualify(session, sale, row)


async def test_a_party_is_in_one_registration_of_a_sale(session: AsyncSession) -> None:
    sale = await make_noticed(session, JOINT)
    lead, second, third = await three(session)
    row = await register(session, sale, lead, {lead.party_id: 6_000, second.party_id: 4_000})
    with pytest.raises(AlreadyRegistered):
        await registrations.register(
            session, CLOCK, actor=second.actor, offering_id=sale.offering_id, body=RegistrationIn()
        )
    for member in (lead, second):
        with pytest.raises(JointMemberTaken):
            await register(session, sale, third, {third.party_id: 5_000, member.party_id: 5_000})
    # Once the lead has taken it back, the member is free.
    await registrations.leave(session, CLOCK, actor=lead.actor, registration_id=row.id, expected=row.version)
    alone = await registrations.register(
        session, CLOCK, actor=second.actor, offering_id=sale.offering_id, body=RegistrationIn()
    )
    assert alone.status == "registered"


async def test_joint_buyers_need_a_notice_that_allows_them_and_parties_that_exist(
    session: AsyncSession,
) -> None:
    lead, second, _ = await three(session)
    shares = {lead.party_id: 6_000, second.party_id: 4_000}
    plain = await make_noticed(session)
    with pytest.raises(JointNotAllowed):
        await register(session, plain, lead, shares)
    sale = await make_noticed(session, JOINT)
    with pytest.raises(JointMemberUnknown):
        await register(session, sale, lead, {lead.party_id: 6_000, new_id(): 4_000})
    with pytest.raises(SellerMayNotRegister):
        await register(session, sale, lead, {lead.party_id: 6_000, sale.seller.party_id: 4_000})


@given(shares=st.lists(st.integers(min_value=1, max_value=9_999), min_size=1, max_size=6))
def test_shares_are_taken_only_where_they_are_the_whole(shares: list[int]) -> None:
    members = [Share(new_id(), share) for share in shares]
    fits = sum(shares) == 10_000 and len(shares) > 1

    def check() -> None:
        rules.check_joint(
            members,
            lead_party_id=members[0].party_id,
            allowed=True,
            concerned=(),
            taken=(),
            barred=(),
        )

    if fits:
        check()
    else:
        with pytest.raises(JointSharesUnfit):
            check()
