"""How an award ends: concluded or rescinded, once; what a rescission leaves of the sale."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.events.tables import EventRow
from app.markets import actions
from app.markets.award import AwardRule
from app.markets.errors import AwardWasConcluded, AwardWasRescinded
from app.markets.registrations.errors import BuyerBarred
from app.markets.registrations.tables import RegistrationRow
from app.markets.states import Mode, OfferingStatus
from app.markets.tables import AwardEndingRow, OfferingRow
from tests.factories.identity import Member
from tests.factories.markets import CLOCK, Market, make_listed, make_market, make_qualified, register

PAPER = "违约认定〔2026〕3号"


async def rescind(session: AsyncSession, market: Market, award_id: object) -> None:
    await actions.rescind(
        session,
        CLOCK,
        award_id=award_id,  # type: ignore[arg-type]  # an id
        document_no=PAPER,
        reason="逾期未签订成交确认书",
        decided_by=market.operator.user_id,
    )


async def awarded(
    session: AsyncSession, **terms: object
) -> tuple[Market, OfferingRow, Member, RegistrationRow, object]:
    """A listed offering whose first qualified buyer has an award."""
    market = await make_market(session)
    offering = await make_listed(session, market, **terms)
    buyer, registration = await make_qualified(session, market, offering.id)
    award = await actions.award(
        session,
        CLOCK,
        offering_id=offering.id,
        buyer_party_id=buyer.party_id,
        amount_minor=80_000_000,
        rule=AwardRule.LISTED_SINGLE_BUYER,
        registration_id=registration.id,
    )
    return market, offering, buyer, registration, award.award_id


async def test_a_rescinded_award_leaves_a_failed_offering_and_a_defaulted_registration(
    session: AsyncSession,
) -> None:
    market, offering, _, registration, award_id = await awarded(session)
    assert (offering.status, offering.public_amount_minor) == (OfferingStatus.AWARDED, 80_000_000)
    await rescind(session, market, award_id)
    assert (offering.status, offering.awards_count, offering.public_amount_minor) == ("failed", 0, None)
    assert offering.close_reason == "受让方违约，成交结果已撤销"
    assert registration.status == "defaulted"
    ending = await session.get_one(AwardEndingRow, award_id)
    assert (ending.ending, ending.document_no, ending.decided_by) == (
        "rescinded",
        PAPER,
        market.operator.user_id,
    )


async def test_the_public_learns_that_the_sale_failed_and_not_whose_default_it_was(
    session: AsyncSession,
) -> None:
    market, offering, buyer, _, award_id = await awarded(session)
    await rescind(session, market, award_id)
    told = (
        await session.scalars(
            select(EventRow).where(EventRow.subject_id == offering.id).order_by(EventRow.id.desc()).limit(2)
        )
    ).all()
    by_kind = {event.kind: event for event in told}
    rescinded, closed = by_kind["markets.award_rescinded"], by_kind["markets.offering_closed"]
    assert (rescinded.public, set(rescinded.parties)) == (False, {market.seller.party_id, buyer.party_id})
    assert (closed.public, closed.payload["outcome"], closed.payload["amount"]) == (True, "failed", None)
    assert str(buyer.party_id) not in str(closed.payload)


async def test_an_award_ends_once_whichever_ending_comes_first(session: AsyncSession) -> None:
    market, _, _, _, award_id = await awarded(session)
    await rescind(session, market, award_id)
    with pytest.raises(AwardWasRescinded):
        await rescind(session, market, award_id)
    with pytest.raises(AwardWasRescinded):
        await actions.conclude(session, CLOCK, award_id=award_id, decided_by=market.operator.user_id)  # type: ignore[arg-type]
    market, offering, _, _, award_id = await awarded(session)
    await actions.conclude(session, CLOCK, award_id=award_id, decided_by=market.operator.user_id)  # type: ignore[arg-type]
    with pytest.raises(AwardWasConcluded):
        await rescind(session, market, award_id)
    assert offering.status == OfferingStatus.AWARDED


async def test_a_licence_for_several_has_room_again_and_the_others_keep_theirs(session: AsyncSession) -> None:
    market, offering, _, _, award_id = await awarded(session, mode=Mode.LICENSE_ORDINARY, capacity=2)
    assert (offering.status, offering.awards_count) == ("open", 1)
    await rescind(session, market, award_id)
    assert (offering.status, offering.awards_count) == ("open", 0)
    for position in (2, 3):
        buyer, registration = await make_qualified(session, market, offering.id)
        await actions.award(
            session,
            CLOCK,
            offering_id=offering.id,
            buyer_party_id=buyer.party_id,
            amount_minor=80_000_000,
            rule=AwardRule.LISTED_FIXED_PRICE,
            registration_id=registration.id,
        )
        assert offering.awards_count == position - 1
    assert offering.status == OfferingStatus.AWARDED


async def test_whoever_defaulted_is_barred_from_the_same_lot_and_from_no_other(session: AsyncSession) -> None:
    market, offering, buyer, _, award_id = await awarded(session)
    await rescind(session, market, award_id)
    again = await make_listed(session, market)
    again.previous_offering_id = again.first_offering_id = offering.id
    await session.flush()
    with pytest.raises(BuyerBarred) as refused:
        await register(session, again.id, buyer)
    assert refused.value.source == "house rule, after 法释〔2016〕18号 art. 24"
    other = await make_listed(session, await make_market(session))
    assert (await register(session, other.id, buyer)).status == "registered"


async def test_endings_and_credit_records_are_only_ever_added_to(session: AsyncSession) -> None:
    market, _, _, _, award_id = await awarded(session)
    await rescind(session, market, award_id)
    row = await session.get_one(AwardEndingRow, award_id)
    row.reason = "改写"
    with pytest.raises(DBAPIError):
        await session.flush()
