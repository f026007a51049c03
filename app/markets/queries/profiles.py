"""Reading the rule profiles."""

from collections.abc import Iterable
from dataclasses import asdict

from app.markets import profiles
from app.markets.profiles import Parameter, Profile
from app.markets.schemas import ParameterOut, ProfileOut, ProfilesOut


def rule_profiles() -> ProfilesOut:
    """All published versions of all rule profiles, with the source of every value."""
    return ProfilesOut(data=[_profile(one) for one in profiles.VERSIONS])


def _profile(one: Profile) -> ProfileOut:
    named: Iterable[tuple[str, Parameter]] = (
        (name, value) for name, value in vars(one).items() if isinstance(value, Parameter)
    )
    return ProfileOut(
        code=one.code,
        version=one.version,
        title_zh=one.title_zh,
        title_en=one.title_en,
        source=one.source,
        sells=one.sells,
        paths=list(one.paths),
        parameters=[ParameterOut(name=name, **asdict(value)) for name, value in named],
    )
