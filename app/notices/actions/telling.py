"""Telling what happened to a notice: to everybody, and to whoever finds it in his stream."""

from typing import Any
from uuid import UUID

from app.notices.events import NoticeEvent
from app.notices.tables import NoticeRow


def told(row: NoticeRow) -> dict[str, Any]:
    """What every event of a notice carries, its hearers included."""
    return {
        "subject_id": row.id,
        "parties": hearers(row),
        "number": row.number,
        "notice_kind": row.kind,
        "about_kind": row.about_kind,
        "about_id": row.about_id,
        "seq": row.seq,
    }


def hearers(row: NoticeRow, *more: UUID) -> tuple[UUID, ...]:
    """The organisations in whose streams it appears."""
    return (row.owner_party_id, *row.audience, *more)


__all__ = ["NoticeEvent", "hearers", "told"]
