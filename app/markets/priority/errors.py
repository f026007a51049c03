"""Refusals about rights of first refusal.

Refusal
├── Malformed  HolderUnfit
└── Conflict   HoldersPinned · HolderNotTold · HoldersLeftOut
"""

from app.kit.errors import Conflict, Malformed


class HolderUnfit(Malformed):
    """A holder is named twice, is the seller, is unknown, or lacks the day or the paper that his state needs."""

    code = "holder_unfit"
    title_zh = "优先受让权人信息有误"
    title_en = "A holder of first refusal is not named as he should be"
    remedy_zh = "每位权利人只列一次；已通知、公告送达或放弃的，须填写日期和文件编号。"
    remedy_en = "Name each once; give the day and the paper of his notification, announcement or waiver."


class HoldersPinned(Conflict):
    """The offering is on the market or has left it: its holders stand as the notice found them."""

    code = "holders_pinned"
    title_zh = "项目已公告，优先受让权人不可更改"
    title_en = "The notice is out; the holders are pinned"


class HolderNotTold(Conflict):
    """A holder has not been told long enough before the notice. Data: `rank`, `earliest_on`."""

    code = "holder_not_told"
    title_zh = "优先受让权人未在公告前规定期限内获得通知"
    title_en = "A holder of first refusal was not told in time before the notice"
    remedy_zh = "请先通知并等待期满；联系不上的以公告送达；放弃的请登记书面声明。"
    remedy_en = "Tell him and wait; announce it where he cannot be found; record a written waiver."
    source = "house rule, after 法释〔2016〕18号 art. 16"


class HoldersLeftOut(Conflict):
    """Somebody holds a right of first refusal, and the terms leave it no way to be used."""

    code = "holders_left_out"
    title_zh = "存在优先受让权人，竞价条件未约定行权方式"
    title_en = "There are holders of first refusal and the terms leave them no way"
    remedy_zh = "请在竞价条件中选择行权方式（同场竞买、现场行权或事后行权）。"
    remedy_en = "Choose in the terms how the right is used: as bidder, in the room, or after the close."
