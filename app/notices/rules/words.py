"""What notices are called on their pages. Pure."""

from collections.abc import Mapping
from typing import Final

from app.notices.states import NoticeKind

HEADINGS: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.NEGOTIATED_PRICE: "协议定价公示",
    NoticeKind.LISTING: "挂牌公告",
    NoticeKind.AUCTION: "竞价公告",
    NoticeKind.CHANGE: "变更公告",
    NoticeKind.EXTENSION: "延牌公告",
    NoticeKind.RESULT: "结果公示",
    NoticeKind.SUSPENSION: "中止公告",
    NoticeKind.RESUMPTION: "恢复公告",
    NoticeKind.TERMINATION: "终结公告",
    NoticeKind.WITHDRAWAL: "撤回公告",
}
