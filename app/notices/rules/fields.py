"""What a notice may say, field by field, and by which way each is mended: the table of the three ways. Pure.

Every field stands in exactly one row. 更正 mends what is clerical, 补充 adds a fact that the seller has not caused, and
everything that somebody may have relied on in deciding to buy, to object or to stay away needs 变更: a new notice and the
whole period again. A price is never clerical. House rule, after the exchanges' own (shown to whoever mends).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.notices.states import MendKind, NoticeKind


class FieldClass(StrEnum):
    """Why a field is mended as it is."""

    WORDING = "wording"
    """更正: the same fact said without its slip."""
    CONTACT = "contact"
    """更正: where and whom to ask, attachments, layout."""
    RIGHT_NUMBER = "right_number"
    """更正 where it stays the same right; another right is another subject."""
    PARTY_NAME = "party_name"
    """更正 by the registry's paper: renamed, with the same code."""
    FACT = "fact"
    """补充: has become known, and the seller has not caused it."""
    TERM = "term"
    """变更."""
    PRICE = "price"
    """变更, and never anything else."""


MENDED_BY: Final[Mapping[FieldClass, MendKind]] = {
    FieldClass.WORDING: MendKind.CORRECTION,
    FieldClass.CONTACT: MendKind.CORRECTION,
    FieldClass.RIGHT_NUMBER: MendKind.CORRECTION,
    FieldClass.PARTY_NAME: MendKind.CORRECTION,
    FieldClass.FACT: MendKind.SUPPLEMENT,
    FieldClass.TERM: MendKind.CHANGE,
    FieldClass.PRICE: MendKind.CHANGE,
}


@dataclass(frozen=True)
class Field:
    """One field: its names on the page and its class."""

    title_zh: str
    title_en: str
    of: FieldClass

    @property
    def mended_by(self) -> MendKind:
        """The one way to mend it."""
        return MENDED_BY[self.of]


_C = FieldClass

FIELDS: Final[Mapping[str, Field]] = {
    # what it is
    "title": Field("名称", "Title", _C.WORDING),
    "abstract": Field("内容摘要", "Abstract", _C.WORDING),
    "completers": Field("完成人", "Completers", _C.WORDING),
    "rights": Field("知识产权", "IP rights", _C.RIGHT_NUMBER),
    "subjects": Field("标的", "Subject", _C.TERM),
    # who
    "owner_name": Field("成果持有单位", "Holder", _C.PARTY_NAME),
    "seller_name": Field("出让方", "Seller", _C.PARTY_NAME),
    "agent_name": Field("受托方", "Agent of the holder", _C.PARTY_NAME),
    "buyer_name": Field("受让方", "Buyer", _C.PARTY_NAME),
    "buyer_code": Field("受让方统一社会信用代码", "Buyer's code", _C.TERM),
    "related_party": Field("关联关系", "Related parties", _C.TERM),
    # how and for how much
    "conversion_mode": Field("转化方式", "Mode", _C.TERM),
    "scope": Field("许可范围", "Scope", _C.TERM),
    "capacity": Field("可成交份数", "Capacity", _C.TERM),
    "price": Field("拟交易价格", "Intended price", _C.PRICE),
    "ask_price": Field("挂牌价格", "Asking price", _C.PRICE),
    "start_price": Field("起始价", "Start price", _C.PRICE),
    "deal_price": Field("成交价格", "Price found", _C.PRICE),
    "deposit": Field("保证金", "Deposit", _C.PRICE),
    "payment": Field("价款支付方式", "Payment", _C.PRICE),
    "valuation": Field("评估或作价依据", "Valuation or basis of the price", _C.PRICE),
    "equity": Field("作价入股", "Equity", _C.PRICE),
    # under what terms
    "terms": Field("交易条件", "Terms", _C.TERM),
    "conditions": Field("受让方资格条件", "Conditions for buyers", _C.TERM),
    "competition_method": Field("竞价方式", "Method of competition", _C.TERM),
    "extension": Field("延牌安排", "Extension", _C.TERM),
    "priority": Field("优先受让权", "First refusal", _C.TERM),
    "joint": Field("联合受让", "Joint buyers", _C.TERM),
    "timetable": Field("时间安排", "Timetable", _C.TERM),
    "rule_profile": Field("适用规则", "Rules applied", _C.TERM),
    "result": Field("结果", "Result", _C.TERM),
    "reason_class": Field("原因类别", "Class of the reason", _C.TERM),
    "reason": Field("原因", "Reason", _C.WORDING),
    "earlier_notice": Field("原公告", "Notice concerned", _C.WORDING),
    # what has become known
    "defects": Field("瑕疵与重大事项", "Defects and matters of weight", _C.FACT),
    "lawsuits": Field("涉诉情况", "Lawsuits", _C.FACT),
    "liens": Field("质押与权利负担", "Liens", _C.FACT),
    "licences": Field("已有许可", "Existing licences", _C.FACT),
    "fees_due": Field("应缴费用", "Fees due", _C.FACT),
    "inspection": Field("展示与查验安排", "Display and inspection", _C.FACT),
    "answers": Field("答疑", "Answers to questions", _C.FACT),
    # papers and addresses
    "decision": Field("内部决策文件", "Internal decision", _C.WORDING),
    "objection_channel": Field("异议受理渠道", "Where to object", _C.CONTACT),
    "contact": Field("联系方式", "Contact", _C.CONTACT),
    "attachments": Field("附件", "Attachments", _C.CONTACT),
    "deposit_account": Field("保证金账户", "Account for deposits", _C.CONTACT),
}

_N = NoticeKind

REQUIRED: Final[Mapping[NoticeKind, tuple[str, ...]]] = {
    # 浙江省促进科技成果转化条例 art. 17 names the four; the rest are the unit's own duties.
    _N.NEGOTIATED_PRICE: (
        "title", "abstract", "conversion_mode", "price", "related_party", "objection_channel",
    ),
    _N.LISTING: ("title", "abstract", "conversion_mode", "ask_price", "payment", "conditions"),
    _N.AUCTION: ("title", "conversion_mode", "start_price", "deposit", "timetable"),
    _N.CHANGE: ("title", "reason"),
    _N.EXTENSION: ("title", "reason"),
    _N.RESULT: ("title", "result"),
    _N.SUSPENSION: ("title", "reason_class", "reason"),
    _N.RESUMPTION: ("title", "reason"),
    _N.TERMINATION: ("title", "reason_class", "reason"),
    _N.WITHDRAWAL: ("title", "reason_class", "reason"),
}  # fmt: skip
"""What a notice of each kind must say."""
