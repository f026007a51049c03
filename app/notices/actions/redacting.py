"""Taking a part of a notice away by law: the chain stays whole, and says that something was there.

Called by whoever decides about it, under the notice's lock. Nothing caches what a notice says, so it is gone with the
commit: from the notice, its pages, its revisions, its record, its mends and the events that told of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.notices import repository
from app.notices.rules.record import PAGE, REDACTED
from app.notices.tables import NoticeRow


async def take_away(
    session: AsyncSession,
    row: NoticeRow,
    *,
    seq: int,
    field: str,
    at: datetime,
    tombstone: Mapping[str, Any],
) -> None:
    """Take what an entry of a locked notice says in one field away, and the pages that show it. Again changes nothing.

    tombstone: what stands in its place: the class of the reason, the paper, who asked, who decided, when.
    """
    await repository.take_blob(session, row.id, seq, field, at=at, tombstone=tombstone)
    if field != PAGE:
        last = await repository.shown_until(session, row.id, seq, field)
        await repository.take_pages(session, row.id, seq, last, at=at, tombstone=tombstone)
        await repository.take_copies(session, row.id, seq, field, instead=REDACTED)
    if field == "title" and (await repository.content_of(session, row.id)).get("title") is None:
        row.title = REDACTED
    await session.flush()
