"""Evidence's refusals."""

from app.kit.errors import Conflict, Forbidden, NotFound


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


class TextAbsent(Conflict):
    """The record has no such text, or it is already redacted."""

    code = "record_text_absent"
    title_zh = "记录中没有这段文字，或已经遮蔽"
    title_en = "The record has no such text, or has it no more"


class RedactionBySamePerson(Forbidden):
    """A redaction is asked for by one person and decided by another."""

    code = "redaction_by_same_person"
    title_zh = "提出遮蔽的人不能自己批准"
    title_en = "Whoever asked for a redaction does not decide it"
    remedy_zh = "请由另一位有权人员审批。"
    remedy_en = "Ask another person who holds the permission."


class IdentitiesSealed(Forbidden):
    """Before the close nobody reads who stands behind a code, whatever his office. The try is recorded."""

    code = "identities_sealed"
    title_zh = "竞价结束前任何人不得查看竞买人身份，本次尝试已记录"
    title_en = "Nobody reads bidders' identities before the close; this try was recorded"
    remedy_zh = "请在竞价结束后查看。"
    remedy_en = "Read them after the close."


class ReserveSealed(Forbidden):
    """Before the close nobody reads a secret reserve. The try is recorded."""

    code = "reserve_sealed"
    title_zh = "竞价结束前任何人不得查看保留价，本次尝试已记录"
    title_en = "Nobody reads a secret reserve before the close; this try was recorded"
    remedy_zh = "请在竞价结束后查看。"
    remedy_en = "Read it after the close."


class NotForYou(Forbidden):
    """Identities are for the seller, the market's staff and its overseers; a reserve for seller and overseers."""

    code = "secret_not_for_you"
    title_zh = "无权查看，本次尝试已记录"
    title_en = "This is not yours to read; this try was recorded"


class ReserveAbsent(NotFound):
    """The sale has no secret reserve."""

    code = "reserve_absent"
    title_zh = "本场没有保密的保留价"
    title_en = "The sale has no secret reserve"
    remedy_zh = "公开的保留价见竞价公告。"
    remedy_en = "An announced reserve stands in the notice."


class PackTooLarge(Conflict):
    """A pack holds files of 256 MiB in all at most; larger ones are asked for one by one."""

    code = "evidence_pack_too_large"
    title_zh = "证据包的文件总量超过上限"
    title_en = "The pack would hold too much"
    remedy_zh = "请分别下载各文件，或移除资料室中不再需要的文件。"
    remedy_en = "Download the files one by one, or take what is not needed out of the data room."
