"""Published versions of rule profiles: one is in force from its day on, and what was pinned stays as it was."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.markets.profiles import VERSIONS, ProfileCode, repository
from app.markets.profiles.documents import shipped
from app.markets.profiles.tables import RuleProfileRow

UNI, PRIVATE = ProfileCode.UNI_ZJ, ProfileCode.PRIVATE


def document(code: ProfileCode, version: int, **values: int) -> dict[str, Any]:
    """A later version of what the release ships, with other values."""
    first = next(one for one in shipped() if one["code"] == code)
    changed = {name: {**first["parameters"][name], "value": value} for name, value in values.items()}
    return {**first, "version": version, "parameters": {**first["parameters"], **changed}}


async def publish(session: AsyncSession, code: ProfileCode, version: int, on: date, **values: int) -> None:
    """A version, as a supervisor's publication leaves it."""
    await session.execute(
        insert(RuleProfileRow).values(
            code=code, version=version, document=document(code, version, **values), effective_on=on
        )
    )


async def test_the_first_versions_are_those_of_the_release(session: AsyncSession) -> None:
    assert [await repository.pinned(session, one.code, 1) for one in VERSIONS] == list(VERSIONS)
    with pytest.raises(KeyError):
        await repository.pinned(session, "UNI_ZJ", 2)


async def test_a_version_is_in_force_from_its_day_on_and_only_for_its_own_sellers(
    session: AsyncSession,
) -> None:
    await publish(session, UNI, 2, date(2027, 1, 1), listing_days=12)
    await publish(session, UNI, 3, date(2027, 1, 1), listing_days=15)
    await publish(session, UNI, 4, date(2027, 3, 1), listing_days=20)
    found = [
        (await repository.current(session, UNI, on)).listing_days.value
        for on in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 28), date(2027, 3, 1))
    ]
    assert found == [10, 15, 15, 20]
    assert (await repository.current(session, PRIVATE, date(2027, 3, 1))).version == 1


async def test_what_was_pinned_before_stays_as_it_was(session: AsyncSession) -> None:
    before = await repository.pinned(session, "UNI_ZJ", 1)
    await publish(session, UNI, 2, date(2020, 1, 1), listing_days=60)
    repository.forget()
    assert await repository.pinned(session, "UNI_ZJ", 1) == before
    assert (await repository.pinned(session, "UNI_ZJ", 2)).listing_days.value == 60


@pytest.mark.parametrize(
    "change",
    [update(RuleProfileRow).values(note="改"), delete(RuleProfileRow)],
    ids=["changed", "taken away"],
)
async def test_the_database_lets_nobody_change_a_published_version(
    session: AsyncSession, change: Any
) -> None:
    with pytest.raises(ProgrammingError, match="only ever added to"):
        await session.execute(change.where(RuleProfileRow.code == UNI))


def test_in_shandong_the_provinces_own_statute_stands_in_place_of_the_houses_rule() -> None:
    cn = next(one for one in VERSIONS if one.code is ProfileCode.UNI_CN)
    there, elsewhere = cn.in_region("370102"), cn.in_region("110105")
    assert (there.objection_result_published.value, elsewhere.objection_result_published.value) == (1, 0)
    assert there.notice_days.source == "山东省促进科技成果转化条例 art. 14"
    assert elsewhere == cn
