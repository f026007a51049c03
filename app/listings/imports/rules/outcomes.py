"""What a row does to what is stored, and who may import how much at a time."""

from app.listings.imports.errors import UnfinishedImportsTooMany
from app.listings.imports.rules.limits import UNFINISHED_MAX
from app.listings.imports.states import RowOutcome
from app.listings.states import EDITABLE, AchievementStatus


def outcome(stored: tuple[AchievementStatus, bytes | None] | None, digest: bytes) -> RowOutcome:
    """stored: status and last digest of the achievement with the row's source and external id, or None.

    An identical row changes nothing, whatever happened since; another one changes only what may still be edited.
    """
    if stored is None:
        return RowOutcome.CREATED
    status, known = stored
    if known == digest:
        return RowOutcome.UNCHANGED
    return RowOutcome.UPDATED if status in EDITABLE else RowOutcome.NOT_CHANGED_BEYOND_DRAFT


def check_unfinished(count: int) -> None:
    """A party has at most a few imports waiting or running."""
    if count >= UNFINISHED_MAX:
        raise UnfinishedImportsTooMany(unfinished=count)
