"""The rules of offerings, registrations, listings and negotiations, without a database."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.identity.states import PartyKind
from app.kit.errors import Refusal
from app.kit.states import Machine
from app.markets import guards, profiles, rules
from app.markets.guards import GuardOutcome, Share, Subject, Submission
from app.markets.negotiated.states import MACHINE as NEGOTIATION
from app.markets.profiles import ProfileCode
from app.markets.registrations.states import MACHINE as REGISTRATION
from app.markets.rules import Sale, WithdrawalReason
from app.markets.states import DEMAND_MODES, LICENCE_FOR_ONE, Mode, OfferingStatus, Path
from app.markets.states import MACHINE as OFFERING

SELLER, BUYER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def code_of(attempt: Callable[[], Any]) -> str | None:
    """The refusal's code, or None."""
    try:
        attempt()
    except Refusal as refusal:
        return refusal.code
    return None


# --- machines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("machine", [OFFERING, REGISTRATION, NEGOTIATION], ids=lambda m: m.name)
def test_every_state_is_reached_from_the_first_and_only_endings_have_no_way_on(machine: Machine[Any]) -> None:
    seen = {machine.initial}
    for _ in machine.states:
        seen |= {to for here in seen for to in machine.transitions.get(here, ())}
    assert seen == set(machine.states)
    endings = {state for state in machine.states if not machine.transitions.get(state)}
    assert (
        endings
        == {
            "offering": {"failed", "withdrawn"},
            "registration": {"not_winner", "waived", "disqualified", "defaulted"},
            "negotiation": {"agreed", "declined", "withdrawn", "expired", "closed", "terminated", "lapsed"},
        }[machine.name]
    )


# --- profiles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "region", "code"),
    [
        (PartyKind.UNIVERSITY, "330212", "UNI_ZJ"),
        (PartyKind.INSTITUTE, "330106", "UNI_ZJ"),
        (PartyKind.HOSPITAL, "310100", "UNI_CN"),
        (PartyKind.STATE_ENTERPRISE, "330106", "SOE"),
        (PartyKind.PRIVATE_ENTERPRISE, "330106", "PRIVATE"),
        (PartyKind.NATURAL_PERSON, "330106", "PRIVATE"),
        (PartyKind.VILLAGE_COLLECTIVE, "330106", "PRIVATE"),
        (PartyKind.FOREIGN, "330106", "PRIVATE"),
    ],
)
def test_the_profile_follows_the_holders_kind_and_region(kind: PartyKind, region: str, code: str) -> None:
    assert profiles.code_for(kind, region) == code


@pytest.mark.parametrize("kind", [PartyKind.GOVERNMENT, PartyKind.MILITARY_UNIT, PartyKind.EXCHANGE])
def test_some_parties_do_not_sell_here(kind: PartyKind) -> None:
    assert code_of(lambda: profiles.code_for(kind, "330106")) == "seller_has_no_profile"


def test_every_parameter_has_a_source_and_keeps_its_own_bounds() -> None:
    for profile in profiles.VERSIONS:
        for value in profile.own().values():
            assert value.source
            assert value.floor is None or value.floor <= value.value
            assert value.ceiling is None or value.value <= value.ceiling


def test_no_statute_is_named_where_it_does_not_bind() -> None:
    private = profiles.current(ProfileCode.PRIVATE)
    assert set(private.paths.values()) == {"house rule"}
    assert profiles.current(ProfileCode.SOE).source == "not verified since 2025-07"
    assert set(profiles.current(ProfileCode.SOE).paths.values()) == {"not verified since 2025-07"}


def test_what_was_pinned_is_found_and_what_never_was_is_not() -> None:
    assert profiles.pinned("UNI_ZJ", 1).code is ProfileCode.UNI_ZJ
    with pytest.raises(KeyError):
        profiles.pinned("UNI_ZJ", 2)


# --- guards -----------------------------------------------------------------------------------------------------------

