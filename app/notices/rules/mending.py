"""Which mends are lawful. The table is `fields.FIELDS`; a price is never anything but a change. Pure. House rule."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.notices.errors import (
    MendChangesNothing,
    MendClassUnfit,
    MendFieldUnknown,
    MendOtherRight,
    MendPaperMissing,
    MendPriceNeverCorrection,
    MendSamePerson,
    MendTooLate,
    SupplementSellerCaused,
    SupplementTooShort,
)
from app.notices.rules.clock import NoticeClock
from app.notices.rules.fields import FIELDS, FieldClass
from app.notices.rules.rights import same_rights
from app.notices.states import LIVE, MendKind

SUPPLEMENT_DAYS_MAX: Final = 60

NEW_FIELDS: Final = frozenset({FieldClass.CONTACT, FieldClass.FACT})
"""A notice may begin to say these; of the others it can only mend what it says."""


def check_live(clock: NoticeClock, at: Any) -> None:
    """Refuse once the notice has ended, also where nothing has ended it yet by itself."""
    if clock.status not in LIVE or clock.is_over(at):
        raise MendTooLate()


def check_correction(
    content: Mapping[str, Any], fields: Mapping[str, Any], *, document_no: str | None
) -> None:
    """Refuse a correction, field by field: unknown, a price, of another way, another right, a name without its paper."""
    _check_fields(content, fields, MendKind.CORRECTION)
    for name, value in fields.items():
        of = FIELDS[name].of
        if of is FieldClass.RIGHT_NUMBER and not same_rights(content[name], value):
            raise MendOtherRight(field=f"/body/fields/{name}")
        if of is FieldClass.PARTY_NAME and not document_no:
            raise MendPaperMissing(field="/body/document_no")
    if not fields or all(content.get(name) == value for name, value in fields.items()):
        raise MendChangesNothing()


def check_supplement(
    content: Mapping[str, Any],
    fields: Mapping[str, Any],
    *,
    days: int,
    days_min: int,
    caused_by_seller: bool,
) -> None:
    """Refuse a supplement: what the seller has caused, then its fields, then too short an extension. days: the notice's unit."""
    if caused_by_seller:
        raise SupplementSellerCaused(field="/body/caused_by_seller")
    _check_fields(content, fields, MendKind.SUPPLEMENT)
    if days < days_min or days > SUPPLEMENT_DAYS_MAX:
        raise SupplementTooShort(
            f"须延长 {days_min} 至 {SUPPLEMENT_DAYS_MAX} 日。",
            f"Extend the period by {days_min} to {SUPPLEMENT_DAYS_MAX} days.",
            field="/body/days",
            days_min=days_min,
            days_max=SUPPLEMENT_DAYS_MAX,
        )


def check_second_person(*, proposed_by: UUID, user_id: UUID) -> None:
    """Whoever proposed a mend does not decide it."""
    if proposed_by == user_id:
        raise MendSamePerson()


def _check_fields(content: Mapping[str, Any], fields: Mapping[str, Any], kind: MendKind) -> None:
    for name, value in fields.items():
        pointer = f"/body/fields/{name}"
        field = FIELDS.get(name)
        if field is None or value is None:
            raise MendFieldUnknown(field=pointer)
        if field.of is FieldClass.PRICE:
            raise MendPriceNeverCorrection(field=pointer)
        if field.mended_by is not kind:
            raise MendClassUnfit(
                f"“{field.title_zh}”应以“{_WAYS[field.mended_by][0]}”方式修改。",
                f"{field.title_en} is mended by {_WAYS[field.mended_by][1]}.",
                field=pointer,
                mended_by=str(field.mended_by),
            )
        if content.get(name) is None and (name in content or field.of not in NEW_FIELDS):
            raise MendFieldUnknown(field=pointer)


_WAYS: Final = {
    MendKind.CORRECTION: ("更正", "a correction"),
    MendKind.SUPPLEMENT: ("补充", "a supplement"),
    MendKind.CHANGE: ("变更", "a change"),
}
