"""Evidence's refusals."""

from app.kit.errors import Conflict, NotFound


class RecordNotReady(Conflict):
    """A record is published when its sale has ended and its head is signed."""

    code = "record_not_ready"
    title_zh = "交易尚未结束，记录还未公布"
    title_en = "The sale has not ended: its record is not published yet"
    remedy_zh = "请在交易结束后读取；进行中的情况见竞价事件。"
    remedy_en = "Read it after the close; follow the sale's events until then."


class ReceiptAbsent(NotFound):
    """There is no such entry, or no signature covers it."""

    code = "receipt_absent"
    title_zh = "没有该序号的回执"
    title_en = "There is no receipt for this entry"
    remedy_zh = "请核对 seq。"
    remedy_en = "Check the seq."
