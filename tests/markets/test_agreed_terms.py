"""Terms agreed outside the market: entered by the seller, confirmed by the buyer, who may be new here."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.identity.sealing import Sealer
from app.identity.states import ReviewStatus
from app.identity.tables import PartyRow, UserRow
from app.kit.dates import market_date
from app.kit.errors import NotFound, Refusal
from app.markets.negotiated import actions
from app.markets.negotiated.actions import Entered
from app.markets.negotiated.schemas import AgreedTermsIn, UnitDecisionIn
from app.markets.tables import AwardRow, OfferingRow
from tests.factories.identity import Member
from tests.factories.markets import Market, make_buyer, make_market, make_negotiated

CLOCK = Clock()
SEALER = Sealer(None)
DECISION = {
    "document_no": "校办纪要〔2026〕21号",
    "decided_on": "2026-11-20",
    "price_report_no": "定价报告〔2026〕6号",
    "related": {"is_related": False},
}
NEW_BUYER = {
    "kind": "private_enterprise",
    "name": "绍兴试材新材料有限公司",
    "uscc": "91330602MA2D8K3R16",
    "region_code": "330602",
    "contact_login": "shicai.li",
    "contact_name": "李明",
}


async def enter(session: AsyncSession, market: Market, sale: OfferingRow, **changed: Any) -> Entered:
    today = market_date(await CLOCK.read(session))
    body = {
        "amount": "460000.00",
        "terms": "一次性支付，含两次现场指导",
        "agreed_on": (today - timedelta(days=3)).isoformat(),
        "document_no": "合作备忘录〔2026〕3号",
    } | changed
    made = await actions.enter_agreed(
        session,
        CLOCK,
        actor=market.seller.actor,
        sealer=SEALER,
        offering_id=sale.id,
        body=AgreedTermsIn.model_validate(body),
    )
    await session.flush()
    return made


async def answer(
    session: AsyncSession, made: Entered, buyer: Member, *, confirms: bool, reason: str | None = None
) -> None:
    await session.refresh(made.negotiation)
    await actions.answer(
        session,
        CLOCK,
        actor=buyer.actor,
        negotiation_id=made.negotiation.id,
        expected=made.negotiation.version,
        confirms=confirms,
        reason=reason,
    )
    await session.flush()


async def begin(session: AsyncSession) -> tuple[Market, OfferingRow, Member]:
    market = await make_market(session)
    return market, await make_negotiated(session, market), await make_buyer(session)


async def test_a_private_seller_has_sold_when_the_buyer_confirms(session: AsyncSession) -> None:
    market, sale, buyer = await begin(session)
    made = await enter(session, market, sale, buyer_party_id=str(buyer.party_id))
    assert (made.negotiation.status, made.negotiation.origin, made.invitation) == (
        "terms_agreed",
        "offline",
        None,
    )
    assert sale.status == "open"
    await answer(session, made, buyer, confirms=True)
    await session.refresh(sale)
    assert (made.negotiation.status, sale.status) == ("agreed", "awarded")
    award = (await session.execute(AwardRow.__table__.select())).one()
    assert (award.amount_minor, award.rule, award.buyer_party_id) == (
        46_000_000,
        "negotiated_offline",
        buyer.party_id,
    )


async def test_nothing_is_sold_to_a_buyer_that_waits_for_its_review(session: AsyncSession) -> None:
    market = await make_market(session)
    sale, buyer = await make_negotiated(session, market), await make_buyer(session, ReviewStatus.PENDING)
    made = await enter(session, market, sale, buyer_party_id=str(buyer.party_id))
    with pytest.raises(Refusal) as refused:
        await answer(session, made, buyer, confirms=True)
    assert refused.value.code == "buyer_not_reviewed"
    assert (made.negotiation.status, made.negotiation.buyer_confirmed_at, sale.status) == (
        "terms_agreed",
        None,
        "open",
    )


async def test_a_buyer_who_contests_ends_it_with_its_reason_and_nothing_is_sold(
    session: AsyncSession,
) -> None:
    market, sale, buyer = await begin(session)
    made = await enter(session, market, sale, buyer_party_id=str(buyer.party_id))
    with pytest.raises(Refusal) as refused:
        await answer(session, made, buyer, confirms=False)
    assert (refused.value.code, refused.value.field) == ("contest_needs_reason", "/body/reason")
    await answer(session, made, buyer, confirms=False, reason="金额与会谈纪要不符")
    assert (made.negotiation.status, made.negotiation.end_reason, sale.status) == (
        "terminated",
        "金额与会谈纪要不符",
        "open",
    )


async def test_a_new_buyer_becomes_a_party_with_an_invitation_and_its_clerk_is_no_member(
    session: AsyncSession,
) -> None:
    market, sale, _ = await begin(session)
    made = await enter(session, market, sale, buyer=NEW_BUYER)
    assert made.invitation is not None
    party = await session.get(PartyRow, made.negotiation.buyer_party_id)
    assert party is not None
    assert (party.status, party.entered_by, party.entered_on_behalf_of) == (
        "pending",
        market.seller.user_id,
        party.id,
    )
    user = (await session.execute(UserRow.__table__.select().where(UserRow.login == "shicai.li"))).one()
    assert (user.password_hash, user.name) == (None, "李明")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"buyer": NEW_BUYER, "buyer_party_id": str(UUID(int=9))}, "buyer_unnamed", "/body/buyer_party_id"),
        ({}, "buyer_unnamed", "/body/buyer_party_id"),
        ({"buyer_party_id": str(UUID(int=9))}, "buyer_unnamed", "/body/buyer_party_id"),
        ({"buyer": NEW_BUYER, "agreed_on": "2099-01-01"}, "day_ahead", "/body/agreed_on"),
        ({"buyer": NEW_BUYER | {"uscc": "91330602MA2D8K3R18"}}, "uscc_invalid", "/body/uscc"),
    ],
)
async def test_terms_without_one_buyer_or_agreed_ahead_are_refused(
    session: AsyncSession, changed: dict[str, Any], code: str, field: str
) -> None:
    market, sale, _ = await begin(session)
    with pytest.raises(Refusal) as refused:
        await enter(session, market, sale, **changed)
    assert (refused.value.code, refused.value.field) == (code, field)


async def test_only_the_seller_enters_terms_and_only_the_buyer_confirms_them(session: AsyncSession) -> None:
    market, sale, buyer = await begin(session)
    other = Market(seller=buyer, operator=market.operator, achievement_id=market.achievement_id)
    with pytest.raises(NotFound):
        await enter(session, other, sale, buyer_party_id=str(market.seller.party_id))
    made = await enter(session, market, sale, buyer_party_id=str(buyer.party_id))
    with pytest.raises(NotFound):
        await answer(session, made, market.seller, confirms=True)


async def test_a_private_seller_has_nothing_to_decide(session: AsyncSession) -> None:
    market, sale, buyer = await begin(session)
    made = await enter(session, market, sale, buyer_party_id=str(buyer.party_id))
    with pytest.raises(Refusal) as refused:
        await actions.decide(
            session,
            CLOCK,
            actor=market.seller.actor,
            negotiation_id=made.negotiation.id,
            expected=made.negotiation.version,
            body=UnitDecisionIn.model_validate(DECISION),
        )
    assert refused.value.code == "nothing_to_decide"
