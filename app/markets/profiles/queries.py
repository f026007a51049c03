"""Reading the rule profiles."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.markets.parameters import Parameter
from app.markets.profiles import Profile, ProfileCode, profile_of
from app.markets.profiles.schemas import (
    ParameterOut,
    ProfileDraftOut,
    ProfileDraftsOut,
    ProfileOut,
    ProfilesOut,
    RegionalOut,
)
from app.markets.profiles.tables import RuleProfileDraftRow, RuleProfileRow


async def rule_profiles(session: AsyncSession) -> ProfilesOut:
    """All published versions of all rule profiles, with the source of every value."""
    order = {str(code): place for place, code in enumerate(ProfileCode)}
    rows = sorted(
        await session.scalars(select(RuleProfileRow)), key=lambda row: (order[row.code], row.version)
    )
    return ProfilesOut(data=[_profile(row, profile_of(row.document)) for row in rows])


def _profile(row: RuleProfileRow, one: Profile) -> ProfileOut:
    return ProfileOut(
        code=one.code,
        version=one.version,
        title_zh=one.title_zh,
        title_en=one.title_en,
        source=one.source,
        verified=one.verified,
        sells=one.sells,
        effective_on=row.effective_on,
        published_at=row.published_at,
        document_no=row.document_no,
        note=row.note,
        paths=list(one.paths),
        parameters=_shown(_named(one)),
        regional=[
            RegionalOut(region=prefix, parameters=_shown(values.items()))
            for prefix, values in one.regions.items()
        ],
    )


def _shown(values: Iterable[tuple[str, Parameter]]) -> list[ParameterOut]:
    return [ParameterOut(name=name, **asdict(value)) for name, value in values]


def _named(one: Profile) -> Iterable[tuple[str, Parameter]]:
    """The profile's own parameters, then the auctions', whose names begin with `auction_`."""
    yield from one.own().items()
    yield from ((f"auction_{name}", value) for name, value in vars(one.auction).items())


def draft(row: RuleProfileDraftRow) -> ProfileDraftOut:
    """A proposal as it is shown."""
    return ProfileDraftOut.model_validate({name: getattr(row, name) for name in ProfileDraftOut.model_fields})


async def drafts(session: AsyncSession) -> ProfileDraftsOut:
    """The latest proposals."""
    rows = await session.scalars(
        select(RuleProfileDraftRow).order_by(RuleProfileDraftRow.id.desc()).limit(100)
    )
    return ProfileDraftsOut(data=[draft(row) for row in rows])
