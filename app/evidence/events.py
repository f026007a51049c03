"""What evidence tells."""

from uuid import UUID

from app.events.model import Event
from app.evidence.rules.redaction import RedactionReason


class HeadPublished(Event):
    """A sale has ended and the head of its record's chain is signed. Keep it: no record can be changed behind it."""

    kind = "evidence.head_published"
    subject = "auction"
    public = True

    number: str
    offering_id: UUID
    seq: int
    hash: str
    signed_at: str
    algorithm: str
    key_id: str
    signature: str


class TextRedacted(Event):
    """A text of a sale's record was lawfully taken away. Whoever keeps a copy takes it away as well."""

    kind = "evidence.text_redacted"
    subject = "auction"
    public = True

    number: str
    seq: int
    field: str
    reason: RedactionReason


class NoticeRedacted(Event):
    """A part of a notice was lawfully taken away. Whoever keeps a copy takes it away as well."""

    kind = "evidence.notice_redacted"
    subject = "notice"
    public = True

    number: str
    seq: int
    field: str
    reason: RedactionReason


class FileRedacted(Event):
    """A file was lawfully taken away. `parties`: its owner. Whoever keeps a copy takes it away as well."""

    kind = "evidence.file_redacted"
    subject = "file"

    sha256: str
    reason: RedactionReason


EVENTS: tuple[type[Event], ...] = (HeadPublished, TextRedacted, NoticeRedacted, FileRedacted)
