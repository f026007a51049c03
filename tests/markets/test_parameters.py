"""Rule profiles: every number has a unit, bounds that it keeps, and a source that says no more than is known."""

import httpx
import pytest

from app.kit.errors import HOUSE_RULE
from app.markets import profiles
from app.markets.parameters import Parameter
from app.markets.profiles import NOT_VERIFIED, Profile, documents
from app.markets.profiles.documents import shipped

LICENSED_HOUSE = {
    "licensed_house_notice_days": "拍卖法 art. 45",
    "licensed_house_display_days": "拍卖法 art. 48",
}
ZHEJIANG = "浙江省促进科技成果转化条例 art. 17"
SHANDONG = "山东省促进科技成果转化条例 art. 14"
STATUTES = {
    # Who is bound by which statute, at which parameter; everything else is the house's rule, or not verified.
    ("UNI_ZJ", "330000"): {
        "notice_days": ZHEJIANG,
        "notice_place_unit_site": ZHEJIANG,
        "notice_place_market": ZHEJIANG,
        "related_mark": ZHEJIANG,
    },
    ("UNI_CN", "110000"): {},
    ("UNI_CN", "370102"): {"notice_days": SHANDONG, "objection_result_published": SHANDONG},
    ("SOE", "330000"): {},
    ("PRIVATE", "330000"): {},
}


def _all(profile: Profile) -> dict[str, Parameter]:
    return {**profile.own(), **vars(profile.auction)}


@pytest.mark.parametrize("profile", profiles.VERSIONS, ids=lambda one: one.code)
def test_every_value_lies_within_its_own_bounds(profile: Profile) -> None:
    outside = [
        name
        for name, one in _all(profile).items()
        if (one.floor is not None and one.value < one.floor)
        or (one.ceiling is not None and one.value > one.ceiling)
    ]
    assert outside == []


@pytest.mark.parametrize(("code", "region"), STATUTES)
def test_a_statute_is_named_only_where_it_binds_this_seller(code: str, region: str) -> None:
    profile = profiles.pinned(code, 1).in_region(region)
    statutes = {
        name: one.source
        for name, one in _all(profile).items()
        if not (
            one.source == HOUSE_RULE
            or one.source.startswith(f"{HOUSE_RULE}, after ")
            or one.source == NOT_VERIFIED
        )
    }
    assert statutes == STATUTES[code, region] | LICENSED_HOUSE


def test_nothing_is_verified_of_a_state_enterprise_and_everything_of_the_others_is_known() -> None:
    unverified = {
        str(profile.code): {name for name, one in profile.own().items() if one.source == NOT_VERIFIED}
        for profile in profiles.VERSIONS
    }
    assert {code: bool(names) for code, names in unverified.items()} == {
        "UNI_ZJ": False,
        "UNI_CN": False,
        "SOE": True,
        "PRIVATE": False,
    }
    assert [one.verified for one in profiles.VERSIONS] == [True, True, False, True]
    # What is the house's own for everybody is the house's for them too.
    house = set(profiles.pinned("SOE", 1).own()) - unverified["SOE"]
    assert house == {
        "offer_days",
        "negotiation_days",
        "evaluation_days",
        "auction_notice_days",
        "freshness_months",
        "freshness_grace_days",
        "registration_due_days",
    }


def test_a_notice_of_fifteen_days_is_fifteen_whole_days_where_a_statute_asks_for_them() -> None:
    for code in ("UNI_ZJ", "UNI_CN"):
        profile = profiles.pinned(code, 1)
        assert (profile.notice_days.floor, profile.notice_days.unit) == (15, "calendar_day")
        assert profile.notice_cutoff_minute.floor == 1_440


def test_a_documents_parameters_are_all_there_are_and_no_other() -> None:
    document = shipped()[0]
    assert documents.profile_of(document) == profiles.VERSIONS[0]
    for part in ("parameters", "auction"):
        for broken in (
            {**document[part], "surprise": {"value": 1, "unit": "flag", "source": HOUSE_RULE}},
            dict(list(document[part].items())[1:]),
        ):
            with pytest.raises(ValueError, match="missing or unknown"):
                documents.profile_of({**document, part: broken})


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
        wanted = dict(profile.own()) | {
            f"auction_{name}": value for name, value in vars(profile.auction).items()
        }
        assert list(by_name) == list(wanted)
        assert by_name["auction_call_seconds"] == {
            "name": "auction_call_seconds",
            "value": 15,
            "unit": "second",
            "floor": 10,
            "ceiling": 30,
            "source": "house rule",
        }
