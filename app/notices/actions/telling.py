"""Telling what happened to a notice: to everybody, and to whoever finds it in his stream."""

from typing import Any
from uuid import UUID

from app.notices.tables import NoticeRow, ObjectionRow


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
    return (row.owner_party_id, *row.audience, *row.watching, *more)


def of_objection(row: ObjectionRow, notice: NoticeRow) -> dict[str, Any]:
    """What every event of an objection carries: for whose notice it is, and for whoever filed it."""
    return {
        "subject_id": row.id,
        "parties": (row.owner_party_id, row.filer_party_id),
        "number": row.number,
        "notice_id": notice.id,
        "notice_number": notice.number,
        "owner_party_id": row.owner_party_id,
        "filer_party_id": row.filer_party_id,
    }
