"""A sale's notice among the market's notices: published with the sale's own, taken back when the sale is called off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.auctions import repository
from app.auctions.rules.commands import CancelReason
from app.auctions.rules.price import said_zh
from app.auctions.rules.terms import Format, Organiser, Terms
from app.auctions.tables import AuctionRow
from app.calendar.rules import Period, PeriodUnit
from app.db.clock import Clock
from app.identity.access import Actor
from app.identity.queries import party_names
from app.kit.dates import beijing, closing_minute, market_date
from app.kit.money import wan
from app.markets import repository as offerings
from app.markets.noticing import MODES, objection_terms
from app.markets.tables import OfferingRow
from app.notices import actions as notices
from app.notices.rules.draft import NoticeDraft, PlaceWanted
from app.notices.states import NoticeKind, PlaceKind, RevokedReason

ABOUT: Final = "auction"

_FORMATS: Final = {
    Format.ASCENDING: "网络竞价（多次报价）",
    Format.SEALED_ONCE: "一次报价",
    Format.SEALED_ROUNDS: "多轮报价",
}
_REASONS: Final[Mapping[CancelReason, RevokedReason]] = {
    CancelReason.SELLER_WITHDRAWAL: RevokedReason.SELLER_WITHDRAWS,
    CancelReason.SUPERVISOR_ORDER: RevokedReason.AUTHORITY_ORDER,
    CancelReason.COURT_ORDER: RevokedReason.AUTHORITY_ORDER,
    CancelReason.TITLE_DEFECT: RevokedReason.RIGHTS_LOST,
    CancelReason.SYSTEM_FAULT: RevokedReason.OTHER,
    CancelReason.OBJECTION_UPHELD: RevokedReason.DISPUTE,
}


async def publish(
    session: AsyncSession, clock: Clock, *, actor: Actor, row: AuctionRow, offering: OfferingRow
) -> None:
    """Publish the notice of a locked sale whose timetable has just been announced. It runs until the start."""
    assert row.starts_at is not None
    profile = await offerings.profile_of(session, offering)
    ends_on, minute = closing_minute(row.starts_at)
    days = (ends_on - market_date(await clock.read(session))).days
    draft = NoticeDraft(
        kind=NoticeKind.AUCTION,
        about_kind=ABOUT,
        about_id=row.id,
        owner_party_id=row.seller_party_id,
        region_code=row.region_code,
        title=row.title,
        content=await _content(session, row, offering),
        period=Period(days, PeriodUnit.CALENDAR_DAY),
        floor=Period(min(days, repository.terms_of(row).notice_days_min), PeriodUnit.CALENDAR_DAY),
        cutoff_minute=minute,
        places=_places(repository.terms_of(row)),
        objection=objection_terms(profile),
        sources={"period": profile.auction_notice_days.source},
        supplement_days_min=profile.supplement_days_min.value,
    )
    row.notice_id = (await notices.publish(session, clock, draft=draft, actor=actor)).id
    await session.flush()


def _places(terms: Terms) -> list[PlaceWanted]:
    """The market; for a licensed auction house the press, too (拍卖法 art. 47), attested with a scan of the page."""
    market = PlaceWanted(kind=PlaceKind.MARKET)
    press = PlaceWanted(kind=PlaceKind.MEDIA, starts_clock=False)
    return [market, press] if terms.organiser is Organiser.LICENSED_AUCTION_HOUSE else [market]


async def take_back(session: AsyncSession, clock: Clock, row: AuctionRow, reason: CancelReason) -> None:
    """A sale that is called off has no notice any more; one that has ended before stays as it is."""
    if row.notice_id is not None:
        await notices.take_back(
            session, clock, notice_id=row.notice_id, reason_class=_REASONS[reason], note=None
        )


async def _content(session: AsyncSession, row: AuctionRow, offering: OfferingRow) -> dict[str, Any]:
    terms = repository.terms_of(row)
    names = await party_names(session, {row.seller_party_id, offering.holder_party_id})
    return {
        "owner_name": names[offering.holder_party_id],
        "seller_name": names[row.seller_party_id],
        "conversion_mode": MODES[offering.mode],
        "start_price": said_zh(terms.price, terms.start_price_minor),
        "deposit": wan(terms.deposit_minor) if terms.deposit_minor else "不收取",
        "payment": offering.payment_terms,
        "conditions": offering.buyer_conditions or "无",
        "competition_method": _FORMATS[terms.format],
        "timetable": _timetable(row),
        "joint": "允许联合受让" if terms.joint_allowed else "不接受联合受让",
        "rule_profile": f"{offering.profile_code} 第{offering.profile_version}版",
        **_decision(offering),
        **_licence(offering),
    }


def _decision(offering: OfferingRow) -> dict[str, str]:
    return {"decision": "已履行内部决策程序"} if offering.decision_document_no else {}


def _licence(offering: OfferingRow) -> dict[str, Any]:
    parts = [offering.territory, offering.field_of_use]
    term = f"{offering.term_months}个月" if offering.term_months else None
    return {"scope": "；".join(part for part in (*parts, term) if part)}


def _timetable(row: AuctionRow) -> list[str]:
    """Lines in their order: an object's names would not keep it."""
    told = {
        "报名开始": row.registration_opens_at,
        "报名截止": row.registration_closes_at,
        "保证金到账截止": row.deposit_due_at,
        "竞价开始": row.starts_at,
    }
    return [f"{name}：{_local(at)}" for name, at in told.items() if at is not None]


def _local(at: datetime) -> str:
    return f"{beijing(at):%Y-%m-%d %H:%M}"
