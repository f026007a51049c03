"""Whether a text may be taken out of a record, and by whom."""

from enum import StrEnum
from uuid import UUID

from app.evidence.errors import RedactionBySamePerson, TextAbsent


class RedactionReason(StrEnum):
    """The public class of a redaction's reason."""

    PERSONAL_DATA = "personal_data"
    """个人信息 (个人信息保护法 art. 47)."""
    STATE_SECRET = "state_secret"  # noqa: S105  # no password
    TRADE_SECRET = "trade_secret"  # noqa: S105  # no password
    COURT_ORDER = "court_order"


def check_text(*, exists: bool, redacted: bool) -> None:
    """Refuse where the record has no such text, or has it no more."""
    if not exists or redacted:
        raise TextAbsent(redacted=redacted)


def check_second_person(*, requested_by: UUID, user_id: UUID) -> None:
    """Whoever asked for a redaction does not decide it. House rule."""
    if requested_by == user_id:
        raise RedactionBySamePerson()
