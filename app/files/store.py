"""The store: bytes under random names in a directory that every process reaches. It knows no business and no database.

A blob is complete or absent: it is written beside, flushed, and renamed into its place before the commit that speaks
of it. What is read is compared with the digest that was kept; what differs is not given out. Another store (S3, OSS)
would have the same five verbs.
"""

import contextlib
import hashlib
import os
import secrets
import zipfile
from pathlib import Path
from typing import Final

from app.files.errors import ArchiveRefused, FileDamaged
from app.files.rules import HEAD_BYTES, Member, is_archive, media_type
from app.files.states import MediaType

DIRECTORY_BYTES_MAX: Final = 2 * 1024 * 1024
"""Of an archive's list of entries: more than 5,000 entries with usual names need."""
_TAIL_BYTES: Final = 65_557
_END: Final = b"PK\x05\x06"


class Store:
    """Blobs by key."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def new_key(self) -> str:
        """A name that nobody guesses and that tells nothing."""
        return secrets.token_hex(20)

    def incoming(self, key: str) -> Path:
        """Where the bytes of a key are written before they are placed."""
        return self._directory / "incoming" / key

    def place(self, key: str) -> None:
        """Move what lies at `incoming` into its place. It must be on the disk already."""
        target = self._path(key)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.incoming(key).rename(target)
        held = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)

    def write(self, key: str, data: bytes) -> None:
        """Place bytes that this process has made."""
        path = self.incoming(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self.place(key)

    def read(self, key: str, digest: bytes) -> bytes:
        """The bytes, if they are those that were kept. Raises `FileDamaged`."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            raise FileDamaged() from None
        if hashlib.sha256(data).digest() != digest:
            raise FileDamaged()
        return data

    def delete(self, key: str) -> None:
        """Remove the bytes, wherever they are. Absent ones are no fault."""
        for path in (self.incoming(key), self._path(key)):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def _path(self, key: str) -> Path:
        return self._directory / key[:2] / key


def look(path: Path) -> MediaType:
    """The type that a file's bytes show. Raises `MediaTypeRefused` and `ArchiveRefused`."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return media_type(head, _members(path) if is_archive(head) else None)


def _members(path: Path) -> list[Member]:
    """What an archive says that it holds; nothing is unpacked. Its list is measured before it is read."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    at = tail.rfind(_END)
    listed = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else DIRECTORY_BYTES_MAX + 1
    if listed > DIRECTORY_BYTES_MAX:
        raise ArchiveRefused(field="/body", reason="members")
    try:
        with zipfile.ZipFile(path) as archive:
            return [
                Member(info.filename, info.file_size, bool(info.flag_bits & 0x1))
                for info in archive.infolist()
            ]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise ArchiveRefused(field="/body", reason="broken") from None
