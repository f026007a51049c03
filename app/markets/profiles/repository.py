"""Finding published versions. What was published never changes, so a process reads each version once."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import NotFound
from app.markets.profiles.documents import profile_of
from app.markets.profiles.model import Profile, ProfileCode
from app.markets.profiles.tables import RuleProfileDraftRow, RuleProfileRow

_read: dict[tuple[str, int], Profile] = {}


def forget() -> None:
    """Forget what was read: for tests, whose databases are not one another's."""
    _read.clear()


async def pinned(session: AsyncSession, code: str, version: int) -> Profile:
    """A version that an offering has pinned. Raises KeyError for one that was never published."""
    if (code, version) not in _read:
        row = await session.get(RuleProfileRow, (code, version))
        if row is None:
            raise KeyError(f"{code} v{version}")
        _read[code, version] = profile_of(row.document)
    return _read[code, version]


async def current(session: AsyncSession, code: ProfileCode, on: date) -> Profile:
    """The version in force on a legal day: what a submission of that day pins."""
    version = await session.scalar(
        select(RuleProfileRow.version)
        .where(RuleProfileRow.code == code, RuleProfileRow.effective_on <= on)
        .order_by(RuleProfileRow.version.desc())
        .limit(1)
    )
    assert version is not None, "the first versions are in force since before the market began"
    return await pinned(session, code, version)


async def latest(session: AsyncSession, code: str) -> RuleProfileRow:
    """The latest version that was published, whether or not its day has come."""
    found = await session.scalars(
        select(RuleProfileRow)
        .where(RuleProfileRow.code == code)
        .order_by(RuleProfileRow.version.desc())
        .limit(1)
    )
    return found.one()


async def add_draft(session: AsyncSession, row: RuleProfileDraftRow) -> RuleProfileDraftRow:
    """Store a proposal."""
    session.add(row)
    await session.flush()
    return row


async def lock_draft(session: AsyncSession, draft_id: UUID) -> RuleProfileDraftRow:
    """A proposal, locked. Raises `NotFound`."""
    found = await session.execute(
        select(RuleProfileDraftRow)
        .where(RuleProfileDraftRow.id == draft_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def one_at_a_time(session: AsyncSession) -> None:
    """Whoever publishes a version waits for whoever is publishing one."""
    await session.execute(text("LOCK TABLE rule_profiles IN SHARE ROW EXCLUSIVE MODE"))


async def add(
    session: AsyncSession, document: Mapping[str, Any], *, draft: RuleProfileDraftRow, at: datetime, by: UUID
) -> None:
    """Store a published version."""
    session.add(
        RuleProfileRow(
            code=draft.code,
            version=document["version"],
            document=dict(document),
            effective_on=draft.effective_on,
            published_at=at,
            published_by=by,
            document_no=draft.document_no,
            note=draft.note,
        )
    )
    await session.flush()
