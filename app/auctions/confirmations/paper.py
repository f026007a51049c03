"""What the printed confirmation record says, as plain values for the press."""

from typing import Any

from app.auctions.confirmations.schemas import ConfirmationOut, SignatureOut
from app.kit.dates import beijing

_TITLE = "成交确认书"
_LATE = "本确认书应于{due}前由双方签署。"


def content(told: ConfirmationOut) -> dict[str, Any]:
    """The values of the `record` template. Times are Beijing time."""
    joint = len(told.buyers) > 1
    buyers = [
        (f"受让方（{'牵头方' if index == 0 else '联合受让方'}）" if joint else "受让方", _buyer(one, joint))
        for index, one in enumerate(told.buyers)
    ]
    facts = [
        ("标的名称", told.title),
        ("竞价编号", told.auction_number),
        ("出让方", told.seller_name),
        *((label, value) for label, value in buyers),
        ("竞买代号", told.bidder_code),
        ("成交价", told.price_figures),
        *([("大写", told.price_capitals)] if told.price_capitals else []),
        ("成交出价", f"第{told.bid_no}口{'（优先受让权）' if told.by_priority else ''}"),
        ("成交时间", _time(told.knocked_down_at)),
    ]
    return {
        "title": _TITLE,
        "number": told.number,
        "facts": [list(pair) for pair in facts],
        "parts": [
            {
                "title": "确认事项",
                "paragraphs": [
                    "上述标的经公开竞价成交，受让方与组织方对成交结果予以确认。双方应在规定期限内签订合同并付清价款。",
                    _LATE.format(due=told.due_on),
                ],
            },
            {
                "title": "竞价记录",
                "facts": [
                    ["记录序号", str(told.seq)],
                    ["记录校验值", told.chain_head],
                    ["依据", told.source],
                ],
            },
            {
                "title": "签署",
                "facts": [
                    ["受让方", _signed(told.buyer_signature)],
                    ["组织方", _signed(told.organiser_signature)],
                ],
            },
        ],
        "signatures": ["受让方（盖章）", "组织方（盖章）"],
        "notes": ["记录校验值为该场竞价公开记录的末次校验值，可凭公开记录独立核验。"],
    }


def _buyer(one: Any, joint: bool) -> str:
    return f"{one.name}（{one.share_bp / 100:.2f}%）" if joint else str(one.name)


def _signed(signature: SignatureOut | None) -> str:
    return "未签署" if signature is None else f"{signature.name}　{_time(signature.at)}"


def _time(at: Any) -> str:
    return f"{beijing(at):%Y-%m-%d %H:%M:%S}"
