"""Sharing a secret over GF(256): any threshold of shares gives it back, fewer say nothing."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sealing.shamir import SEATS_MAX, combine, divide, multiply, split, value_at

SECRET = bytes(range(32))


def test_the_field_is_that_of_aes() -> None:
    assert multiply(0x57, 0x83) == 0xC1
    assert multiply(0x57, 0x13) == 0xFE
    assert [multiply(a, 0) for a in (0, 1, 255)] == [0, 0, 0]
    assert all(divide(multiply(a, b), b) == a for a in range(256) for b in range(1, 256))
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)


def test_a_written_example_can_be_followed_by_hand() -> None:
    """One byte 0x42, one coefficient 0x0f: the shares are 0x42 xor 0x0f·x for x = 1, 2, 3."""
    shares = split(b"\x42", threshold=2, seats=3, random=lambda count: b"\x0f" * count)
    assert shares == (b"\x4d", b"\x5c", b"\x53")
    assert combine({1: shares[0], 3: shares[2]}) == b"\x42"


@given(
    secret=st.binary(min_size=1, max_size=40),
    sizes=st.integers(1, SEATS_MAX).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    chosen=st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_any_threshold_of_shares_gives_the_secret_and_every_other_share(
    secret: bytes, sizes: tuple[int, int], chosen: object
) -> None:
    threshold, seats = sizes
    shares = dict(enumerate(split(secret, threshold=threshold, seats=seats), start=1))
    some = dict(chosen.sample(sorted(shares.items()), threshold))  # type: ignore[attr-defined]
    assert combine(some) == secret
    assert {seat: value_at(some, seat) for seat in shares} == shares


def test_one_share_of_two_fits_every_secret_equally_well() -> None:
    """For whatever byte the secret may be there is exactly one second share: one alone says nothing."""
    first = split(SECRET[:1], threshold=2, seats=3)[0]
    possible = {combine({1: first, 2: bytes([other])}) for other in range(256)}
    assert len(possible) == 256


def test_every_pair_of_three_and_every_three_of_five_open_the_same() -> None:
    for threshold, seats in ((2, 3), (3, 5)):
        shares = dict(enumerate(split(SECRET, threshold=threshold, seats=seats), start=1))
        opened = {combine(dict(some)) for some in itertools.combinations(shares.items(), threshold)}
        assert opened == {SECRET}
        fewer = [combine(dict(some)) for some in itertools.combinations(shares.items(), threshold - 1)]
        assert SECRET not in fewer


@pytest.mark.parametrize(("threshold", "seats"), [(0, 3), (4, 3), (2, SEATS_MAX + 1)])
def test_a_threshold_that_makes_no_sense_is_refused(threshold: int, seats: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        split(SECRET, threshold=threshold, seats=seats)


def test_shares_of_unequal_length_or_of_no_seat_are_refused() -> None:
    for wrong in ({}, {1: b"a", 2: b"ab"}, {0: b"a"}, {SEATS_MAX + 1: b"a"}):
        with pytest.raises(ValueError, match="shares"):
            combine(wrong)