SUBJECT = Subject(
    achievement_id=UUID(int=9),
    status="published",
    holder_party_id=SELLER,
    secret=False,
    shares=(Share(SELLER, 10_000, True),),
)
WHOLE = Submission(
    profile=profiles.current(ProfileCode.UNI_ZJ),
    path=Path.LISTED,
    seller_party_id=SELLER,
    subjects=(SUBJECT,),
    secrecy_reviewer="何敏",
    secrecy_reviewed_on=date(2026, 11, 2),
    secrecy_document_no="保审〔2026〕17号",
    shares_declared=False,
    decision_document_no="校办纪要〔2026〕9号",
    decided_on=date(2026, 11, 5),
    capacity=1,
    ask_minor=80_000_000,
    period_days=10,
    deposit_minor=8_000_000,
)
PRIVATE = replace(WHOLE, profile=profiles.current(ProfileCode.PRIVATE))
HALVES = (Share(SELLER, 5_000, True), Share(OTHER, 5_000, False))


def test_a_whole_submission_passes_every_guard() -> None:
    guards.require(WHOLE)
    assert {one.outcome for one in guards.judge(WHOLE)} == {GuardOutcome.PASSED}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(WHOLE, profile=profiles.current(ProfileCode.SOE)), "state_enterprise_cannot_sell_yet"),
        (replace(WHOLE, subjects=(replace(SUBJECT, status="draft"),)), "achievement_not_registered"),
        (
            replace(WHOLE, subjects=(SUBJECT, replace(SUBJECT, status="withdrawn"))),
            "achievement_not_registered",
        ),
        (replace(WHOLE, subjects=(replace(SUBJECT, holder_party_id=OTHER),)), "seller_not_holder"),
        (replace(WHOLE, subjects=(replace(SUBJECT, secret=True),)), "achievement_secret"),
        (replace(WHOLE, secrecy_reviewer=None), "secrecy_statement_missing"),
        (replace(WHOLE, secrecy_reviewed_on=None), "secrecy_statement_missing"),
        (replace(WHOLE, secrecy_document_no=None), "secrecy_statement_missing"),
        (replace(WHOLE, subjects=(replace(SUBJECT, shares=()),)), "shares_not_confirmed"),
        (replace(WHOLE, subjects=(replace(SUBJECT, shares=HALVES),)), "shares_not_confirmed"),
        (
            replace(WHOLE, subjects=(replace(SUBJECT, shares=(Share(SELLER, 9_999, True),)),)),
            "shares_not_confirmed",
        ),
        (replace(WHOLE, decision_document_no=None), "decision_document_missing"),
        (replace(WHOLE, decided_on=None), "decision_document_missing"),
        (replace(WHOLE, ask_minor=None), "ask_missing"),
        (replace(WHOLE, period_days=4), "period_out_of_bounds"),
        (replace(WHOLE, period_days=61), "period_out_of_bounds"),
        (replace(WHOLE, deposit_minor=24_000_001), "deposit_out_of_bounds"),
        (replace(WHOLE, period_days=5), None),
        (replace(WHOLE, period_days=60), None),
        (replace(WHOLE, period_days=None), None),
        (replace(WHOLE, period_days=250, capacity=None), None),
        (replace(WHOLE, deposit_minor=24_000_000), None),
        (replace(WHOLE, subjects=(replace(SUBJECT, shares=HALVES),), shares_declared=True), None),
        (replace(WHOLE, subjects=(replace(SUBJECT, status="registered"),)), None),
        (replace(PRIVATE, decision_document_no=None, decided_on=None, period_days=1), None),
        (replace(PRIVATE, path=Path.NEGOTIATED, ask_minor=None, period_days=None), None),
        (replace(WHOLE, path=Path.AUCTION, ask_minor=None, period_days=None), None),
    ],
)
def test_a_submission_meets_its_guards(facts: Submission, code: str | None) -> None:
    assert code_of(lambda: guards.require(facts)) == code


def test_the_first_guard_that_fails_is_the_refusal_and_tells_how_all_of_them_stand() -> None:
    bad = replace(WHOLE, secrecy_reviewer=None, ask_minor=None, deposit_minor=0)
    with pytest.raises(Refusal) as refused:
        guards.require(bad)
    assert refused.value.code == "secrecy_statement_missing"
    stand = {one["guard"]: one["outcome"] for one in refused.value.data["guards"]}
    assert list(stand) == [
        "profile",
        "path",
        "registered",
        "title",
        "secrecy",
        "secrecy_statement",
        "shares",
        "decision",
        "ask",
        "period",
        "deposit",
    ]
    assert (stand["secrecy_statement"], stand["ask"], stand["deposit"]) == (
        "failed",
        "failed",
        "not_applicable",
    )
    assert all(one["source"] for one in refused.value.data["guards"])


