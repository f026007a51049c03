"""Wire shapes of data rooms."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.files.states import FileClass, MediaType
from app.kit.dates import Instant
from app.kit.schemas import Input, Line, Output, Page, ShortText, Text
from app.markets.dataroom.states import QuestionStatus


class RoomFileIn(Input):
    """A kept file of the seller that goes into the data room. Whom it is for was said when it was uploaded."""

    file_id: UUID
    title: Line


class NdaIn(Input):
    """The text of a non-disclosure agreement: a new version, which everybody signs anew."""

    text: Text


class NdaSignatureIn(Input):
    """The version that was read, by its number and by its digest."""

    version: Annotated[int, Field(ge=1, le=10_000)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Of the text in UTF-8, hexadecimal.")]


class QuestionIn(Input):
    """A question about the offering. The seller reads it, and with its answer everybody does: never who asked."""

    text: ShortText


class QuestionAnswerIn(Input):
    """The answer that everybody reads; or, where a question is declined, the reason for its asker."""

    text: ShortText


class NdaOut(Output):
    """The non-disclosure agreement in force. The text is for who takes part."""

    version: int
    sha256: str
    text: str | None
    signed_version: int | None = Field(description="The latest version that your party has signed.")
    signed_at: Instant | None


class RoomFileOut(Output):
    """A file in a data room."""

    id: UUID
    title: str
    file_class: FileClass
    name: str
    media_type: MediaType
    size: int
    sha256: str
    is_gone: bool = Field(description="Taken away by law.")
    added_at: Instant
    downloads: int | None = Field(description="How often it was given out; for the seller and its reviewers.")


class DataRoomOut(Output):
    """What of a data room the caller may know."""

    offering_id: UUID
    is_closed: bool
    takes_part: bool
    nda: NdaOut | None
    files: list[RoomFileOut]


class QuestionOut(Output):
    """A question. Who asked is told to nobody; `is_mine` is for the asker himself."""

    id: UUID
    text: str
    status: QuestionStatus
    answer: str | None
    asked_at: Instant
    answered_at: Instant | None
    is_mine: bool
    version: int


QuestionPage = Page[QuestionOut]
