"""Sale minutes 拍卖笔录: what was offered, called, bid, corrected and knocked down, from the record of every lot. Pure.

拍卖法 art. 53 binds a licensed auction house, whose minutes auctioneer and recorder sign, and the buyer of each lot;
otherwise a house rule after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.auctions.rules.commands import BidVia, CancelReason
from app.auctions.rules.facts import (
    Adjourned,
    BidCorrected,
    BiddingStarted,
    BidPlaced,
    Called,
    Cancelled,
    Continued,
    Extended,
    Fact,
    KnockedDown,
    PassedIn,
    PassReason,
    PriorityOffered,
    PriorityTaken,
    PriorityWaived,
    Resumed,
    Suspended,
    TimedBiddingStarted,
)
from app.auctions.rules.price import said_zh
from app.auctions.rules.terms import Price, Terms
from app.auctions.sessions.schemas import LotMinutesOut, MinutesLine, MinutesOut, PaddleSheetOut
from app.auctions.states import AuctionStatus
from app.kit.dates import beijing
from app.kit.money import capital
from app.kit.schemas import MoneyOut
from app.markets.award import PriceKind

_VIA: Final = {
    BidVia.FLOOR: "现场举牌",
    BidVia.WEB: "网络出价",
    BidVia.PROXY: "委托出价",
    BidVia.PRIORITY: "优先权人应价",
}
_CALLS: Final = ("", "第一次", "第二次", "第三次")
_PASSED: Final = {
    PassReason.NO_BID: "无人应价，流拍",
    PassReason.RESERVE_NOT_MET: "最高应价未达到保留价，流拍",
    PassReason.AUCTIONEER: "无人应价，主持人宣布流拍",
}
_CANCELLED: Final = {
    CancelReason.SELLER_WITHDRAWAL: "委托方撤回",
    CancelReason.SUPERVISOR_ORDER: "主管部门决定",
    CancelReason.COURT_ORDER: "法院文书",
    CancelReason.TITLE_DEFECT: "权属瑕疵",
}
_OUTCOMES: Final = {
    AuctionStatus.AWARDED: "成交",
    AuctionStatus.PASSED_IN: "流拍",
    AuctionStatus.CANCELLED: "撤拍",
    AuctionStatus.PRIORITY_PENDING: "待优先权人行权",
}


@dataclass(frozen=True, kw_only=True)
class LotRecord:
    """One lot that has left the block: what was sold, and its public facts. `buyer_name`: known since the award."""

    lot_no: int
    auction_id: UUID
    number: str
    title: str
    seller_name: str
    status: AuctionStatus
    terms: Terms
    facts: Sequence[Fact]
    buyer_name: str | None


def lot_minutes(lot: LotRecord) -> LotMinutesOut:
    """The minutes of one lot."""
    lines = [
        MinutesLine(
            seq=fact.seq, at=fact.at, kind=fact.kind, text=_SENTENCES[type(fact)](fact, lot.terms.price)
        )
        for fact in lot.facts
        if type(fact) in _SENTENCES
    ]
    in_yuan = lot.terms.price.kind is not PriceKind.ROYALTY_RATE
    sold = next((fact for fact in lot.facts if isinstance(fact, KnockedDown)), None)
    return LotMinutesOut(
        lot_no=lot.lot_no,
        auction_id=lot.auction_id,
        number=lot.number,
        title=lot.title,
        seller_name=lot.seller_name,
        status=lot.status,
        outcome=_OUTCOMES.get(lot.status, str(lot.status)),
        start_price=MoneyOut.of(lot.terms.start_price_minor),
        start_price_said=said_zh(lot.terms.price, lot.terms.start_price_minor),
        opened_at=next((fact.at for fact in lot.facts if isinstance(fact, BiddingStarted)), None),
        closed_at=lot.facts[-1].at if lot.facts else None,
        bids=sum(isinstance(fact, BidPlaced) for fact in lot.facts),
        bidders=len({fact.bidder_code for fact in lot.facts if isinstance(fact, BidPlaced)}),
        hammer_price=MoneyOut.of(sold.amount_minor) if sold else None,
        hammer_price_said=said_zh(lot.terms.price, sold.amount_minor) if sold else None,
        hammer_price_capital=capital(sold.amount_minor) if sold and in_yuan else None,
        buyer_code=sold.bidder_code if sold else None,
        buyer_name=lot.buyer_name,
        lines=lines,
    )


def _bid(fact: BidPlaced, price: Price) -> str:
    return f"{fact.bidder_code}号{_VIA[fact.via]} {said_zh(price, fact.amount_minor)}"


def _corrected(fact: BidCorrected, price: Price) -> str:
    struck = (
        f"第 {fact.bid_no} 口报价"
        if fact.bid_no == fact.last_bid_no
        else f"第 {fact.bid_no} 至 {fact.last_bid_no} 口报价"
    )
    now = f"恢复为{fact.lead.code}号 {said_zh(price, fact.lead.amount_minor)}" if fact.lead else "恢复为起拍"
    return f"更正：{struck}系现场误录，予以撤销，{now}"


def _knocked(fact: KnockedDown, price: Price) -> str:
    by = "（优先权人行权）" if fact.by_priority else ""
    return f"落槌成交：{fact.bidder_code}号，{said_zh(price, fact.amount_minor)}{by}"


def _clock(at: datetime | None) -> str:
    return beijing(at).strftime("%H:%M:%S") if at is not None else "—"


_SENTENCES: Final[dict[type, Callable[[Any, Price], str]]] = {
    BiddingStarted: lambda fact, _: "开拍",
    TimedBiddingStarted: lambda fact, _: f"进入限时竞价，至 {_clock(fact.ends_at)}",
    BidPlaced: _bid,
    BidCorrected: _corrected,
    Called: lambda fact, _: f"{_CALLS[fact.call]}报价，线上提示至 {_clock(fact.warns_until)}",
    Extended: lambda fact, _: f"延时至 {_clock(fact.ends_at)}",
    Adjourned: lambda fact, _: f"休市，价格保留，{beijing(fact.continues_at):%Y-%m-%d %H:%M} 继续",
    Continued: lambda fact, _: "续拍",
    Suspended: lambda fact, _: f"中止：{fact.note}",
    Resumed: lambda fact, _: f"恢复：{fact.note}",
    PriorityOffered: lambda fact, _: f"征询优先权人，至 {beijing(fact.until):%Y-%m-%d %H:%M}",
    PriorityTaken: lambda fact, _: f"{fact.holder.code}号优先权人行权",
    PriorityWaived: lambda fact, _: f"{fact.holder.code}号优先权人放弃",
    KnockedDown: _knocked,
    PassedIn: lambda fact, _: _PASSED[fact.reason],
    Cancelled: lambda fact, _: f"撤拍（{_CANCELLED[fact.reason]}，{fact.document_no}）：{fact.note}",
}


def paper(minutes: MinutesOut) -> dict[str, Any]:
    """What the press prints of the minutes."""
    facts = [
        ["专场名称", minutes.name],
        ["组织方式", minutes.organiser_name],
        ["地点", minutes.venue],
        ["主持人", minutes.auctioneer_name or "—"],
    ]
    if minutes.auctioneer_licence_no:
        facts.append(["拍卖师证号", minutes.auctioneer_licence_no])
    facts += [
        ["开始时间", _moment(minutes.started_at)],
        ["结束时间", _moment(minutes.ended_at)],
        ["标的", f"共 {minutes.lots} 件，本笔录记载 {len(minutes.records)} 件"],
    ]
    return {
        "title": minutes.title,
        "number": minutes.number,
        "facts": facts,
        "parts": [_part(lot) for lot in minutes.records],
        "signatures": ["主持人" if not minutes.auctioneer_licence_no else "拍卖师", "记录人"],
        "notes": [
            f"本笔录由系统按公开记录逐条生成，时间为北京时间。依据：{minutes.source_zh}。",
            "竞买人以号牌或竞买代号记载；买受人的名称自成交起记载。",
        ],
    }


def sheet(told: PaddleSheetOut) -> dict[str, Any]:
    """What the press prints of the door's sheet."""
    rows = [
        [
            str(one.paddle_no),
            one.buyer_name,
            one.agent_name or "",
            f"{_clock(one.handed_out_at)} {one.handed_out_by or ''}" if one.handed_out_at else "",
            "",
        ]
        for one in told.paddles
    ]
    return {
        "title": "号牌登记表",
        "number": told.number,
        "facts": [["专场名称", told.name], ["地点", told.venue], ["开始时间", _moment(told.starts_at)]],
        "parts": [
            {
                "title": "发放记录",
                "table": {
                    "columns": ["号牌", "竞买人", "代理人", "发放时间与发放人", "领取人签字"],
                    "widths": [1, 4, 2, 3, 2],
                    "rows": rows,
                },
            },
            *([_exchanges(told)] if told.exchanges else []),
        ],
        "signatures": ["发放人", "复核人"],
        "notes": ["本表载明号牌与竞买人的对应关系，成交前严格保密；每次查阅均有记录。"],
    }


