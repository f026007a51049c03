"""The life of an import, and what can become of one of its rows."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class ImportStatus(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


MACHINE: Final = Machine(
    "import",
    ImportStatus.QUEUED,
    {
        ImportStatus.QUEUED: frozenset({ImportStatus.RUNNING, ImportStatus.FAILED}),
        ImportStatus.RUNNING: frozenset({ImportStatus.SUCCEEDED, ImportStatus.FAILED}),
        ImportStatus.SUCCEEDED: frozenset(),
        ImportStatus.FAILED: frozenset(),
    },
)


class FileFormat(StrEnum):
    """What the file is."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


class RowOutcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    NOT_CHANGED_BEYOND_DRAFT = "not_changed_beyond_draft"
    REFUSED = "refused"
