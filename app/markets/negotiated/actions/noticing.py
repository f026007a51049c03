"""The price notice of agreed terms: published, followed as its clock stands, goes on, passes or fails, and taken back.

What a notice says of price and buyer is made from the pinned term sheet, so what passes is what may be signed.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.calendar.rules import Period, PeriodUnit
from app.db.clock import Clock
from app.http.etags import check_version
from app.identity.access import Actor
from app.kit.errors import NotFound
from app.kit.money import wan
from app.markets import repository as offerings
from app.markets.negotiated import repository, rules, sheets
from app.markets.negotiated.actions.beats import end, locked, move
from app.markets.negotiated.schemas import PriceNoticeIn
from app.markets.negotiated.states import ON_NOTICE, NegotiationStatus
from app.markets.negotiated.tables import NegotiationRow
from app.markets.negotiated.termsheet import RoyaltyBase, TermPrice, TermSheet
from app.markets.noticing import MODES, objection_terms
from app.markets.profiles.model import Profile
from app.markets.tables import OfferingRow
from app.notices import actions as notices
from app.notices.rules.draft import NoticeDraft, PlaceWanted
from app.notices.states import NoticeKind, PlaceKind, RevokedReason, UpheldEffect

ABOUT: Final = "negotiation"
NOT_RELATED: Final = "成果完成人与受让方无关联关系"
_S = NegotiationStatus
_BASES: Final = {
    RoyaltyBase.NET_SALES: "净销售额",
    RoyaltyBase.PROFIT: "利润",
    RoyaltyBase.OUTPUT_VALUE: "产值",
}


async def publish(
    session: AsyncSession,
    clock: Clock,
    *,
    actor: Actor,
    negotiation_id: UUID,
    expected: int,
    body: PriceNoticeIn,
) -> NegotiationRow:
    """Put the decided terms on public notice, for the profile's days, in its places.

    Raises `NegotiationStage`, `BuyerNotConfirmed`, and what the room of notices refuses: an incomplete content, a unit
    without a published procedure for objections, a place that is missing.
    """
    offering, row = await locked(session, negotiation_id, actor.party_id)
    if actor.party_id != row.seller_party_id:
        raise NotFound()
    check_version(row.version, expected)
    rules.check_noticing(_S(row.status), confirmed=row.buyer_confirmed_at is not None)
    profile = await offerings.profile_of(session, offering)
    made = await notices.publish(
        session, clock, draft=await _draft(session, offering, row, profile, body), actor=actor
    )
    row.notice_id = made.id
    move(row, _S.NOTICED)
    return row


async def follow(
    session: AsyncSession, *, negotiation_id: UUID, notice_id: UUID, to: NegotiationStatus
) -> None:
    """The notice's clock stands still or goes on. A notice that is not the latest, or no longer counts, moves nothing."""
    row = await _of_notice(session, negotiation_id, notice_id)
    if row is not None and row.status != to and _S(row.status) in (_S.NOTICED, _S.NOTICE_PAUSED):
        move(row, to)


async def passed(session: AsyncSession, *, negotiation_id: UUID, notice_id: UUID, at: datetime) -> None:
    """The notice ran its time at `at`: from now on the contract may be signed, for so many days."""
    row = await _of_notice(session, negotiation_id, notice_id)
    if row is None or _S(row.status) is not _S.NOTICED:
        return
    offering = await offerings.lock(session, row.offering_id)
    row.sign_due_at = rules.sign_due(await offerings.profile_of(session, offering), at)
    move(row, _S.NOTICE_PASSED)


async def failed(
    session: AsyncSession, clock: Clock, *, negotiation_id: UUID, notice_id: UUID, effect: UpheldEffect
) -> None:
    """An objection was right: the negotiation ends, or goes back to its terms, for a new decision and a new notice."""
    row = await _of_notice(session, negotiation_id, notice_id)
    if row is None or _S(row.status) not in ON_NOTICE:
        return
    if effect is UpheldEffect.TERMINATE:
        await end(session, row, _S.TERMINATED, await clock.read(session), reason="公示期间异议成立，交易终止")
        return
    back_to_terms(row)


async def revoked(session: AsyncSession, *, negotiation_id: UUID, notice_id: UUID) -> None:
    """The notice was taken back while the negotiation goes on: back to the terms."""
    row = await _of_notice(session, negotiation_id, notice_id)
    if row is not None and _S(row.status) in ON_NOTICE:
        back_to_terms(row)