def _exchanges(told: PaddleSheetOut) -> dict[str, Any]:
    rows = [
        [str(one.old_no), str(one.new_no), one.reason, f"{_clock(one.exchanged_at)} {one.exchanged_by}"]
        for one in told.exchanges
    ]
    columns = ["作废号牌", "换发号牌", "原因", "换发时间与换发人"]
    return {"title": "换发记录", "table": {"columns": columns, "widths": [2, 2, 4, 4], "rows": rows}}


def _part(lot: LotMinutesOut) -> dict[str, Any]:
    facts = [
        ["项目编号", lot.number],
        ["委托方", lot.seller_name],
        ["起拍价", lot.start_price_said],
        ["开拍与结束", f"{_moment(lot.opened_at)} 至 {_clock(lot.closed_at)}"],
        ["结果", lot.outcome],
    ]
    if lot.hammer_price is not None:
        facts += [
            ["成交价", _price(lot)],
            ["买受人", f"{lot.buyer_code}号　{lot.buyer_name or ''}"],
        ]
    return {
        "title": f"标的 {lot.lot_no:02d}　{lot.title}",
        "facts": facts,
        "table": {
            "columns": ["序号", "时间", "记录"],
            "widths": [1, 2, 9],
            "rows": [[str(line.seq), _clock(line.at), line.text] for line in lot.lines],
        },
        "signatures": ["买受人签字"] if lot.hammer_price is not None else [],
    }


def _price(lot: LotMinutesOut) -> str:
    capitals = f"（{lot.hammer_price_capital}）" if lot.hammer_price_capital else ""
    return f"{lot.hammer_price_said}{capitals}"


def _moment(at: datetime | None) -> str:
    return f"{beijing(at):%Y-%m-%d %H:%M:%S}" if at is not None else "—"
