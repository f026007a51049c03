"""What the division of a bundle's price refuses.

Refusal
├── AllocationUnfit      422   a right that is not the offering's, left out or named twice; or not the whole
├── AllocationPinned     409   the offering is on the market, or was
├── BundleUnallocated    409   several rights and no division: no notice
└── BundleNotAgreed      409   a holder has not agreed; data: `parties`
"""

from app.kit.errors import Conflict, Malformed


class AllocationUnfit(Malformed):
    """The division must name every right of the offering once, and make up the whole."""

    code = "allocation_unfit"
    title_zh = "价款分配比例有误"
    title_en = "The division of the price does not fit the offering"
    remedy_zh = "请为每项标的各填一个比例，合计 100%（10000 个基点）。"
    remedy_en = "Give every subject one share; together they are 10000 basis points."


class AllocationPinned(Conflict):
    """Once an offering is on the market, nobody divides its price anew."""

    code = "allocation_pinned"
    title_zh = "项目已公告，价款分配比例不可更改"
    title_en = "The offering is on the market; the division of its price is pinned"


class BundleUnallocated(Conflict):
    """Several rights are sold for one price, and nobody has said how it is divided."""

    code = "bundle_unallocated"
    title_zh = "打包标的未约定价款分配比例"
    title_en = "The price of the bundle has not been divided over its rights"
    remedy_zh = "公告前须由各权利人约定并确认价款在各项标的之间的分配比例。"
    remedy_en = "Before the notice the holders agree how the price is divided over the subjects."


class BundleNotAgreed(Conflict):
    """A holder of one of the rights has not agreed to the division. Data: `parties`."""

    code = "bundle_not_agreed"
    title_zh = "尚有权利人未确认价款分配比例"
    title_en = "A holder has not agreed to the division of the price"
    remedy_zh = "请由名单中的权利人登录确认。"
    remedy_en = "Ask the parties named to agree."
