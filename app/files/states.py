"""What a file is and what becomes of it."""

from enum import StrEnum
from typing import Final

from app.kit.states import Machine


class FileClass(StrEnum):
    """Whom a file is for. The room that uses the file decides who that is; this room keeps to what it says."""

    PUBLIC = "public"
    REGISTERED = "registered"
    NDA = "nda"
    INTERNAL = "internal"


class FileStatus(StrEnum):
    """Whether the bytes are there."""

    KEPT = "kept"
    REDACTED = "redacted"
    DESTROYED = "destroyed"


MACHINE: Final = Machine(
    name="file",
    initial=FileStatus.KEPT,
    transitions={
        FileStatus.KEPT: frozenset({FileStatus.REDACTED, FileStatus.DESTROYED}),
        FileStatus.REDACTED: frozenset(),
        FileStatus.DESTROYED: frozenset(),
    },
)


class MediaType(StrEnum):
    """What is taken, as the bytes themselves say. OFD is the format of official documents (GB/T 33190)."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    OFD = "application/ofd"
    ZIP = "application/zip"


SUFFIXES: Final = {
    MediaType.PDF: (".pdf",),
    MediaType.PNG: (".png",),
    MediaType.JPEG: (".jpg", ".jpeg"),
    MediaType.DOCX: (".docx",),
    MediaType.XLSX: (".xlsx",),
    MediaType.OFD: (".ofd",),
    MediaType.ZIP: (".zip",),
}
"""How names of each type end; the first one is put on a name that ends otherwise."""


class ReadWay(StrEnum):
    """How somebody got the bytes: as they are, with his name over each page, or within a pack."""

    DOWNLOAD = "download"
    MARKED = "marked"
    PACKED = "packed"
