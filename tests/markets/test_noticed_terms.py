"""A university sells by agreement: terms, decision, public notice in both places, and a contract on the noticed terms."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.events.model import Event
from app.identity.states import PartyKind
from app.identity.tables import PartyRow
from app.kit.errors import Refusal
from app.markets.award import Award
from app.markets.negotiated import actions, rules
from app.markets.negotiated.handlers import HANDLERS
from app.markets.negotiated.schemas import NegotiationIn, OfferIn, PriceNoticeIn, SigningIn, UnitDecisionIn
from app.markets.negotiated.states import NegotiationStatus
from app.markets.negotiated.tables import NegotiationRow
from app.markets.negotiated.termsheet import TermField
from app.markets.tables import OfferingRow
from app.notices import actions as notices
from app.notices import repository as noticed
from app.notices.events import NoticeFailed, NoticePassed, NoticePaused, NoticeResumed
from app.notices.states import NoticeKind, PauseCause, PlaceKind, UpheldEffect
from app.notices.tables import NoticeRow
from tests.factories.identity import Member
from tests.factories.markets import Market, advance_to, make_buyer, make_market, make_negotiated

CLOCK = Clock()
FOLLOW = next(one for one in HANDLERS if one.name == "markets.negotiated.follow_notice")
DECISION = {
    "document_no": "校办纪要〔2026〕21号",
    "decided_on": "2026-11-20",
    "price_report_no": "定价报告〔2026〕6号",
    "related": {"is_related": True, "description": "受让方董事为成果完成人之一的配偶"},
}
TERMS = {"amount": "2180000.00", "terms": "一次付清，含两次现场指导"}


async def agreed(session: AsyncSession) -> tuple[Market, OfferingRow, Member, NegotiationRow]:
    """A university and a buyer agree on 218 万元; nothing is sold yet."""
    market = await make_market(session, PartyKind.UNIVERSITY)
    unit = await session.get_one(PartyRow, market.seller.party_id)
    unit.objection_procedure = "向成果转化处书面提出，电话0571-88880000"
    sale = await make_negotiated(session, market)
    buyer = await make_buyer(session)
    row = await actions.open_negotiation(
        session, CLOCK, actor=buyer.actor, offering_id=sale.id, body=NegotiationIn(message="有意受让")
    )
    await session.flush()
    made = await actions.offer(
        session, CLOCK, actor=market.seller.actor, negotiation_id=row.id, body=OfferIn.model_validate(TERMS)
    )
    await session.refresh(row)
    award = await actions.accept(
        session, CLOCK, actor=buyer.actor, negotiation_id=row.id, offer_id=made.id, expected=row.version
    )
    await session.flush()
    assert award is None
    assert (row.status, row.buyer_confirmed_by, sale.status) == ("terms_agreed", buyer.user_id, "open")
    return market, sale, buyer, row


async def decide(session: AsyncSession, market: Market, row: NegotiationRow, **changed: Any) -> None:
    await session.refresh(row)
    await actions.decide(
        session,
        CLOCK,
        actor=market.seller.actor,
        negotiation_id=row.id,
        expected=row.version,
        body=UnitDecisionIn.model_validate(DECISION | changed),
    )
    await session.flush()


async def publish(session: AsyncSession, market: Market, row: NegotiationRow) -> NoticeRow:
    """The notice, shown at the market and on the unit's own site: it runs."""
    await session.refresh(row)
    await actions.publish_notice(
        session,
        CLOCK,
        actor=market.seller.actor,
        negotiation_id=row.id,
        expected=row.version,
        body=PriceNoticeIn(completers=["陈志远"]),
    )
    await session.flush()
    assert row.notice_id is not None
    notice = await noticed.lock(session, row.notice_id)
    assert notice.status == "scheduled"
    await notices.attest_place(
        session,
        CLOCK,
        actor=market.seller.actor,
        notice_id=notice.id,
        expected=notice.version,
        place=PlaceKind.UNIT_SITE,
        url="https://kjc.example.edu.cn/gs/1",
        published_at=await CLOCK.read(session),
    )
    await session.flush()
    await session.refresh(notice)
    assert notice.status == "running"
    return notice


async def tell(
    session: AsyncSession, kind: type[Event], notice: NoticeRow, at: datetime, **more: Any
) -> None:
    """Let the negotiation hear what the notice tells."""
    event = kind(
        subject_id=notice.id,
        at=at,
        number=notice.number,
        notice_kind=NoticeKind.NEGOTIATED_PRICE,
        about_kind="negotiation",
        about_id=notice.about_id,
        seq=notice.seq,
        **more,
    )
    await FOLLOW.handle(session, CLOCK, event)
    await session.flush()


async def passed(session: AsyncSession, notice: NoticeRow) -> datetime:
    """The notice runs its time."""
    assert notice.ends_at is not None
    await advance_to(session, notice.ends_at)
    while await notices.sweep(session, CLOCK):
        pass
    await session.refresh(notice)
    assert notice.status == "passed"
    at = await CLOCK.read(session)
    await tell(session, NoticePassed, notice, at)
    return at


async def sign(session: AsyncSession, market: Market, row: NegotiationRow, **changed: Any) -> Award:
    await session.refresh(row)
    body = TERMS | {"document_no": "技转〔2026〕88号", "signed_on": "2026-12-10"} | changed
    return await actions.sign(
        session,
        CLOCK,
        actor=market.seller.actor,
        negotiation_id=row.id,
        expected=row.version,
        body=SigningIn.model_validate(body),
    )


