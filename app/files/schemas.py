"""Wire shapes of files."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.files.states import FileClass, FileStatus, MediaType, ReadWay
from app.kit.dates import Instant
from app.kit.schemas import Line, Output, Page, QueryInput


class FileQuery(QueryInput):
    """What is said of an uploaded file beside its bytes."""

    file_class: Annotated[
        FileClass,
        Field(
            description="Whom it is for: `public`, `registered` (who has registered for the sale), `nda` (who has signed"
            " the non-disclosure agreement), `internal` (its owner and whom a procedure lets read it)."
        ),
    ]
    name: Annotated[Line, Field(examples=["可行性报告.pdf"])]


class TombstoneOut(Output):
    """What is left of a file that is gone."""

    at: Instant
    reason: str


class FileOut(Output):
    """A file: what it is, not what is in it."""

    id: UUID
    file_class: FileClass
    name: str
    media_type: MediaType
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="Hexadecimal, of the bytes.")
    owner_party_id: UUID
    subject_kind: str | None
    subject_id: UUID | None
    is_open: bool = Field(description="Whether anybody may read it.")
    status: FileStatus
    tombstone: TombstoneOut | None
    uploaded_at: Instant
    version: int


class FileReadOut(Output):
    """Somebody was given the bytes. Names are null for a visitor, and where the file's owner is not to know who reads it."""

    id: int
    user_name: str | None
    party_name: str | None
    way: ReadWay
    at: Instant


FileReadPage = Page[FileReadOut]
