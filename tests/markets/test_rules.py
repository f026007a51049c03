"""The rules of offerings, registrations, listings and negotiations, without a database."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.identity.states import PartyKind, ReviewStatus
from app.kit.errors import Refusal
from app.kit.states import Machine
from app.markets import guards, profiles, rules
from app.markets.guards import Outcome, Share, Subject, Submission
from app.markets.listed.rules import Candidate, Result, deposit, evaluate, timetable
from app.markets.negotiated import rules as talking
from app.markets.negotiated.states import MACHINE as NEGOTIATION
from app.markets.negotiated.states import NegotiationStatus, Side
from app.markets.profiles import ProfileCode
from app.markets.registrations import rules as registering
from app.markets.registrations.states import LIVE, RegistrationStatus
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
            "offering": {"awarded", "failed", "withdrawn"},
            "registration": {"winner", "not_winner", "waived", "disqualified"},
            "negotiation": {"agreed", "declined", "withdrawn", "expired", "closed"},
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
        values = [value for value in vars(profile).values() if isinstance(value, profiles.Parameter)]
        assert len(values) == 9
        for value in values:
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
    assert {one.outcome for one in guards.judge(WHOLE)} == {Outcome.PASSED}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(WHOLE, profile=profiles.current(ProfileCode.SOE)), "state_enterprise_cannot_sell_yet"),
        (replace(WHOLE, path=Path.NEGOTIATED), "negotiated_not_open_to_this_seller"),
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


# --- registrations ----------------------------------------------------------------------------------------------------

WINDOW = registering.Window(
    status=OfferingStatus.OPEN,
    path=Path.LISTED,
    capacity=1,
    seller_party_id=SELLER,
    ask_minor=80_000_000,
    opens_at=AT,
    ends_at=AT + timedelta(days=7),
)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (AT - TICK, "registration_not_open"),
        (AT, None),
        (AT + timedelta(days=7) - TICK, None),
        (AT + timedelta(days=7), "registration_not_open"),
        (AT + timedelta(days=7) + TICK, "registration_not_open"),
    ],
)
def test_the_window_is_open_from_its_start_until_before_its_end(moment: datetime, code: str | None) -> None:
    assert (
        code_of(
            lambda: registering.check_registration(
                WINDOW, buyer_party_id=BUYER, existing_id=None, quote_minor=None, at=moment
            )
        )
        == code
    )
    leaving = code_of(lambda: registering.check_leave(WINDOW, moment))
    assert leaving == ("registration_over" if moment >= AT + timedelta(days=7) else None)


@pytest.mark.parametrize(
    "window",
    [
        replace(WINDOW, status=OfferingStatus.AWARDED),
        replace(WINDOW, opens_at=None, ends_at=None),
    ],
)
def test_without_a_window_or_off_the_market_nobody_registers(window: registering.Window) -> None:
    assert code_of(lambda: registering.check_open(window, AT)) == "registration_not_open"


def decide(status: RegistrationStatus, *, passed: bool, reviewed: ReviewStatus, clerk: UUID) -> None:
    registering.check_decision(
        status, passed=passed, buyer_status=reviewed, clerk_party_id=clerk, concerned=(BUYER, SELLER)
    )


@pytest.mark.parametrize("status", list(RegistrationStatus))
def test_a_registration_is_decided_on_once_by_somebody_unconcerned(status: RegistrationStatus) -> None:
    approved = ReviewStatus.APPROVED
    for concerned in (BUYER, SELLER):
        assert code_of(lambda c=concerned: decide(status, passed=True, reviewed=approved, clerk=c)) == (  # type: ignore[misc]
            "clerk_is_party"
        )
    undecided = status in ("registered", "qualifying")
    assert code_of(lambda: decide(status, passed=True, reviewed=approved, clerk=OTHER)) == (
        None if undecided else "already_decided"
    )


@pytest.mark.parametrize("reviewed", [ReviewStatus.PENDING, ReviewStatus.REFUSED])
def test_who_has_not_been_reviewed_is_turned_down_but_not_let_in(reviewed: ReviewStatus) -> None:
    qualifying = RegistrationStatus.QUALIFYING
    assert (
        code_of(lambda: decide(qualifying, passed=True, reviewed=reviewed, clerk=OTHER))
        == "buyer_not_reviewed"
    )
    assert code_of(lambda: decide(qualifying, passed=False, reviewed=reviewed, clerk=OTHER)) is None


def test_every_step_of_a_decision_or_a_payment_is_an_edge_of_the_machine() -> None:
    for status, passed, paid in itertools.product(("registered", "qualifying"), (True, False), (True, False)):
        here = RegistrationStatus(status)
        for step in registering.decided_steps(here, passed=passed, paid=paid):
            assert REGISTRATION.allows(here, step)
            here = step
        wanted = "disqualified" if not passed else "qualified" if paid else "qualified_pending_deposit"
        assert here == wanted
    for status in RegistrationStatus:
        here = status
        for step in registering.paid_steps(status):
            assert REGISTRATION.allows(here, step)
            here = step


def test_a_sale_that_is_over_ends_every_registration_that_still_counts() -> None:
    endings = {status: registering.conclusion(status, won=False) for status in RegistrationStatus}
    assert {status for status, ending in endings.items() if ending} == set(LIVE)
    assert endings[RegistrationStatus.QUALIFIED] == "not_winner"
    assert {endings[s] for s in LIVE if s != "qualified"} == {"waived"}
    assert registering.conclusion(RegistrationStatus.QUALIFIED, won=True) == "winner"
    assert all(REGISTRATION.allows(status, ending) for status, ending in endings.items() if ending)


def test_every_number_has_a_code_of_its_own() -> None:
    codes = {registering.code(number) for number in range(registering.CODES)}
    assert len(codes) == registering.CODES == 32_768
    assert not {character for one in codes for character in one} & set("01IO")


@pytest.mark.parametrize("drawn", [[1], [1, 1], [1, -1], [1, registering.CODES]])
def test_what_is_not_a_draw_is_not_dealt_out(drawn: list[int]) -> None:
    with pytest.raises(ValueError, match="number"):
        registering.assign_codes([BUYER, OTHER], drawn)


# --- listings ---------------------------------------------------------------------------------------------------------


def candidate(number: int, **changed: Any) -> Candidate:
    plain: dict[str, Any] = {"decided": True, "qualified": True, "paid": True, "quote_minor": None}
    return Candidate(
        registration_id=UUID(int=number), buyer_party_id=UUID(int=100 + number), **(plain | changed)
    )


UNPAID = candidate(7, paid=False)
REFUSED = candidate(8, qualified=False)
SILENT = candidate(9, decided=False, qualified=False)


@pytest.mark.parametrize(
    ("candidates", "capacity", "result", "amount"),
    [
        ([], 1, Result.NO_BUYER, None),
        ([UNPAID, REFUSED], 1, Result.NO_BUYER, None),
        ([candidate(1)], 1, Result.SINGLE_BUYER, 100),
        ([candidate(1), UNPAID, REFUSED], 1, Result.SINGLE_BUYER, 100),
        ([candidate(1, quote_minor=100)], 1, Result.SINGLE_BUYER, 100),
        ([candidate(1, quote_minor=130)], 1, Result.SINGLE_BUYER, 130),
        ([candidate(1), candidate(2)], 1, Result.COMPETITION, None),
        ([candidate(1, quote_minor=900), candidate(2)], 1, Result.COMPETITION, None),
        ([candidate(1), SILENT], 1, None, None),
        ([SILENT], 1, None, None),
        ([replace(SILENT, paid=False)], 1, Result.NO_BUYER, None),
        ([SILENT], 3, None, None),
        ([candidate(1), candidate(2)], 3, Result.PERIOD_OVER, None),
        ([], None, Result.PERIOD_OVER, None),
    ],
)
def test_what_happens_at_the_deadline(
    candidates: list[Candidate], capacity: int | None, result: Result | None, amount: int | None
) -> None:
    found = evaluate(candidates, on_market=True, capacity=capacity, ask_minor=100)
    assert (found.result, found.amount_minor) == (result, amount)
    assert evaluate(candidates, on_market=False, capacity=capacity, ask_minor=100).result is Result.WITHDRAWN


def test_periods_end_at_seventeen_in_shanghai() -> None:
    table = timetable(
        date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 1), provisional=False, cutoff_hour=17
    )
    assert table.ends_at == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert table.evaluates_at == datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ask", "chosen", "asked"), [(80_000_005, None, 8_000_000), (100, 0, 0), (100, 7, 7)]
)
def test_the_deposit_is_the_sellers_choice_or_a_tenth_in_whole_fen(
    ask: int, chosen: int | None, asked: int
) -> None:
    assert deposit(profiles.current(ProfileCode.PRIVATE), ask, chosen) == asked


# --- negotiations -----------------------------------------------------------------------------------------------------

OFFER = talking.Offer(offer_id=UUID(int=5), side=Side.SELLER, valid_until=AT + timedelta(days=7))
TALK = talking.Talk(status=NegotiationStatus.OPEN, quiet_until=AT + timedelta(days=30), latest=OFFER)


@pytest.mark.parametrize(
    ("talk", "offer_id", "side", "moment", "code"),
    [
        (TALK, OFFER.offer_id, Side.BUYER, AT, None),
        (TALK, OFFER.offer_id, Side.BUYER, OFFER.valid_until - TICK, None),
        (TALK, OFFER.offer_id, Side.BUYER, OFFER.valid_until, "offer_not_live"),
        (TALK, OFFER.offer_id, Side.SELLER, AT, "offer_is_own"),
        (TALK, UUID(int=4), Side.BUYER, AT, "offer_not_live"),
        (replace(TALK, latest=None), OFFER.offer_id, Side.BUYER, AT, "offer_not_live"),
        (TALK, OFFER.offer_id, Side.BUYER, TALK.quiet_until, "negotiation_over"),
        *[
            (replace(TALK, status=status), OFFER.offer_id, Side.BUYER, AT, "negotiation_over")
            for status in NegotiationStatus
            if status is not NegotiationStatus.OPEN
        ],
    ],
)
def test_only_the_other_sides_latest_offer_is_accepted_while_it_holds(
    talk: talking.Talk, offer_id: UUID, side: Side, moment: datetime, code: str | None
) -> None:
    assert code_of(lambda: talking.check_acceptance(talk, offer_id=offer_id, side=side, at=moment)) == code


def test_an_offer_holds_as_long_as_wanted_within_the_profiles_bounds() -> None:
    profile = profiles.current(ProfileCode.PRIVATE)
    latest = AT + timedelta(days=90)
    assert talking.validity(profile, None, AT) == AT + timedelta(days=7)
    assert talking.validity(profile, AT + TICK, AT) == AT + TICK
    assert talking.validity(profile, latest, AT) == latest
    for wanted in (AT, AT - TICK, latest + TICK):
        assert code_of(lambda w=wanted: talking.validity(profile, w, AT)) == "validity_out_of_bounds"  # type: ignore[misc]


def test_a_negotiation_never_expires_before_an_offer_that_still_holds() -> None:
    profile = profiles.current(ProfileCode.PRIVATE)
    assert talking.quiet_until(profile, AT) == AT + timedelta(days=30)
    assert talking.quiet_until(profile, AT, AT + timedelta(days=60)) == AT + timedelta(days=60)
    assert talking.quiet_until(profile, AT, AT + timedelta(days=7)) == AT + timedelta(days=30)


def test_only_an_open_negotiation_has_something_due() -> None:
    assert {status for status in NegotiationStatus if talking.due(status, AT)} == {NegotiationStatus.OPEN}
