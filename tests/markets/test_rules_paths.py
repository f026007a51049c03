"""The rules of registrations, listings and negotiations, without a database."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.identity.states import ReviewStatus
from app.kit.errors import Refusal
from app.markets import profiles
from app.markets.listed.rules import Candidate, Result, deposit, evaluate, timetable
from app.markets.negotiated import rules as talking
from app.markets.negotiated.states import NegotiationStatus, Side
from app.markets.profiles import ProfileCode
from app.markets.registrations import rules as registering
from app.markets.registrations.states import LIVE, RegistrationStatus
from app.markets.registrations.states import MACHINE as REGISTRATION
from app.markets.states import OfferingStatus, Path

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
        status, passed=passed, buyer_status=reviewed, clerk_parties={clerk}, concerned=(BUYER, SELLER)
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
    found = evaluate(candidates, capacity=capacity, ask_minor=100)
    assert (found.result, found.amount_minor) == (result, amount)


def test_periods_end_at_seventeen_in_shanghai() -> None:
    table = timetable(
        date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 1), provisional=False, cutoff_minute=17 * 60
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
