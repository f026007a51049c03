"""Settlement's refusals.

Refusal
├── NotFound   DepositNotFound · ArrivalNotFound · RefundNotFound · AccountNotFound
├── Forbidden  SecondPersonNeeded · LedgerNeedsWholeScope
├── Conflict   DepositNotHeld · DepositEnded · DepositTooSmall · ArrivalKnown · RefundKnown · AccountOverdrawn · JournalNotReversible
└── Malformed  ArrivalInFuture
"""

from app.kit.errors import Conflict, Forbidden, Malformed, NotFound


class DepositNotFound(NotFound):
    """No deposit has this id or reference, or it is another party's."""

    code = "deposit_not_found"


class ArrivalNotFound(NotFound):
    """No arrival has this id."""

    code = "arrival_not_found"


class RefundNotFound(NotFound):
    """No refund has this id."""

    code = "refund_not_found"


class AccountNotFound(NotFound):
    """The ledger has no such account."""

    code = "account_not_found"


class SecondPersonNeeded(Forbidden):
    """Whoever entered money may not decide on it. The person counts, not the login or the organisation."""

    code = "second_person_needed"
    title_zh = "须由另一人复核"
    title_en = "A second person must decide"
    remedy_zh = "请由录入人以外的结算人员办理。"
    remedy_en = "Ask a finance colleague other than the one who entered it."


class DepositNotHeld(Conflict):
    """The deposit's money has not arrived, so there is nothing to apply or forfeit."""

    code = "deposit_not_held"
    title_zh = "保证金尚未到账"
    title_en = "The deposit is not held"


class DepositEnded(Conflict):
    """The deposit has ended in another way; each ends once."""

    code = "deposit_ended"
    title_zh = "该保证金已处置完毕"
    title_en = "The deposit has already ended"


class DepositTooSmall(Conflict):
    """More is to be taken out of the deposit than is left in it."""

    code = "deposit_too_small"
    title_zh = "保证金余额不足以划出该笔款项"
    title_en = "The deposit does not hold as much as is to be taken out of it"


class ArrivalKnown(Conflict):
    """The bank's serial number has been entered before."""

    code = "arrival_known"
    title_zh = "该银行流水已录入"
    title_en = "This line of the bank statement has been entered before"
    remedy_zh = "请核对银行流水号；同一笔到账只能录入一次。"
    remedy_en = "Check the bank's serial number; one arrival is entered once."


class RefundKnown(Conflict):
    """Another refund was ordered under this number."""

    code = "refund_known"
    title_zh = "该付款指令号已用于另一笔退款"
    title_en = "Another refund was ordered under this number"


class LedgerNeedsWholeScope(Forbidden):
    """The ledger is one: staff of a city or county see their arrivals and refunds, not the market's books."""

    code = "ledger_needs_whole_scope"
    title_zh = "总账仅供全省范围的人员查看"
    title_en = "The ledger is for staff of the whole market"


class ArrivalInFuture(Malformed):
    """The bank cannot have posted it yet."""

    code = "arrival_in_future"
    title_zh = "入账时间晚于当前市场时间"
    title_en = "The posting time lies in the future"


class AccountOverdrawn(Conflict):
    """An account would be drawn below nothing."""

    code = "account_overdrawn"
    title_zh = "账户余额不足"
    title_en = "The account does not hold that much"


class JournalNotReversible(Conflict):
    """It has been reversed already."""

    code = "journal_not_reversible"
    title_zh = "该凭证不能冲正"
    title_en = "The journal cannot be reversed"
