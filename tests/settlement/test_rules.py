"""The rules of money, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.ids import new_id
from app.settlement import rules
from app.settlement.errors import (
    AccountOverdrawn,
    ArrivalInFuture,
    DepositEnded,
    DepositNotHeld,
    JournalNotReversible,
    LedgerNeedsWholeScope,
    SecondPersonNeeded,
)
from app.settlement.rules import BANK, UNIDENTIFIED, Account, DepositFacts, Line
from app.settlement.states import AccountKind, ArrivalException, DepositStatus

DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DEPOSIT = DepositFacts(
    new_id(), DepositStatus.REQUIRED, 20_000_000, DUE, new_id(), "杭州某某科技有限公司（普通合伙）"
)
HELD = replace(DEPOSIT, status=DepositStatus.HELD)
ENDED = [DepositStatus.RELEASED, DepositStatus.APPLIED, DepositStatus.FORFEITED, DepositStatus.LAPSED]


def judged(deposit: DepositFacts | None = DEPOSIT, **change: object) -> ArrivalException | None:
    fitting = {"payer_name": DEPOSIT.payer_name, "amount_minor": 20_000_000, "posted_at": DUE}
    return rules.match(deposit, **(fitting | change)).exception  # type: ignore[arg-type]  # test's shorthand


def test_an_arrival_that_fits_is_matched_at_the_last_moment_and_not_a_microsecond_later() -> None:
    assert judged() is None
    assert judged(posted_at=DUE + timedelta(microseconds=1)) is ArrivalException.ARRIVED_LATE


def test_one_fen_short_is_short_and_one_fen_over_is_owed_back() -> None:
    assert judged(amount_minor=19_999_999) is ArrivalException.AMOUNT_SHORT
    over = rules.match(DEPOSIT, payer_name=DEPOSIT.payer_name, amount_minor=20_000_001, posted_at=DUE)
    assert (over.exception, over.excess_minor) == (None, 1)


@pytest.mark.parametrize("status", [DepositStatus.HELD, *ENDED])
def test_a_deposit_that_does_not_wait_for_money_is_not_open(status: DepositStatus) -> None:
    assert judged(replace(DEPOSIT, status=status)) is ArrivalException.DEPOSIT_NOT_OPEN


def test_the_first_reason_in_the_written_order_is_given() -> None:
    late = DUE + timedelta(days=1)
    everything = {"payer_name": "别人", "amount_minor": 1, "posted_at": late}
    assert judged(None, **everything) is ArrivalException.DEPOSIT_UNKNOWN
    assert judged(HELD, **everything) is ArrivalException.DEPOSIT_NOT_OPEN
    assert judged(**everything) is ArrivalException.PAYER_NAME_DIFFERS
    assert judged(amount_minor=1, posted_at=late) is ArrivalException.AMOUNT_SHORT
    assert judged(posted_at=late) is ArrivalException.ARRIVED_LATE


@pytest.mark.parametrize(
    "written",
    [
        "杭州某某科技有限公司(普通合伙)",
        "杭州某某科技有限公司【普通合伙】",
        "杭州某某科技有限公司 （ 普通合伙 ）",
        "杭州某某科技有限公司\u3000〔普通合伙〕\u200b",
    ],
)
def test_a_payer_is_recognised_however_the_bank_writes_brackets_and_spaces(written: str) -> None:
    assert judged(payer_name=written) is None


@pytest.mark.parametrize(
    "written", ["杭州某某科技有限公司", "杭州某某科技有限公司（有限合伙）", "某某集团财务有限公司"]
)
def test_another_name_is_another_payer(written: str) -> None:
    assert judged(payer_name=written) is ArrivalException.PAYER_NAME_DIFFERS


def test_latin_names_do_not_depend_on_width_or_case() -> None:
    assert rules.folded_name("ＡＢＢ（中国）") == rules.folded_name("abb(中国)")


@pytest.mark.parametrize(
    ("note", "number"),
    [
        ("保证金BZ-2026-000123", "BZ-2026-000123"),
        ("ＢＺ－２０２６－０００１２３", "BZ-2026-000123"),
        ("bz2026000123 竞买", "BZ-2026-000123"),
        ("BZ 2026 000123，重复 BZ-2026-000123", "BZ-2026-000123"),
        ("BZ-2026-000123 和 BZ-2026-000124", None),
        ("BZ-2026-00012", None),
        ("货款", None),
        ("", None),
    ],
)
def test_the_deposits_number_is_found_in_the_note_if_there_is_exactly_one(
    note: str, number: str | None
) -> None:
    assert rules.deposit_number_in(note) == number


def test_a_held_deposit_ends_in_each_of_three_ways_and_every_way_sums_to_zero() -> None:
    seller = new_id()
    endings = [
        rules.release(HELD),
        rules.apply(HELD, to_party_id=seller, price_minor=1_000_000_000),
        rules.forfeit(HELD),
    ]
    assert [ending.to for ending in endings if ending] == ["released", "applied", "forfeited"]
    for ending in endings:
        assert ending is not None
        assert sum(line.amount_minor for line in ending.lines) == 0
        assert ending.lines[0] == Line(rules.deposit_account(HELD), 20_000_000)


@pytest.mark.parametrize("status", ENDED)
def test_a_deposit_that_has_ended_is_neither_applied_nor_forfeited(status: DepositStatus) -> None:
    ended = replace(DEPOSIT, status=status)
    with pytest.raises(DepositEnded):
        rules.apply(ended, to_party_id=new_id(), price_minor=None)
    with pytest.raises(DepositEnded):
        rules.forfeit(ended)


def test_what_is_not_held_is_not_used() -> None:
    with pytest.raises(DepositNotHeld):
        rules.forfeit(DEPOSIT)
    with pytest.raises(DepositNotHeld):
        rules.apply(DEPOSIT, to_party_id=new_id(), price_minor=None)


def test_a_release_is_repeatable_but_does_not_undo_another_ending() -> None:
    assert rules.release(replace(DEPOSIT, status=DepositStatus.RELEASED)) is None
    assert rules.release(replace(DEPOSIT, status=DepositStatus.LAPSED)) is None
    for status in (DepositStatus.APPLIED, DepositStatus.FORFEITED):
        with pytest.raises(DepositEnded):
            rules.release(replace(DEPOSIT, status=status))


def test_only_what_never_came_lapses() -> None:
    assert rules.lapse(DEPOSIT) is not None
    for status in (DepositStatus.HELD, *ENDED):
        assert rules.lapse(replace(DEPOSIT, status=status)) is None


@given(held=st.integers(1, 10**15), price=st.integers(0, 10**15))
def test_applying_divides_the_deposit_exactly_between_price_and_refund(held: int, price: int) -> None:
    deposit = replace(HELD, amount_minor=held)
    ending = rules.apply(deposit, to_party_id=new_id(), price_minor=price)
    credited = -sum(line.amount_minor for line in ending.lines if line.amount_minor < 0)
    assert sum(line.amount_minor for line in ending.lines) == 0
    assert credited == held
    assert ending.refund_minor == max(0, held - price)
    assert all(line.amount_minor for line in ending.lines)


def test_a_second_person_is_another_person() -> None:
    one, two = new_id(), new_id()
    rules.check_second_person(two, one, None)
    with pytest.raises(SecondPersonNeeded):
        rules.check_second_person(one, one)


def test_the_bank_cannot_have_posted_what_is_still_to_come() -> None:
    rules.check_posted(DUE, DUE)
    with pytest.raises(ArrivalInFuture):
        rules.check_posted(DUE + timedelta(microseconds=1), DUE)


def test_no_account_is_drawn_past_nothing() -> None:
    rules.check_funds({BANK.id: 100}, rules.transfer(100, debit=UNIDENTIFIED, credit=BANK)[1:])
    with pytest.raises(AccountOverdrawn):
        rules.check_funds({BANK.id: 99}, rules.transfer(100, debit=UNIDENTIFIED, credit=BANK))
    with pytest.raises(AccountOverdrawn):
        rules.check_funds(
            {UNIDENTIFIED.id: -99, BANK.id: 100}, rules.transfer(100, debit=UNIDENTIFIED, credit=BANK)
        )


def test_an_account_has_one_id_by_what_it_holds() -> None:
    party = new_id()
    assert (
        Account(AccountKind.REFUND_PAYABLE, party_id=party).id
        == Account(AccountKind.REFUND_PAYABLE, party).id
    )
    assert Account(AccountKind.SELLER_PAYABLE, party).id != Account(AccountKind.REFUND_PAYABLE, party).id
    assert Account(AccountKind.DEPOSIT, deposit_id=party).id != Account(AccountKind.REFUND_PAYABLE, party).id


def test_a_reversal_mirrors_every_line_and_happens_once() -> None:
    lines = rules.transfer(7, debit=BANK, credit=UNIDENTIFIED)
    assert rules.reversal(lines, reversed_before=False) == (Line(BANK, -7), Line(UNIDENTIFIED, 7))
    with pytest.raises(JournalNotReversible):
        rules.reversal(lines, reversed_before=True)


def test_the_ledger_is_for_the_whole_market() -> None:
    rules.check_whole_scope(None)
    with pytest.raises(LedgerNeedsWholeScope):
        rules.check_whole_scope("330100")
