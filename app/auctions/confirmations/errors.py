"""Refusals about confirmation records.

Refusal
├── NotFound   ConfirmationNotFound
├── Forbidden  OnePersonSignsOnce
└── Conflict   SignedBefore · ConfirmationVoided
"""

from app.kit.errors import Conflict, Forbidden, NotFound


class ConfirmationNotFound(NotFound):
    """No confirmation record has this id, or it is between others."""

    code = "confirmation_not_found"


class OnePersonSignsOnce(Forbidden):
    """Whoever signed for one side does not sign for the other."""

    code = "one_person_signs_once"
    title_zh = "同一人不得代表双方签署成交确认书"
    title_en = "One person does not sign for both sides"
    remedy_zh = "请由另一方的其他人员签署。"
    remedy_en = "Leave it to somebody else of the other side."


class SignedBefore(Conflict):
    """The side has signed. Data: `status_now`."""

    code = "signed_before"
    title_zh = "本方已签署成交确认书"
    title_en = "Your side has signed the record before"


class ConfirmationVoided(Conflict):
    """The buyer defaulted: there is nothing left to sign."""

    code = "confirmation_voided"
    title_zh = "成交确认书已作废"
    title_en = "The confirmation record is void"