async def test_a_university_signs_what_its_notice_said_and_nothing_else(session: AsyncSession) -> None:
    market, sale, buyer, row = await agreed(session)
    await decide(session, market, row)
    notice = await publish(session, market, row)
    content = await noticed.content_of(session, notice.id)
    assert (content["price"], content["related_party"], content["conversion_mode"]) == (
        {"text": "218万元"},
        "受让方董事为成果完成人之一的配偶",
        "转让",
    )
    assert (notice.ends_on - notice.starts_on).days == 15  # type: ignore[operator]
    with pytest.raises(Refusal) as early:
        await sign(session, market, row)
    assert early.value.code == "notice_not_running"
    at = await passed(session, notice)
    assert (row.status, row.sign_due_at) == ("notice_passed", at + timedelta(days=30))
    with pytest.raises(Refusal) as other:
        await sign(session, market, row, amount="2179999.99")
    assert (other.value.code, other.value.data["fields"]) == ("contract_differs_from_notice", ["amount"])
    halves = [
        {"amount": "1180000.00", "due_on": "2026-12-20"},
        {"amount": "1000000.00", "condition": "验收合格后30日内"},
    ]
    made = await sign(session, market, row, form="instalments", instalments=halves)
    assert (made.rule, made.amount_minor, made.buyer_party_id) == (
        "negotiated_noticed",
        218_000_000,
        buyer.party_id,
    )
    await session.refresh(sale)
    assert (row.status, row.contract_document_no, sale.status) == ("agreed", "技转〔2026〕88号", "awarded")


async def test_the_decision_rests_on_a_price_report_and_describes_a_relation(session: AsyncSession) -> None:
    market, _, _, row = await agreed(session)
    for changed, code in (
        ({"price_report_no": None}, "price_report_missing"),
        ({"related": {"is_related": True}}, "related_undescribed"),
        ({"decided_on": "2099-01-01"}, "day_ahead"),
    ):
        with pytest.raises(Refusal) as refused:
            await decide(session, market, row, **changed)
        assert refused.value.code == code
    await decide(session, market, row)
    with pytest.raises(Refusal) as twice:
        await decide(session, market, row)
    assert twice.value.code == "negotiation_stage"


async def test_an_accepted_objection_stops_it_and_a_dismissed_one_lets_it_go_on(
    session: AsyncSession,
) -> None:
    market, _, _, row = await agreed(session)
    await decide(session, market, row)
    notice = await publish(session, market, row)
    at = await CLOCK.read(session)
    await tell(session, NoticePaused, notice, at, cause=PauseCause.OBJECTION, paused_at=at)
    assert row.status == "notice_paused"
    assert notice.ends_at is not None
    await tell(session, NoticeResumed, notice, at, ends_at=notice.ends_at, provisional=False)
    assert row.status == "noticed"


@pytest.mark.parametrize(
    ("effect", "status", "decided"),
    [(UpheldEffect.TERMINATE, "terminated", True), (UpheldEffect.RETURN_TO_DRAFT, "terms_agreed", False)],
)
async def test_an_objection_that_is_right_ends_it_or_takes_it_back_to_its_terms(
    session: AsyncSession, effect: UpheldEffect, status: str, decided: bool
) -> None:
    market, _, _, row = await agreed(session)
    await decide(session, market, row)
    notice = await publish(session, market, row)
    at = await CLOCK.read(session)
    await tell(session, NoticeFailed, notice, at, effect=effect, document_no="处理决定〔2026〕2号")
    assert (row.status, row.decision_document_no is not None) == (status, decided)
    await tell(session, NoticePassed, notice, at)
    assert row.status == status


async def test_noticed_terms_that_nobody_signs_lapse_at_the_end_of_their_days(session: AsyncSession) -> None:
    market, _, _, row = await agreed(session)
    await decide(session, market, row)
    await passed(session, await publish(session, market, row))
    assert row.sign_due_at is not None
    await advance_to(session, row.sign_due_at)
    with pytest.raises(Refusal) as refused:
        await sign(session, market, row)
    assert refused.value.code == "signing_overdue"
    while await actions.sweep(session, CLOCK):
        pass
    assert row.status == "lapsed"


DUE = datetime(2027, 1, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "code"),
    [
        (timedelta(microseconds=-1), None),
        (timedelta(0), "signing_overdue"),
        (timedelta(microseconds=1), "signing_overdue"),
    ],
)
def test_noticed_terms_are_signed_before_the_last_instant_of_their_days(
    late: timedelta, code: str | None
) -> None:
    fields = dict.fromkeys(TermField, "x")
    try:
        rules.check_signing(
            NegotiationStatus.NOTICE_PASSED, at=DUE + late, sign_due_at=DUE, noticed=fields, signed=fields
        )
    except Refusal as refusal:
        assert refusal.code == code
    else:
        assert code is None


async def test_a_side_that_goes_back_on_noticed_terms_takes_the_notice_with_it(session: AsyncSession) -> None:
    market, sale, buyer, row = await agreed(session)
    await decide(session, market, row)
    notice = await publish(session, market, row)
    await session.refresh(row)
    await actions.leave(
        session, CLOCK, actor=buyer.actor, negotiation_id=row.id, expected=row.version, reason="资金未落实"
    )
    await session.flush()
    await session.refresh(notice)
    assert (row.status, notice.status, sale.status) == ("terminated", "revoked", "open")
