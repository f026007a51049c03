"""Offerings from draft to award, by the actions, on a real database."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.errors import NotFound, Refusal, Stale
from app.kit.states import IllegalTransition
from app.markets import actions
from app.markets.award import AwardRule
from app.markets.drafts import AchievementUnknown
from app.markets.schemas import OfferingPatch, ReviewIn, WithdrawalIn
from app.markets.states import Mode
from app.markets.tables import AwardRow, OfferingRow
from tests.factories.demands import make_demand
from tests.factories.identity import make_member, make_party
from tests.factories.listings import make_draft, make_officer, make_operator, make_registered
from tests.factories.markets import (
    Market,
    make_approved,
    make_buyer,
    make_listed,
    make_market,
    make_negotiated,
    make_offering,
    make_submitted,
)

CLOCK = Clock()


async def kinds(session: AsyncSession, subject_id: object) -> list[str]:
    found = await session.execute(
        select(EventRow.kind).where(EventRow.subject_id == subject_id).order_by(EventRow.id)
    )
    return list(found.scalars())


async def test_a_draft_takes_the_achievements_title_and_pins_no_profile(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_offering(session, market)
    assert (row.status, row.title, row.profile_code) == ("draft", "球形氮化硼导热垫片", None)
    assert row.number.startswith("JY-")
    assert await kinds(session, row.id) == []


async def test_an_achievement_that_another_party_has_not_published_does_not_exist_for_the_seller(
    session: AsyncSession,
) -> None:
    market = await make_market(session)
    foreign = await make_draft(session, await make_officer(session))
    with pytest.raises(AchievementUnknown):
        await make_offering(session, market, achievement_ids=[str(foreign.id)])


async def test_a_submission_pins_the_newest_profile_of_the_holder(session: AsyncSession) -> None:
    market = await make_market(session, PartyKind.UNIVERSITY)
    row = await make_submitted(session, market)
    assert (row.status, row.profile_code, row.profile_version) == ("submitted", "UNI_ZJ", 1)
    assert await kinds(session, row.id) == ["markets.offering_submitted"]


@pytest.mark.parametrize(
    ("kind", "changed", "code"),
    [
        (PartyKind.STATE_ENTERPRISE, {}, "state_enterprise_cannot_sell_yet"),
        (PartyKind.MILITARY_UNIT, {}, "seller_has_no_profile"),
        (PartyKind.UNIVERSITY, {"decision": None}, "decision_document_missing"),
        (PartyKind.UNIVERSITY, {"period_days": 4}, "period_out_of_bounds"),
        (PartyKind.PRIVATE_ENTERPRISE, {"secrecy": None}, "secrecy_statement_missing"),
        (PartyKind.PRIVATE_ENTERPRISE, {"ask_amount": None}, "ask_missing"),
        (PartyKind.PRIVATE_ENTERPRISE, {"deposit_amount": "240000.01"}, "deposit_out_of_bounds"),
    ],
)
async def test_a_guard_that_fails_leaves_the_offering_a_draft(
    session: AsyncSession, kind: PartyKind, changed: dict[str, object], code: str
) -> None:
    market = await make_market(session, kind)
    row = await make_offering(session, market, **changed)
    with pytest.raises(Refusal) as refused:
        await actions.submit(
            session, CLOCK, actor=market.seller.actor, offering_id=row.id, expected=row.version
        )
    assert refused.value.code == code
    assert (row.status, row.profile_code) == ("draft", None)
    assert await kinds(session, row.id) == []


async def test_a_public_unit_cannot_yet_sell_by_negotiation(session: AsyncSession) -> None:
    market = await make_market(session, PartyKind.UNIVERSITY)
    with pytest.raises(Refusal) as refused:
        await make_negotiated(session, market)
    assert refused.value.code == "negotiated_not_open_to_this_seller"
    assert refused.value.data["paths"] == ["listed", "auction"]


async def test_unconfirmed_shares_need_the_holders_declaration(session: AsyncSession) -> None:
    market = await make_market(session, shares_confirmed=False)
    row = await make_offering(session, market)
    with pytest.raises(Refusal) as refused:
        await actions.submit(
            session, CLOCK, actor=market.seller.actor, offering_id=row.id, expected=row.version
        )
    assert refused.value.code == "shares_not_confirmed"
    edited = await actions.edit_offering(
        session,
        actor=market.seller.actor,
        offering_id=row.id,
        expected=row.version,
        body=OfferingPatch(shares_declared=True),
    )
    assert edited.shares_declared_by == market.seller.user_id
    submitted = await actions.submit(
        session, CLOCK, actor=market.seller.actor, offering_id=row.id, expected=edited.version
    )
    assert submitted.status == "submitted"


async def test_an_achievement_that_is_only_a_draft_is_not_offered(session: AsyncSession) -> None:
    market = await make_market(session)
    draft = await make_draft(session, market.seller)
    with pytest.raises(Refusal) as refused:
        await make_submitted(session, market, achievement_ids=[str(draft.id)])
    assert refused.value.code == "achievement_not_registered"


async def test_a_change_of_a_version_that_is_not_the_present_one_is_stale(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_offering(session, market)
    with pytest.raises(Stale):
        await actions.edit_offering(
            session,
            actor=market.seller.actor,
            offering_id=row.id,
            expected=row.version + 1,
            body=OfferingPatch(title="别的"),
        )


async def test_what_is_left_out_of_a_change_stays_and_null_empties(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_offering(session, market, field_of_use="动力电池", term_months=36)
    row = await actions.edit_offering(
        session,
        actor=market.seller.actor,
        offering_id=row.id,
        expected=row.version,
        body=OfferingPatch.model_validate({"field_of_use": None, "deposit_amount": "0.00"}),
    )
    assert (row.field_of_use, row.term_months, row.deposit_minor, row.ask_minor) == (None, 36, 0, 80_000_000)


async def test_somebody_elses_offering_is_not_found(session: AsyncSession) -> None:
    market, other = await make_market(session), await make_market(session)
    row = await make_offering(session, market)
    with pytest.raises(NotFound):
        await actions.edit_offering(
            session,
            actor=other.seller.actor,
            offering_id=row.id,
            expected=row.version,
            body=OfferingPatch(title="改名"),
        )


async def test_a_returned_offering_is_mended_and_submitted_again(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_submitted(session, market)
    body = ReviewIn(approved=False, reason="摘要与证书不符")
    row = await actions.review(
        session, CLOCK, actor=market.operator.actor, offering_id=row.id, expected=row.version, body=body
    )
    assert (row.status, row.review_reason) == ("returned", "摘要与证书不符")
    row = await actions.submit(
        session, CLOCK, actor=market.seller.actor, offering_id=row.id, expected=row.version
    )
    assert row.status == "submitted"


async def test_nobody_reviews_his_own_partys_offering(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_submitted(session, market)
    with pytest.raises(Refusal) as refused:
        await actions.review(
            session,
            CLOCK,
            actor=market.seller.actor,
            offering_id=row.id,
            expected=row.version,
            body=ReviewIn(approved=True, reason="好"),
        )
    assert refused.value.code == "reviewer_is_party"
    assert row.status == "submitted"


async def test_a_negotiated_offering_is_on_the_market_once_approved(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market)
    assert row.status == "open"
    assert row.opened_at is not None
    assert await kinds(session, row.id) == [
        "markets.offering_submitted",
        "markets.offering_reviewed",
        "markets.offering_opened",
    ]


async def test_an_auction_offering_waits_for_its_notice(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_approved(session, market, path="auction", ask_amount=None, period_days=None)
    assert (row.status, row.opened_at) == ("approved", None)


async def award(session: AsyncSession, row: OfferingRow, buyer_party_id: object, amount: int = 100) -> object:
    return await actions.award(
        session,
        CLOCK,
        offering_id=row.id,
        buyer_party_id=buyer_party_id,  # type: ignore[arg-type]
        amount_minor=amount,
        rule=AwardRule.NEGOTIATED_ACCEPTANCE,
    )


async def test_an_award_closes_what_only_one_can_have(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market)
    buyer = await make_buyer(session)
    made = await actions.award(
        session,
        CLOCK,
        offering_id=row.id,
        buyer_party_id=buyer.party_id,
        amount_minor=46_000_000,
        rule=AwardRule.NEGOTIATED_ACCEPTANCE,
    )
    assert (made.amount_minor, made.buyer_party_id, made.rule) == (
        46_000_000,
        buyer.party_id,
        "negotiated_acceptance",
    )
    assert (row.status, row.awards_count) == ("awarded", 1)
    found = (
        await session.execute(
            select(EventRow).where(EventRow.subject_id == row.id).order_by(EventRow.id.desc()).limit(2)
        )
    ).scalars()
    closed, awarded = found
    assert awarded.kind == "markets.offering_awarded"
    assert awarded.payload["amount"] == "460000.00"
    assert awarded.payload["subject_ids"] == [str(market.achievement_id)]
    assert set(awarded.parties) == {market.seller.party_id, buyer.party_id}
    assert awarded.public is False
    # The price of a private seller's negotiated deal is its own affair, and no buyer is named.
    assert (closed.kind, closed.public, closed.payload["amount"]) == ("markets.offering_closed", True, None)
    assert str(buyer.party_id) not in str(closed.payload)


async def test_a_second_award_of_what_is_sold_is_refused_as_used_up(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market)
    await award(session, row, (await make_buyer(session)).party_id)
    with pytest.raises(Refusal) as refused:
        await award(session, row, (await make_buyer(session)).party_id)
    assert refused.value.code == "capacity_used_up"


async def test_a_licence_for_three_stays_open_until_the_third_award(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market, mode="license_ordinary", capacity=3)
    for _ in range(2):
        await award(session, row, (await make_buyer(session)).party_id)
    assert (row.status, row.awards_count) == ("open", 2)
    await award(session, row, (await make_buyer(session)).party_id)
    assert (row.status, row.awards_count) == ("awarded", 3)


async def test_an_unlimited_licence_never_closes_by_itself(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market, mode="license_ordinary", capacity=None)
    for _ in range(5):
        await award(session, row, (await make_buyer(session)).party_id)
    assert (row.status, row.awards_count) == ("open", 5)


async def test_a_buyer_has_one_award_and_the_seller_none(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market, mode="license_ordinary", capacity=None)
    buyer = await make_buyer(session)
    await award(session, row, buyer.party_id)
    for party_id, code in ((buyer.party_id, "already_awarded"), (market.seller.party_id, "buyer_is_seller")):
        with pytest.raises(Refusal) as refused:
            await award(session, row, party_id)
        assert refused.value.code == code
    assert row.awards_count == 1


async def test_what_is_not_on_the_market_is_not_awarded(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_approved(session, market)
    with pytest.raises(Refusal) as refused:
        await award(session, row, (await make_buyer(session)).party_id)
    assert refused.value.code == "offering_not_open"


async def test_an_award_is_never_changed(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_negotiated(session, market)
    await award(session, row, (await make_buyer(session)).party_id)
    for statement in ("UPDATE awards SET amount_minor = 1", "DELETE FROM awards"):
        with pytest.raises(DBAPIError, match="only ever added to"):
            async with session.begin_nested():
                await session.execute(text(statement))


async def test_a_failed_sale_tells_the_public_why(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_listed(session, market)
    await actions.fail(session, CLOCK, offering_id=row.id, reason="流拍")
    assert (row.status, row.close_reason) == ("failed", "流拍")
    assert (await kinds(session, row.id))[-1] == "markets.offering_closed"
    with pytest.raises(IllegalTransition):
        await actions.fail(session, CLOCK, offering_id=row.id, reason="再次")


WITHDRAWAL = WithdrawalIn(reason="right_lapsed", note="年费未缴，专利终止")


async def test_a_draft_is_taken_back_without_a_paper_and_without_the_public(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_offering(session, market)
    row = await actions.withdraw(
        session, CLOCK, actor=market.seller.actor, offering_id=row.id, expected=row.version, body=WITHDRAWAL
    )
    assert (row.status, row.opened_at) == ("withdrawn", None)
    assert await kinds(session, row.id) == ["markets.offering_withdrawn"]


async def test_on_the_market_a_withdrawal_needs_the_approvers_paper(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_listed(session, market)
    with pytest.raises(Refusal) as refused:
        await actions.withdraw(
            session,
            CLOCK,
            actor=market.seller.actor,
            offering_id=row.id,
            expected=row.version,
            body=WITHDRAWAL,
        )
    assert refused.value.code == "withdrawal_needs_document"
    row = await actions.withdraw(
        session,
        CLOCK,
        actor=market.seller.actor,
        offering_id=row.id,
        expected=row.version,
        body=WithdrawalIn(reason="right_lapsed", note="专利终止", document_no="校发〔2026〕3号"),
    )
    assert row.status == "withdrawn"
    assert (await kinds(session, row.id))[-1] == "markets.offering_closed"


async def test_a_sale_with_the_auction_room_is_cancelled_there(session: AsyncSession) -> None:
    market = await make_market(session)
    row = await make_listed(session, market)
    await actions.call_competition(session, CLOCK, offering_id=row.id)
    await session.flush()
    with pytest.raises(Refusal) as refused:
        await actions.withdraw(
            session,
            CLOCK,
            actor=market.seller.actor,
            offering_id=row.id,
            expected=row.version,
            body=WithdrawalIn(reason="other", note="改主意", document_no="校发〔2026〕3号"),
        )
    assert refused.value.code == "withdrawal_through_auction"
    assert row.status == "open"


async def test_a_demands_choice_becomes_an_offering_and_its_award_that_the_public_never_sees(
    session: AsyncSession,
) -> None:
    demand = await make_demand(session, await make_buyer(session))
    provider = await make_party(session, kind=PartyKind.STATE_ENTERPRISE)
    made = await actions.award_demand(
        session,
        CLOCK,
        demand_id=demand.id,
        title="角磨机自动装配线提速",
        seller_party_id=provider.id,
        buyer_party_id=demand.poster_party_id,
        amount="1680000.00",
        mode=Mode.DEVELOPMENT,
        term_months=8,
        region_code="330106",
        entered_by=demand.entered_by,
    )
    row = await session.get_one(OfferingRow, made.offering_id)
    assert (row.status, row.path, row.subject_kind, row.opened_at) == (
        "awarded",
        "negotiated",
        "demand",
        None,
    )
    assert made.rule == "demand_choice"
    assert await kinds(session, row.id) == ["markets.offering_awarded"]
    kept = await session.get_one(AwardRow, made.award_id)
    assert (kept.amount_minor, kept.position) == (168_000_000, 1)


async def test_a_holder_elsewhere_in_the_country_has_the_national_profile(session: AsyncSession) -> None:
    party = await make_party(session, kind=PartyKind.UNIVERSITY, region_code="510100")
    seller = await make_member(session, Role.TTO_OFFICER, party=party)
    operator = await make_operator(session)
    achievement = await make_registered(session, seller, operator)
    row = await make_submitted(session, Market(seller, operator, achievement.id))
    assert row.profile_code == "UNI_CN"