def back_to_terms(row: NegotiationRow) -> None:
    """What was decided and noticed no longer counts; what the two sides agreed on stands."""
    row.decision_document_no = row.decided_on = row.sign_due_at = None
    move(row, _S.TERMS_AGREED)


async def take_back(session: AsyncSession, clock: Clock, row: NegotiationRow, reason: RevokedReason) -> None:
    """Take the notice of a locked negotiation back that is about to end, if it has one that counts."""
    if row.notice_id is not None and _S(row.status) in ON_NOTICE:
        await notices.revoke(session, clock, notice_id=row.notice_id, reason_class=reason, note=None)


async def _of_notice(session: AsyncSession, negotiation_id: UUID, notice_id: UUID) -> NegotiationRow | None:
    offering_id = await repository.offering_id(session, negotiation_id)
    await offerings.lock(session, offering_id)
    row = await repository.lock(session, negotiation_id)
    return row if row.notice_id == notice_id else None


async def _draft(
    session: AsyncSession,
    offering: OfferingRow,
    row: NegotiationRow,
    profile: Profile,
    body: PriceNoticeIn,
) -> NoticeDraft:
    told = await repository.noticed_of(session, row)
    sheet = sheets.read((await repository.accepted(session, row)).sheet)
    places = [PlaceWanted(kind=PlaceKind.MARKET)]
    if profile.notice_place_unit_site.value:
        places.append(PlaceWanted(kind=PlaceKind.UNIT_SITE))
    days = profile.notice_days
    return NoticeDraft(
        kind=NoticeKind.NEGOTIATED_PRICE,
        about_kind=ABOUT,
        about_id=row.id,
        owner_party_id=row.seller_party_id,
        region_code=row.region_code,
        title=offering.title,
        content={
            "abstract": "\n".join(told.abstracts),
            "subjects": told.titles,
            "completers": body.completers,
            "owner_name": told.holder_name,
            "buyer_name": told.buyer_name,
            "related_party": row.related_description if row.related else NOT_RELATED,
            "conversion_mode": MODES[sheet.mode],
            "scope": _scope(sheet),
            "price": {"text": price_said(sheet)},
            "payment": _payment(sheet),
            "equity": _equity(sheet),
            "decision": row.decision_document_no,
            "valuation": row.price_report_no,
            "objection_channel": told.objection_procedure,
            "contact": body.contact,
            "rule_profile": f"{profile.title_zh}（第{profile.version}版）",
        },
        period=Period(days.value, PeriodUnit(days.unit)),
        floor=Period(days.floor or days.value, PeriodUnit(days.unit)),
        cutoff_minute=profile.notice_cutoff_minute.value,
        places=places,
        objection=objection_terms(profile),
        sources={"period": days.source, "places": profile.notice_place_unit_site.source},
        audience=(row.seller_party_id, row.buyer_party_id),
        supplement_days_min=profile.supplement_days_min.value,
    )


def price_said(sheet: TermSheet) -> str:
    """The price as the public reads it; of shares both the value and the share."""
    if sheet.form is TermPrice.EQUITY:
        assert sheet.equity is not None
        cash = f"，另付现金{wan(sheet.equity.cash_minor)}" if sheet.equity.cash_minor else ""
        return f"作价{wan(sheet.equity.valuation_minor)}，占股{_percent(sheet.equity.share_bp)}{cash}"
    parts = [wan(sheet.amount_minor)] if sheet.amount_minor else []
    if sheet.royalty is not None:
        parts.append(f"按{_BASES[sheet.royalty.base]}的{_percent(sheet.royalty.rate_bp)}提成")
    if sheet.form is TermPrice.ENTRY_FEE:
        parts[0] = f"入门费{parts[0]}"
    return "，".join(parts)


def _payment(sheet: TermSheet) -> str | None:
    if not sheet.instalments:
        return None
    return "；".join(
        f"{wan(one.amount_minor)}，{one.due_on.isoformat() + '前' if one.due_on else one.condition}"
        for one in sheet.instalments
    )


def _equity(sheet: TermSheet) -> str | None:
    equity = sheet.equity
    if equity is None:
        return None
    return (
        f"目标公司{equity.company_name}，注册资本{wan(equity.registered_capital_minor)}，"
        f"作价依据{equity.worth_document_no}"
    )


def _scope(sheet: TermSheet) -> dict[str, Any]:
    term = f"，期限{sheet.term_months}个月" if sheet.term_months else ""
    field = f"，限{sheet.field_of_use}" if sheet.field_of_use else ""
    return {"text": f"{sheet.territory}{field}{term}"}


def _percent(bp: int) -> str:
    return f"{bp // 100}.{bp % 100:02d}%"
