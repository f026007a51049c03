"""Finding published versions. What was published never changes, so a process reads each version once."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.markets.profiles.documents import profile_of
from app.markets.profiles.model import Profile, ProfileCode
from app.markets.profiles.tables import RuleProfileRow

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
