"""The machines of deposits, bank arrivals and refunds."""

from enum import StrEnum

from app.kit.states import Machine


class DepositStatus(StrEnum):
    """A deposit (保证金) of one registration. Each ends once."""

    REQUIRED = "required"
    HELD = "held"
    RELEASED = "released"
    APPLIED = "applied"
    FORFEITED = "forfeited"
    LAPSED = "lapsed"


D = DepositStatus
DEPOSIT: Machine[DepositStatus] = Machine(
    "deposit",
    D.REQUIRED,
    {
        D.REQUIRED: frozenset({D.HELD, D.LAPSED}),
        D.HELD: frozenset({D.RELEASED, D.APPLIED, D.FORFEITED}),
    },
)


class ArrivalStatus(StrEnum):
    """An arrival on the market's bank account (到账), entered by one person and confirmed by another."""

    ENTERED = "entered"
    MATCHED = "matched"
    EXCEPTION = "exception"
    RETURNED = "returned"
    REFUSED = "refused"


A = ArrivalStatus
ARRIVAL: Machine[ArrivalStatus] = Machine(
    "bank_arrival",
    A.ENTERED,
    {
        A.ENTERED: frozenset({A.MATCHED, A.EXCEPTION, A.REFUSED}),
        # Matched after all: late by minutes, with the consent that the notice provided for; or in time for a deadline that was moved.
        A.EXCEPTION: frozenset({A.RETURNED, A.REFUSED, A.MATCHED}),
    },
)


class ArrivalException(StrEnum):
    """Why a confirmed arrival did not hold a deposit."""

    DEPOSIT_UNKNOWN = "deposit_unknown"
    DEPOSIT_NOT_OPEN = "deposit_not_open"
    PAYER_NAME_DIFFERS = "payer_name_differs"
    AMOUNT_SHORT = "amount_short"
    ARRIVED_LATE = "arrived_late"


class RefundStatus(StrEnum):
    """A refund (退款): owed, ordered from the bank by one person, confirmed as sent by another."""

    PAYABLE = "payable"
    ORDERED = "ordered"
    SENT = "sent"


REFUND: Machine[RefundStatus] = Machine(
    "refund",
    RefundStatus.PAYABLE,
    {
        RefundStatus.PAYABLE: frozenset({RefundStatus.ORDERED}),
        RefundStatus.ORDERED: frozenset({RefundStatus.SENT, RefundStatus.PAYABLE}),
    },
)


class AccountKind(StrEnum):
    """What an account of the ledger holds."""

    BANK = "bank"
    UNIDENTIFIED = "unidentified"
    DEPOSIT = "deposit"
    REFUND_PAYABLE = "refund_payable"
    SELLER_PAYABLE = "seller_payable"
    FORFEITED = "forfeited"
    SALE_COSTS = "sale_costs"


class JournalKind(StrEnum):
    """What a journal tells."""

    DEPOSIT_HELD = "deposit_held"
    DEPOSIT_RELEASED = "deposit_released"
    DEPOSIT_APPLIED = "deposit_applied"
    DEPOSIT_DIVIDED = "deposit_divided"
    DEPOSIT_FORFEITED = "deposit_forfeited"
    DEPOSIT_DISPOSED = "deposit_disposed"
    ARRIVAL_UNIDENTIFIED = "arrival_unidentified"
    ARRIVAL_RETURNED = "arrival_returned"
    REFUND_SENT = "refund_sent"
    REVERSAL = "reversal"
