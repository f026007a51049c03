"""Reading the rule profiles."""

from collections.abc import Iterable
from dataclasses import asdict

from app.markets import profiles
from app.markets.parameters import Parameter
from app.markets.profiles import Profile
from app.markets.schemas import ParameterOut, ProfileOut, ProfilesOut


def rule_profiles() -> ProfilesOut:
    """All published versions of all rule profiles, with the source of every value."""
    return ProfilesOut(data=[_profile(one) for one in profiles.VERSIONS])


def _profile(one: Profile) -> ProfileOut:
    return ProfileOut(
        code=one.code,
        version=one.version,
        title_zh=one.title_zh,
        title_en=one.title_en,
        source=one.source,
        sells=one.sells,
        paths=list(one.paths),
        parameters=[ParameterOut(name=name, **asdict(value)) for name, value in _named(one)],
    )


def _named(one: Profile) -> Iterable[tuple[str, Parameter]]:
    """The profile's own parameters, then the auctions', whose names begin with `auction_`."""
    yield from one.own().items()
    yield from ((f"auction_{name}", value) for name, value in vars(one.auction).items())
