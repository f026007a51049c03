"""Rule profiles: every number has a unit, bounds that it keeps, and a source that says no more than is known."""

import httpx
import pytest

from app.kit.errors import HOUSE_RULE
from app.markets import profiles
from app.markets.parameters import Parameter
from app.markets.profiles import NOT_VERIFIED, Profile

HOUSE = ("house rule", "house rule, after ")
LICENSED_HOUSE = {
    "licensed_house_notice_days": "拍卖法 art. 45",
    "licensed_house_display_days": "拍卖法 art. 48",
}


def _all(profile: Profile) -> dict[str, Parameter]:
    own = {name: value for name, value in vars(profile).items() if isinstance(value, Parameter)}
    return own | vars(profile.auction)


@pytest.mark.parametrize("profile", profiles.VERSIONS, ids=lambda one: one.code)
def test_every_value_lies_within_its_own_bounds(profile: Profile) -> None:
    outside = [
        name
        for name, one in _all(profile).items()
        if (one.floor is not None and one.value < one.floor)
        or (one.ceiling is not None and one.value > one.ceiling)
    ]
    assert outside == []


@pytest.mark.parametrize("profile", profiles.VERSIONS, ids=lambda one: one.code)
def test_a_statute_is_named_only_where_it_binds_a_licensed_auction_house(profile: Profile) -> None:
    statutes = {
        name: one.source
        for name, one in _all(profile).items()
        if not (one.source == HOUSE_RULE or one.source.startswith(HOUSE[1]) or one.source == NOT_VERIFIED)
    }
    assert statutes == LICENSED_HOUSE


def test_the_bounds_of_an_auction_are_those_that_the_rules_name() -> None:
    auction = profiles.VERSIONS[0].auction
    bounds = {
        name: (getattr(auction, name).floor, getattr(auction, name).ceiling)
        for name in (
            "session_free_seconds",
            "session_window_seconds",
            "long_window_seconds",
            "call_seconds",
            "jump_cap_bp",
            "reauction_cut_bp",
            "refund_days",
        )
    }
    assert bounds == {
        "session_free_seconds": (900, 3_600),
        "session_window_seconds": (60, 180),
        "long_window_seconds": (60, 600),
        "call_seconds": (10, 30),
        "jump_cap_bp": (5_000, 1_000_000),
        "reauction_cut_bp": (0, 2_000),
        "refund_days": (1, 5),
    }
    assert [auction.outage_bid_seconds.value, auction.outage_deadline_seconds.value] == [10, 600]


async def test_the_rule_profiles_show_every_number_with_unit_bounds_and_source(
    client: httpx.AsyncClient,
) -> None:
    told = (await client.get("/v1/rule-profiles")).json()["data"]
    for profile, shown in zip(profiles.VERSIONS, told, strict=True):
        by_name = {one["name"]: one for one in shown["parameters"]}
        own = {name: value for name, value in vars(profile).items() if isinstance(value, Parameter)}
        wanted = own | {f"auction_{name}": value for name, value in vars(profile.auction).items()}
        assert list(by_name) == list(wanted)
        assert by_name["auction_call_seconds"] == {
            "name": "auction_call_seconds",
            "value": 15,
            "unit": "second",
            "floor": 10,
            "ceiling": 30,
            "source": "house rule",
        }