def test_a_period_below_the_floor_is_refused_with_the_floor_and_its_source() -> None:
    with pytest.raises(Refusal) as refused:
        guards.require(replace(WHOLE, period_days=4))
    told = refused.value.data
    assert (told["floor"], told["ceiling"], told["unit"], told["rule_source"]) == (
        5,
        60,
        "working_day",
        "house rule",
    )


# --- offerings --------------------------------------------------------------------------------------------------------


def test_terms_that_contradict_each_other_are_refused_whatever_else_they_say() -> None:
    for mode, path, capacity, ask in itertools.product(Mode, Path, (1, 2, None), (None, 100)):
        found = code_of(
            lambda mode=mode, path=path, capacity=capacity, ask=ask: rules.check_terms(  # type: ignore[misc]
                mode=mode, path=path, capacity=capacity, ask_minor=ask, period_days=None
            )
        )
        if mode in DEMAND_MODES:
            assert found == "mode_needs_demand"
        elif mode is Mode.EQUITY and path is not Path.NEGOTIATED:
            assert found == "mode_not_on_this_path"
        elif capacity != 1 and (mode in LICENCE_FOR_ONE or path is Path.AUCTION):
            assert found == "capacity_unfit"
        elif ask is not None and path is not Path.LISTED:
            assert found == "ask_unfit"
        else:
            assert found is None


OPEN = Sale(
    status=OfferingStatus.OPEN, capacity=3, awards=2, seller_party_id=SELLER, buyers=frozenset({OTHER})
)


@pytest.mark.parametrize(
    ("sale", "buyer", "code"),
    [
        (OPEN, BUYER, None),
        (replace(OPEN, capacity=None, awards=10**6), BUYER, None),
        (OPEN, OTHER, "already_awarded"),
        (OPEN, SELLER, "buyer_is_seller"),
        (replace(OPEN, awards=3), BUYER, "capacity_used_up"),
        (replace(OPEN, awards=3, status=OfferingStatus.AWARDED), BUYER, "capacity_used_up"),
        *[
            (replace(OPEN, status=status), BUYER, "offering_not_open")
            for status in OfferingStatus
            if status is not OfferingStatus.OPEN
        ],
    ],
)
def test_an_award_is_made_once_per_buyer_while_there_is_room(
    sale: Sale, buyer: UUID, code: str | None
) -> None:
    assert code_of(lambda: rules.check_award(sale, buyer)) == code


def test_the_last_place_uses_the_capacity_up() -> None:
    assert rules.used_up(OPEN) is True
    assert rules.used_up(replace(OPEN, awards=1)) is False
    assert rules.used_up(replace(OPEN, capacity=None)) is False


@pytest.mark.parametrize(
    ("path", "profile", "public"),
    [
        (Path.LISTED, ProfileCode.PRIVATE, 7),
        (Path.AUCTION, ProfileCode.UNI_ZJ, 7),
        (Path.NEGOTIATED, ProfileCode.PRIVATE, None),
        (Path.NEGOTIATED, None, None),
        (Path.NEGOTIATED, ProfileCode.UNI_ZJ, 7),
    ],
)
def test_the_price_is_public_where_the_path_or_the_seller_makes_it_so(
    path: Path, profile: ProfileCode | None, public: int | None
) -> None:
    assert rules.public_amount(path, profile, 7) == public


@pytest.mark.parametrize("status", list(OfferingStatus))
@pytest.mark.parametrize("document", [None, "校发〔2026〕3号"])
def test_a_withdrawal_needs_a_paper_on_the_market_only(status: OfferingStatus, document: str | None) -> None:
    found = code_of(
        lambda: rules.check_withdrawal(
            status=status, with_auction=False, reason=WithdrawalReason.OTHER, document_no=document
        )
    )
    if status in ("awarded", "failed", "withdrawn"):
        assert found == "offering_stage"
    elif status == "open" and document is None:
        assert found == "withdrawal_needs_document"
    else:
        assert found is None
