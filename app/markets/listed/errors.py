"""What the listed path refuses.

AcceptanceRefused                 409
├── AcceptanceNotForThis                only one can have it: it waits for the deadline
└── AcceptanceNotQualified        403   no registration, not qualified, or the deposit is not held
"""

from app.kit.errors import Refusal


class AcceptanceRefused(Refusal):
    """The ask cannot be accepted like this."""

    code = "acceptance_refused"
    title_zh = "不能按挂牌价成交"
    title_en = "The ask cannot be accepted"


class AcceptanceNotForThis(AcceptanceRefused):
    """Where only one can have it, the deadline decides: others may still come."""

    code = "acceptance_not_for_this"
    title_zh = "该项目只有一个受让方，须待公告期满"
    title_en = "Only one buyer can have this; the deadline decides"
    remedy_zh = "请报名；公告期满后按规则成交或竞价。"
    remedy_en = "Register; at the deadline it is awarded, or the buyers bid."


class AcceptanceNotQualified(AcceptanceRefused):
    """The caller's party has no qualified registration with its deposit held."""

    code = "acceptance_not_qualified"
    status = 403
    title_zh = "尚未取得受让资格"
    title_en = "The caller is not a qualified buyer of this offering"
    remedy_zh = "请先报名，通过资格审查并缴纳保证金。"
    remedy_en = "Register, be qualified and pay the deposit first."
