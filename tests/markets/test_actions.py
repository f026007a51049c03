"""Offerings from draft to award, by the actions, on a real database."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.tables import EventRow
from app.identity.permissions import Role
from app.identity.states import PartyKind
from app.kit.errors import NotFound, Refusal, Stale
from app.markets import actions
from app.markets.drafts import AchievementUnknown
from app.markets.schemas import OfferingPatch, ReviewIn, WithdrawalIn
from tests.factories.identity import make_member, make_party
from tests.factories.listings import make_draft, make_officer, make_operator, make_registered
from tests.factories.markets import (
    Market,
    make_approved,
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


async def test_a_holder_elsewhere_in_the_country_has_the_national_profile(session: AsyncSession) -> None:
    party = await make_party(session, kind=PartyKind.UNIVERSITY, region_code="510100")
    seller = await make_member(session, Role.TTO_OFFICER, party=party)
    operator = await make_operator(session)
    achievement = await make_registered(session, seller, operator)
    row = await make_submitted(session, Market(seller, operator, achievement.id))
    assert row.profile_code == "UNI_CN"
