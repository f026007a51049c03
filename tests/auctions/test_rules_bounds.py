"""The numbers of a sale come from the rule profile, and a refusal says which, in what unit, and whose rule it is."""

from dataclasses import replace
from datetime import time

import pytest

from app.auctions.errors import TermsOutOfBounds
from app.auctions.rules.bounds import NAMES, USUAL_BOUNDS, check_terms
from app.auctions.rules.competition import terms_of_competition
from app.auctions.rules.terms import Day, Organiser, SessionProfile
from app.auctions.schemas import StepIn, TermsIn
from app.auctions.sessions.rules import START_FROM, START_UNTIL
from app.markets import profiles
from app.markets.fairness import fairness_of
from app.markets.parameters import time_of_day
from tests.auctions.sale import WAN, terms


def refusal(**changed: object) -> TermsOutOfBounds:
    with pytest.raises(TermsOutOfBounds) as caught:
        check_terms(terms(**changed))
    return caught.value


def test_a_refusal_names_the_field_its_bounds_with_their_unit_and_the_source() -> None:
    told = refusal(window_seconds=601)
    assert told.field == "/body/terms/window_seconds"
    assert told.data == {
        "lowest": "60",
        "highest": "600",
        "unit": "second",
        "rule_source": "house rule, after 法释〔2016〕18号 art. 20",
    }
    assert told.detail_zh == "延时周期应为60至600秒。"
    assert told.detail_en == "The extension window must be 60 to 600 seconds."


def test_amounts_are_told_in_yuan_and_the_deposits_share_is_the_profiles() -> None:
    told = refusal(deposit_minor=60 * WAN + 1)
    assert (told.data["lowest"], told.data["highest"], told.data["unit"]) == ("0.00", "600000.00", "yuan")
    assert told.detail_zh == "保证金应为0.00至600000.00元。"


def test_a_statute_is_the_source_only_where_a_licensed_auction_house_runs_the_sale() -> None:
    told = refusal(organiser=Organiser.LICENSED_AUCTION_HOUSE, notice_days_min=6)
    assert told.data["rule_source"] == "拍卖法 art. 45"
    check_terms(terms(notice_days_min=6))


@pytest.mark.parametrize(
    ("session", "free", "window"),
    [
        (SessionProfile.ONLINE_SESSION, (900, 3_600), (60, 180)),
        (SessionProfile.ONLINE_LONG, (3_600, 30 * 86_400), (60, 600)),
    ],
)
def test_each_kind_of_session_has_its_own_phases(
    session: SessionProfile, free: tuple[int, int], window: tuple[int, int]
) -> None:
    for free_seconds in free:
        for window_seconds in window:
            check_terms(
                terms(session_profile=session, free_seconds=free_seconds, window_seconds=window_seconds)
            )
    for changed in (
        {"free_seconds": free[0] - 1},
        {"free_seconds": free[1] + 1},
        {"free_seconds": free[0], "window_seconds": window[0] - 1},
        {"free_seconds": free[0], "window_seconds": window[1] + 1},
    ):
        assert refusal(session_profile=session, **changed).code == "terms_out_of_bounds"


def test_another_version_of_the_profile_has_other_bounds() -> None:
    narrow = replace(
        USUAL_BOUNDS,
        auction=replace(
            USUAL_BOUNDS.auction,
            long_window_seconds=replace(USUAL_BOUNDS.auction.long_window_seconds, ceiling=299),
        ),
        deposit_bp=replace(USUAL_BOUNDS.deposit_bp, ceiling=500),
    )
    with pytest.raises(TermsOutOfBounds) as caught:
        check_terms(terms(deposit_minor=10 * WAN), narrow)
    assert (caught.value.field, caught.value.data["highest"]) == ("/body/terms/window_seconds", "299")
    with pytest.raises(TermsOutOfBounds) as caught:
        check_terms(terms(window_seconds=299), narrow)
    assert (caught.value.field, caught.value.data["highest"]) == ("/body/terms/deposit", "100000.00")


def test_every_bounded_term_has_a_name_in_both_languages() -> None:
    assert all((zh and en.startswith("The ")) or en.startswith("A ") for zh, en in NAMES.values())


def test_what_no_seller_chooses_is_the_profiles_own() -> None:
    for profile in profiles.VERSIONS:
        made = terms_of_competition(ask_minor=160 * WAN, deposit_minor=16 * WAN, auction=profile.auction)
        assert made.fairness == fairness_of(profile.auction)
        assert made.restart_notice_seconds == profile.auction.restart_notice_seconds.value
        assert (made.free_seconds, made.window_seconds) == (3_600, 300)


def test_what_the_form_proposes_is_the_profiles_value() -> None:
    auction = USUAL_BOUNDS.auction
    proposed = {
        "call_seconds": auction.call_seconds,
        "jump_confirm_bp": auction.jump_confirm_bp,
        "jump_confirm_steps": auction.jump_confirm_steps,
        "priority_seconds": auction.priority_seconds,
        "rounds_max": auction.rounds_max,
        "free_seconds": auction.long_free_seconds,
        "window_seconds": auction.long_window_seconds,
    }
    asked = TermsIn(start_price="1.00", deposit="0.00", ladder=[StepIn(from_price="0.00", increment="1.00")])
    assert {name: getattr(asked, name) for name in proposed} == {
        name: parameter.value for name, parameter in proposed.items()
    }
    assert Day() == Day(
        starts_local=f"{time_of_day(auction.day_resume_minute):%H:%M}",
        ends_local=f"{time_of_day(auction.day_limit_minute):%H:%M}",
    )
    assert (time(9, 0), time(17, 0)) == (START_FROM, START_UNTIL)
