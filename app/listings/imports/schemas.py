"""Wire shapes of imports, their mappings and operations."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.kit.dates import Instant
from app.kit.paging import LIMIT_MAX
from app.kit.schemas import Input, Line, Output, QueryInput
from app.listings.imports.rules.mapping import Mapping, SourceName
from app.listings.imports.states import FileFormat, ImportStatus

Source = Annotated[
    SourceName,
    Field(description="The system or office that the external ids belong to.", examples=["tto-2026"]),
]


class MappingIn(Input):
    """A mapping to keep."""

    name: Line
    mapping: Mapping


class MappingOut(Output):
    """A kept mapping."""

    id: UUID
    name: str
    mapping: dict[str, Any]
    created_at: Instant


class MappingListQuery(QueryInput):
    """Paging of mappings."""

    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX)] = 50


class ImportQuery(QueryInput):
    """What is to be done with the body's file."""

    format: FileFormat
    source: Source
    dry_run: bool = False
    mapping_id: UUID | None = Field(
        None, description="Left out: the header, or the API's own shape, speaks for itself."
    )
    on_behalf_of: UUID | None = Field(
        None, description="The party that will own it, where a clerk imports for it."
    )


class CountsOut(Output):
    """What became of the rows so far; together they are `rows_done`."""

    created: int
    updated: int
    unchanged: int
    not_changed_beyond_draft: int
    refused: int


class FailureOut(Output):
    """Why the whole run failed."""

    code: str
    reason: str
    reason_en: str


class OperationOut(Output):
    """Work that goes on after the answer."""

    id: UUID
    kind: Literal["achievement_import"]
    state: ImportStatus
    dry_run: bool
    format: FileFormat
    source: str
    holder_party_id: UUID
    file_bytes: int
    rows_total: int | None
    rows_done: int
    counts: CountsOut
    failure: FailureOut | None
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    report: str | None
