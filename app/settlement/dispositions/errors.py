"""Refusals about dispositions.

Refusal
├── NotFound   DispositionNotFound
├── Forbidden  DispositionNeedsSecondPerson
└── Conflict   DepositNotForfeited · DisposedBefore · DispositionDecided
"""

from app.kit.errors import Conflict, Forbidden, NotFound


class DispositionNotFound(NotFound):
    """No disposition has this id, or it is not the caller's to see."""

    code = "disposition_not_found"


class DispositionNeedsSecondPerson(Forbidden):
    """Whoever proposed a disposition does not decide on it."""

    code = "disposition_needs_second_person"
    title_zh = "保证金处置须由另一人复核"
    title_en = "A second person decides on a disposition"
    remedy_zh = "请由提出处置方案以外的结算人员复核。"
    remedy_en = "Ask a finance colleague other than the one who proposed it."


class DepositNotForfeited(Conflict):
    """Only a forfeited deposit is disposed of. Data: `status_now`."""

    code = "deposit_not_forfeited"
    title_zh = "该保证金未被扣收，不能处置"
    title_en = "The deposit is not forfeited, so it cannot be disposed of"


class DisposedBefore(Conflict):
    """A disposition of this deposit is confirmed, or waits for its second person."""

    code = "disposed_before"
    title_zh = "该保证金已有处置方案"
    title_en = "The deposit has a disposition already"
    remedy_zh = "请复核或退回现有方案。"
    remedy_en = "Confirm or refuse the one that there is."


class DispositionDecided(Conflict):
    """The disposition was confirmed or refused before. Data: `status_now`."""

    code = "disposition_decided"
    title_zh = "该处置方案已有结论"
    title_en = "The disposition has been decided on"
