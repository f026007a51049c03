"""The checker of histories is itself checked: it accepts what could have happened, and nothing else."""

from math import inf

import pytest

from tests.invariants.i_03 import Bid, Close, Operation, Read, Refused, happened, linearizable, of_history
from tests.invariants.record import Violation


def bid(call: float, back: float, amount: int, bid_no: int | None = None) -> Operation:
    return Operation(call, back, Bid(amount, bid_no))


def read(call: float, back: float, bid_no: int, price: int | None, *, ended: bool = False) -> Operation:
    return Operation(call, back, Read(bid_no, price, ended))


def refused(call: float, back: float, amount: int, **told: object) -> Operation:
    return Operation(call, back, Refused(amount, **told))  # type: ignore[arg-type]  # by name, as written


def close() -> Operation:
    return Operation(-inf, inf, Close())


def test_an_orderly_history_has_an_order() -> None:
    assert linearizable(
        [
            read(0, 1, 0, None),
            bid(1, 2, 200, 1),
            read(2, 3, 1, 200),
            refused(3, 4, 200, price=200),
            bid(4, 5, 210, 2),
            read(5, 6, 2, 210),
        ]
    )


def test_operations_that_overlap_may_have_happened_in_either_order() -> None:
    for seen in (read(0, 10, 0, None), read(0, 10, 1, 200), read(0, 10, 2, 210)):
        assert linearizable([seen, bid(1, 9, 210, 2), bid(2, 8, 200, 1)])


def test_a_read_that_shows_an_overtaken_price_is_found() -> None:
    assert not linearizable([bid(0, 1, 200, 1), bid(2, 3, 210, 2), read(4, 5, 1, 200)])


def test_two_reads_of_which_the_later_shows_less_are_found() -> None:
    pending = bid(0, 10, 200, 1)
    assert linearizable([pending, read(1, 2, 0, None), read(3, 4, 1, 200)])
    assert not linearizable([pending, read(1, 2, 1, 200), read(3, 4, 0, None)])


def test_an_update_that_was_lost_is_found() -> None:
    """Both bids were told that they are the first: one of them overwrote the other."""
    assert not linearizable([bid(0, 2, 200, 1), bid(1, 3, 210, 1), read(4, 5, 1, 210)])


def test_bids_numbered_against_the_order_of_time_are_found() -> None:
    assert not linearizable([bid(0, 1, 210, 2), bid(2, 3, 200, 1)])


def test_a_bid_below_the_price_that_was_accepted_is_found() -> None:
    assert not linearizable([bid(0, 1, 210, 1), bid(2, 3, 200, 2)])


def test_a_refusal_that_names_a_price_which_nobody_had_bid_yet_is_found() -> None:
    assert not linearizable([bid(0, 1, 200, 1), refused(2, 3, 205, price=210), bid(4, 5, 210, 2)])


def test_a_bid_after_a_read_that_showed_the_end_is_found() -> None:
    ended = read(2, 3, 1, 200, ended=True)
    assert linearizable([bid(0, 1, 200, 1), ended, refused(4, 5, 210), close()])
    assert not linearizable([bid(0, 1, 200, 1), ended, bid(4, 5, 210, 2), close()])
    assert not linearizable([bid(0, 1, 200, 1), ended])


def test_an_unanswered_bid_may_have_happened_or_not() -> None:
    lost = bid(0, inf, 200)
    assert linearizable([lost, read(1, 2, 0, None), read(3, 4, 1, 200)])
    assert linearizable([lost, read(1, 2, 0, None), bid(3, 4, 210, 1)])
    assert not linearizable([lost, read(1, 2, 1, 200), read(3, 4, 0, None)])


def test_an_unanswered_bid_cannot_have_happened_before_it_was_sent() -> None:
    assert not linearizable([read(0, 1, 1, 200), bid(2, inf, 200)])


def test_an_unanswered_bid_without_a_trace_in_the_record_is_dropped_and_the_others_get_their_number() -> None:
    kept = happened([bid(0, inf, 200), bid(0, inf, 205), bid(1, 2, 210, 2)], {1: 200, 2: 210})
    assert [one.did for one in kept] == [Bid(200, 1), Bid(210, 2)]
    assert kept[0].back == inf


def test_the_smallest_part_that_has_no_order_is_shown() -> None:
    good = [bid(2 * n, 2 * n + 1, 200 + n, n + 1) for n in range(200)]
    bad = [*good, read(402, 403, 7, 206), *[read(404 + n, 405 + n, 200, 399) for n in range(50)]]
    with pytest.raises(Violation, match=r"I-03: no order explains these \d+ of 251 operations") as caught:
        of_history(bad, {n + 1: 200 + n for n in range(200)})
    assert "Read(bid_no=7, price=206" in str(caught.value)
    assert "Read(bid_no=200" not in str(caught.value)


def test_a_long_history_of_many_clients_is_judged_quickly() -> None:
    """Forty clients at once, each bid overlapping all others of its round; reads in between."""
    operations: list[Operation] = []
    for turn in range(30):
        began = 100.0 * turn
        number = turn + 1
        operations += [refused(began, began + 50, 0, price=None) for _ in range(30)]
        operations += [bid(began + 1, began + 49, 200 + number, number)]
        operations += [read(began + 60 + n, began + 90, number, 200 + number) for n in range(10)]
    assert linearizable(operations)
    assert not linearizable([*operations, read(10_000, 10_001, 3, 203)])
