"""Sealed offers on the pure engine: rounds, ties, floors, halts; and what holds for all offers that there may be."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.auctions.errors import FormatMismatch
from app.auctions.errors.sealed import (
    CustodyIncomplete,
    NotInThisRound,
    OpeningHalts,
    RehearsalMissing,
    SealingEnded,
    SealingNotOpen,
)
from app.auctions.rules import engine
from app.auctions.rules.bounds import check_terms
from app.auctions.rules.commands import MarkReady, Resume, Suspend, SuspendReason, Tick
from app.auctions.rules.facts import EnvelopesOpened, KnockedDown, PassedIn, RoundOpened, SealingClosed
from app.auctions.rules.given import Given, Published
from app.auctions.rules.record import BrokenRecordError, replay
from app.auctions.rules.sealed.commands import (
    DecideOpening,
    HaltOpening,
    OpenEnvelopes,
    PassRehearsal,
    Seal,
)
from app.auctions.rules.sealed.receipts import received
from app.auctions.rules.sealed.state import Fault, Found, Outcome
from app.auctions.rules.sealed.terms import DropRule, Office, SealedTerms, SeatTerms
from app.auctions.rules.terms import CloseKind, Format
from app.auctions.states import AuctionStatus
from app.sealing.envelopes import Kind
from app.signing.rules.merkle import Tree
from tests.auctions.sale import (
    CLOSES,
    DEPOSIT_DUE,
    NOTICE,
    OPENS,
    START,
    WAN,
    Sale,
    bidder,
    notice,
    only,
    seconds,
    terms,
)

SEATS = tuple(
    SeatTerms(no=no, office=office, holder=f"单位{no}", keys=(f"{no:064x}",))
    for no, office in enumerate((Office.EXCHANGE, Office.SELLER, Office.NOTARY), start=1)
)
BY_CUSTODIANS = SealedTerms(threshold=2, seats=SEATS, round_seconds=600)


def sealed(rounds: int = 1, **changed: Any) -> dict[str, Any]:
    """Changes that make the usual terms those of a sealed sale."""
    return {
        "format": Format.SEALED_ROUNDS if rounds > 1 else Format.SEALED_ONCE,
        "close": CloseKind.DEADLINE,
        "sealed": BY_CUSTODIANS,
        "rounds_max": rounds,
        "proxy_allowed": False,
    } | changed


def sealing(rounds: int = 1, **changed: Any) -> Sale:
    """A sale that takes envelopes."""
    sale = Sale(**sealed(rounds, **changed))
    sale.does(notice(), NOTICE)
    sale.ticks(OPENS)
    sale.ticks(CLOSES)
    sale.does(PassRehearsal(seats=(1, 2)), CLOSES)
    sale.does(MarkReady(), DEPOSIT_DUE)
    sale.ticks(START)
    return sale


def found(code: str | None, wan: float | None, at: int = 0, **changed: Any) -> Found:
    """An envelope as it was opened: an offer in 万元 received `at` seconds into the round, or a dummy."""
    name = f"{code}-{wan}-{at}"
    plain = Found(
        envelope_id=name,
        commitment=sha256(name.encode()).hexdigest(),
        digest=sha256(name.encode() + b"envelope").hexdigest(),
        holder_code=code,
        received_at=START + seconds(at) if code else None,
        kind=Kind.BID if wan is not None else Kind.NONE,
        code=code if wan is not None else None,
        amount_minor=round(wan * WAN) if wan is not None else None,
        salt="00" * 32,
    )
    return replace(plain, **changed)


def close(sale: Sale, envelopes: Sequence[Found]) -> datetime:
    """Let the deadline pass; the root is that of these envelopes."""
    assert sale.now.ends_at is not None
    tree = Tree(one.leaf for one in envelopes)
    given = Given(sealed=Published(root=tree.root.hex(), size=tree.size))
    told = engine.decide(sale.now, Tick(), sale.now.ends_at, given)
    only(told, SealingClosed)
    sale.now = replay(sale.now, told)
    sale.facts += told
    assert sale.now.last_at is not None
    return sale.now.last_at


def opened(sale: Sale, *envelopes: Found) -> Sale:
    """Close the round and open it."""
    at = close(sale, envelopes)
    sale.does(OpenEnvelopes(found=envelopes), at)
    return sale


# --- once -------------------------------------------------------------------------------------------------------------


def test_the_highest_offer_wins_at_its_own_price() -> None:
    sale = opened(sealing(), found("A", 210), found("B", 310), found("C", 250), found(None, None))
    won = only(sale.facts, KnockedDown)
    assert (won.bidder_code, won.amount_minor) == ("B", 310 * WAN)
    assert sale.kinds().count("bid_placed") == 3


def test_an_offer_at_the_start_price_counts_and_one_fen_below_it_does_not() -> None:
    assert only(opened(sealing(), found("A", 200)).facts, KnockedDown).amount_minor == 200 * WAN
    below = opened(sealing(), replace(found("A", 200), amount_minor=200 * WAN - 1))
    assert only(below.facts, PassedIn)
    assert only(below.facts, EnvelopesOpened).results[0].outcome is Outcome.VOID


def test_a_reserve_below_which_nothing_is_sold_holds_for_sealed_offers_too() -> None:
    sale = opened(sealing(reserve_minor=300 * WAN), found("A", 299))
    assert only(sale.facts, PassedIn).reason == "reserve_not_met"


def test_the_tied_go_into_one_extra_round_and_no_further_one() -> None:
    """A and B tie at 300, again at 320: B was received first there."""
    sale = opened(sealing(), found("A", 300, 1), found("B", 300, 2), found("C", 250, 3))
    extra = only(sale.facts, RoundOpened)
    assert (extra.among, extra.floor_minor, extra.is_tie) == (("A", "B"), 300 * WAN, True)
    opened(sale, found("A", 320, 9), found("B", 320, 5))
    assert only(sale.facts, KnockedDown).bidder_code == "B"


def test_an_offer_at_the_tied_amount_is_not_above_it() -> None:
    sale = opened(sealing(), found("A", 300, 1), found("B", 300, 2))
    opened(sale, found("B", 300, 5))
    assert only(sale.facts, KnockedDown).bidder_code == "A"


# --- rounds -----------------------------------------------------------------------------------------------------------


def test_the_lowest_drops_out_while_more_than_two_are_left() -> None:
    rule = replace(BY_CUSTODIANS, drop=DropRule.LOWEST)
    sale = opened(sealing(4, sealed=rule), found("A", 210), found("B", 220), found("C", 230))
    assert sale.now.sealing.among == ("B", "C")
    opened(sale, found("B", 240), found("C", 250))
    assert (sale.now.sealing.round_no, sale.now.sealing.among) == (3, ("B", "C"))


def test_nobody_drops_out_for_the_highest_offer_where_all_are_equal() -> None:
    rule = replace(BY_CUSTODIANS, drop=DropRule.LOWEST)
    sale = opened(sealing(3, sealed=rule), found("A", 210, 1), found("B", 210, 2), found("C", 210, 3))
    assert sale.now.sealing.among == ("A", "B", "C")
    other = opened(sealing(3, sealed=rule), found("A", 210, 1), found("B", 210, 2), found("C", 220, 3))
    assert other.now.sealing.among == ("A", "C")


def test_who_seals_nothing_in_a_round_is_out_and_his_offer_stands() -> None:
    sale = opened(sealing(3), found("A", 250), found("B", 220))
    assert only(opened(sale, found("A", None), found("B", None)).facts, KnockedDown).bidder_code == "A"
    other = opened(sealing(3), found("A", 250), found("B", 220))
    assert only(opened(other, found("B", 260)).facts, KnockedDown).bidder_code == "B"


def test_a_single_offer_in_the_first_round_ends_the_sale() -> None:
    assert only(opened(sealing(5), found("A", 210), found(None, None)).facts, KnockedDown)


def test_only_those_of_the_round_may_seal_in_it() -> None:
    sale = opened(sealing(), found("A", 300, 1), found("B", 300, 2), found("C", 250, 3))
    at = sale.now.last_at
    assert at is not None
    with pytest.raises(NotInThisRound):
        engine.decide(sale.now, Seal(bidder=bidder("C"), round_no=2), at)
    assert engine.decide(sale.now, Seal(bidder=bidder("A"), round_no=2), at) == ()
    with pytest.raises(SealingEnded):
        engine.decide(sale.now, Seal(bidder=bidder("A"), round_no=1), at)


# --- order and halts --------------------------------------------------------------------------------------------------


def test_an_envelope_enters_no_fact_and_comes_neither_early_nor_late() -> None:
    sale = sealing()
    command = Seal(bidder=bidder("A"), round_no=1)
    assert engine.decide(sale.now, command, START + seconds(1)) == ()
    with pytest.raises(SealingNotOpen):
        engine.decide(replay(sale.first, sale.facts[:-1]), command, DEPOSIT_DUE)
    at = close(sale, [found("A", 210)])
    with pytest.raises(SealingEnded):
        engine.decide(sale.now, command, at)


def test_no_rehearsal_no_sale_and_no_seats_no_notice() -> None:
    sale = Sale(**sealed())
    sale.does(notice(), NOTICE)
    sale.ticks(CLOSES)
    with pytest.raises(RehearsalMissing):
        sale.does(MarkReady(), DEPOSIT_DUE)
    with pytest.raises(CustodyIncomplete):
        Sale(**sealed(sealed=SealedTerms())).does(notice(), NOTICE)


def test_what_cannot_be_opened_waits_for_the_seller_and_then_counts_for_nothing() -> None:
    sale = sealing()
    shut = found("A", None, fault=Fault.UNOPENABLE)
    envelopes = (shut, found("B", 210))
    at = close(sale, envelopes)
    with pytest.raises(OpeningHalts):
        sale.does(OpenEnvelopes(found=envelopes), at)
    sale.does(HaltOpening(envelope_ids=(shut.envelope_id,)), at)
    sale.does(DecideOpening(proceed=True, document_no="1", note="继续"), at)
    sale.does(OpenEnvelopes(found=envelopes), at)
    assert [one.outcome for one in only(sale.facts, EnvelopesOpened).results] == ["struck", "bid"]
    assert only(sale.facts, KnockedDown).bidder_code == "B"


def test_a_deadline_that_has_passed_stays_where_an_opening_is_interrupted_and_goes_on() -> None:
    sale = sealing()
    ends_at = sale.now.ends_at
    envelopes = (found("A", 210),)
    at = close(sale, envelopes)
    sale.does(Suspend(reason=SuspendReason.OBJECTION, note="异议"), at + seconds(60))
    sale.does(Resume(note="恢复"), at + seconds(600))
    assert (sale.now.status, sale.now.ends_at) == (AuctionStatus.OPENING, ends_at)
    sale.does(OpenEnvelopes(found=envelopes), at + seconds(601))
    assert only(sale.facts, KnockedDown).bidder_code == "A"


def test_a_halt_that_a_deputy_ended_waits_for_nobody_any_more() -> None:
    sale = sealing()
    envelopes = (found("A", 220), found("B", 210))
    at = close(sale, envelopes)
    sale.does(HaltOpening(envelope_ids=(envelopes[0].envelope_id,)), at)
    sale.does(OpenEnvelopes(found=envelopes), at)
    assert sale.now.sealing.halted == ()
    assert only(sale.facts, KnockedDown).bidder_code == "A"


def test_a_sealing_that_nobody_noticed_in_time_is_held_in_its_full_length() -> None:
    """No timer came between start and deadline: no slot was there to seal in, and the round begins now."""
    sale = Sale(**sealed())
    sale.does(notice(), NOTICE)
    sale.ticks(CLOSES)
    sale.does(PassRehearsal(seats=(1, 2)), CLOSES)
    sale.does(MarkReady(), DEPOSIT_DUE)
    late = START + seconds(3_600)
    assert [fact.kind for fact in sale.ticks(late)] == ["bidding_started"]
    assert sale.now.ends_at == late + seconds(3_600)


def test_a_sealing_that_was_noticed_late_still_ends_when_it_was_announced_to() -> None:
    sale = Sale(**sealed())
    sale.does(notice(), NOTICE)
    sale.ticks(CLOSES)
    sale.does(PassRehearsal(seats=(1, 2)), CLOSES)
    sale.does(MarkReady(), DEPOSIT_DUE)
    sale.ticks(START + seconds(3_599))
    assert sale.now.ends_at == START + seconds(3_600)


def test_no_envelope_is_received_before_its_round_began_nor_later_for_being_sent_once_more() -> None:
    now = sealing().now
    assert received(now, START - seconds(9), before=None) == START
    assert received(now, START + seconds(9), before=None) == START + seconds(9)
    assert received(now, START + seconds(9), before=START + seconds(5)) == START + seconds(5)


def test_the_opening_takes_exactly_the_published_set() -> None:
    envelopes = [found("A", 210), found("B", 220)]
    for wrong in (envelopes[:1], envelopes[::-1], [*envelopes, found("C", 230)], [envelopes[0]] * 2):
        sale = sealing()
        at = close(sale, envelopes)
        with pytest.raises(BrokenRecordError):
            sale.does(OpenEnvelopes(found=tuple(wrong)), at)


@pytest.mark.parametrize(
    "changed",
    [
        {"sealed": None},
        {"rounds_max": 2},
        {"proxy_allowed": True},
        {"close": CloseKind.SOFT_CLOSE},
        {"format": Format.ASCENDING},
    ],
)
def test_terms_that_do_not_belong_together_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(FormatMismatch):
        check_terms(
            terms(**sealed(**changed)) if "rounds_max" not in changed else terms(**(sealed() | changed))
        )


# --- for all offers ---------------------------------------------------------------------------------------------------

OFFERS = st.lists(
    st.tuples(st.sampled_from("ABCDEFGH"), st.integers(195, 215), st.integers(0, 3_000)),
    max_size=8,
    unique_by=(lambda one: one[0], lambda one: one[2]),
)


@given(offers=OFFERS, extra=OFFERS)
@settings(max_examples=200, deadline=None)
def test_whatever_is_offered_the_best_earliest_offer_wins_and_the_record_replays(
    offers: list[tuple[str, int, int]], extra: list[tuple[str, int, int]]
) -> None:
    sale = opened(sealing(), *(found(*one) for one in offers), found(None, None))
    valid = [one for one in offers if one[1] >= 200]
    top = max((one[1] for one in valid), default=0)
    tied = {one[0] for one in valid if one[1] == top}
    if len(tied) > 1:
        again = [(code, wan + 10, at) for code, wan, at in extra if code in tied]
        opened(sale, *(found(*one) for one in again), found(None, None))
        raised = [one for one in again if one[1] > top]
        valid = raised or [one for one in valid if one[1] == top]
    if not valid:
        assert only(sale.facts, PassedIn)
    else:
        best = min(valid, key=lambda one: (-one[1], one[2]))
        won = only(sale.facts, KnockedDown)
        assert (won.bidder_code, won.amount_minor) == (best[0], best[1] * WAN)
    assert replay(sale.first, sale.facts) == sale.now
    assert [fact.seq for fact in sale.facts] == list(range(1, len(sale.facts) + 1))
