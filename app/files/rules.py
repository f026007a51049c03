"""What is taken, and under which name, decided on plain values: the first bytes, and the list of what an archive holds."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.files.errors import ArchiveRefused, FileInUse, FileNeedsPages, FilesUnusedTooMany, MediaTypeRefused
from app.files.states import SUFFIXES, FileClass, MediaType

HEAD_BYTES = 16
MEMBERS_MAX = 5_000
NAME_MAX = 120
UNUSED_MAX = 100
"""Files that one organisation may have uploaded without having used them."""

PAGED = frozenset({MediaType.PDF, MediaType.PNG, MediaType.JPEG})
"""Types that can carry a reader's name on each page."""

_MAGIC = (
    (b"%PDF-", MediaType.PDF),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
    (b"\xff\xd8\xff", MediaType.JPEG),
)
_ZIP = b"PK\x03\x04"
_OFFICE = {
    "word/document.xml": MediaType.DOCX,
    "xl/workbook.xml": MediaType.XLSX,
    "OFD.xml": MediaType.OFD,
}
_PROGRAMS = frozenset(
    [
        ".apk",
        ".app",
        ".bat",
        ".cmd",
        ".com",
        ".cpl",
        ".dll",
        ".dmg",
        ".elf",
        ".exe",
        ".hta",
        ".iso",
        ".jar",
        ".js",
        ".jse",
        ".lnk",
        ".msi",
        ".ps1",
        ".reg",
        ".scr",
        ".sh",
        ".so",
        ".vb",
        ".vbe",
        ".vbs",
        ".wsf",
    ]
)
_RESERVED = str.maketrans(dict.fromkeys('/\\:*?"<>|', "_"))


@dataclass(frozen=True)
class Member:
    """One entry of an archive."""

    name: str
    size: int
    is_encrypted: bool


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so is an archive, of which the members must be looked at too."""
    return head.startswith(_ZIP)


def media_type(head: bytes, members: Sequence[Member] | None = None) -> MediaType:
    """The type that the bytes themselves show. members: what an archive holds.

    Raises `MediaTypeRefused` for every other type and for documents with macros, `ArchiveRefused` for an archive that
    holds programs, encrypted entries, paths that lead outside, or more than 5,000 entries.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if not is_archive(head) or members is None:
        raise MediaTypeRefused(field="/body")
    _check_members(members)
    names = {member.name for member in members}
    for name, kind in _OFFICE.items():
        if name in names:
            if any(PurePosixPath(one).name.lower() == "vbaproject.bin" for one in names):
                raise MediaTypeRefused(
                    "文件含有宏。", "The document contains macros.", field="/body", reason="macros"
                )
            return kind
    return MediaType.ZIP


def _check_members(members: Sequence[Member]) -> None:
    if not members or len(members) > MEMBERS_MAX:
        raise ArchiveRefused(
            f"压缩包内有 {len(members)} 个文件，上限为 {MEMBERS_MAX} 个，且不得为空。",
            f"The archive holds {len(members)} entries; it must hold at least one and at most {MEMBERS_MAX}.",
            field="/body",
            reason="members",
        )
    for member in members:
        path = PurePosixPath(member.name.replace("\\", "/"))
        outside = path.is_absolute() or ".." in path.parts or ":" in member.name
        if member.is_encrypted or outside or path.suffix.lower() in _PROGRAMS:
            reason = "encrypted" if member.is_encrypted else "path" if outside else "program"
            raise ArchiveRefused(field="/body", reason=reason)


def clean_name(name: str, kind: MediaType) -> str:
    """A name that is safe to show and to save: one line, no path, nothing invisible, its ending that of the type."""
    told = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    told = "".join(one for one in told if unicodedata.category(one)[0] != "C" and one not in "\u2028\u2029")
    told = " ".join(told.translate(_RESERVED).split()).strip(" .")
    endings = SUFFIXES[kind]
    stem, ending = told, endings[0]
    for known in endings:
        if told.lower().endswith(known):
            stem, ending = told[: -len(known)], known
    return (stem[: NAME_MAX - len(ending)].strip(" .") or "文件") + ending


def check_class(file_class: FileClass, kind: MediaType) -> None:
    """Refuse a file under a non-disclosure agreement that could not carry its reader's name."""
    if file_class is FileClass.NDA and kind not in PAGED:
        raise FileNeedsPages(field="/body")


def check_unused(count: int) -> None:
    """Refuse one file more than an organisation may have without use."""
    if count >= UNUSED_MAX:
        raise FilesUnusedTooMany(limit=UNUSED_MAX)


def check_subject(found: tuple[str, object] | None, wanted: tuple[str, object]) -> None:
    """Refuse to give a file that belongs to one thing to another."""
    if found is not None and found != wanted:
        raise FileInUse()
