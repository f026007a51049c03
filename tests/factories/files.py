"""Kept files, with their bytes in the store."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.files import actions
from app.files.states import FileClass, MediaType
from app.files.tables import FileRow
from app.papers import pdf
from tests.factories.identity import Member

CLOCK = Clock()
_AT = datetime(2026, 11, 25, tzinfo=UTC)


def small_pdf(title: str = "可行性报告") -> bytes:
    """A PDF of one page."""
    told = {"title": title, "number": "WJ-1", "facts": [], "parts": [], "signatures": [], "notes": []}
    return pdf("record", told, _AT)


def archive(**members: bytes) -> bytes:
    """A ZIP with these members; double underscores in names stand for slashes, single ones for dots."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as one:
        for name, data in members.items():
            one.writestr(name.replace("__", "/").replace("_", "."), data)
    return made.getvalue()


async def make_upload(
    session: AsyncSession, data: bytes, media_type: MediaType = MediaType.PDF
) -> actions.Upload:
    """Bytes in the store that no row speaks of yet."""
    store = actions.store_of(session)
    key = store.new_key()
    path = store.incoming(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return actions.Upload(key, len(data), hashlib.sha256(data).digest(), media_type)


async def make_file(
    session: AsyncSession,
    owner: Member,
    *,
    data: bytes = b"%PDF-1.7 kept",
    file_class: FileClass = FileClass.INTERNAL,
    name: str = "报告.pdf",
    media_type: MediaType = MediaType.PDF,
    subject_id: UUID | None = None,
) -> FileRow:
    """A file that a member has uploaded; used by something of the tests' own if an id is given."""
    return await actions.keep(
        session,
        CLOCK,
        actor=owner.actor,
        file_class=file_class,
        upload=await make_upload(session, data, media_type),
        name=name,
        subject=actions.Subject("test", subject_id) if subject_id else None,
    )
