"""Shamir's sharing of a secret over GF(256), byte by byte: any `threshold` shares give it back, fewer say nothing.

The field is that of AES (x⁸ + x⁴ + x³ + x + 1), the share of seat n is the polynomials' value at x = n, and the secret
is the value at 0. A. Shamir, "How to share a secret", 1979. Ours, because no small permissive library is kept up; it
runs only where the secret is at home (a bidder's client) or is no longer one (the opening).
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

SEATS_MAX: Final = 9
_POLYNOMIAL: Final = 0x11B
_GENERATOR: Final = 3


def _tables() -> tuple[tuple[int, ...], tuple[int, ...]]:
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        doubled = value << 1
        value ^= doubled ^ (_POLYNOMIAL if doubled & 0x100 else 0)
    return tuple(powers), tuple(logs)


_POWERS, _LOGS = _tables()


def multiply(left: int, right: int) -> int:
    """The product of two field elements."""
    return _POWERS[_LOGS[left] + _LOGS[right]] if left and right else 0


def divide(left: int, right: int) -> int:
    """The quotient of two field elements. Raises ZeroDivisionError."""
    if not right:
        raise ZeroDivisionError("division by zero in GF(256)")
    return _POWERS[_LOGS[left] + 255 - _LOGS[right]] if left else 0


def split(
    secret: bytes, *, threshold: int, seats: int, random: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[bytes, ...]:
    """One share of the secret's length for each seat 1..`seats`. Raises ValueError for a threshold that makes no sense.

    random: gives so many random bytes; only test vectors pass their own.
    """
    if not 1 <= threshold <= seats <= SEATS_MAX:
        raise ValueError(f"1 <= threshold <= seats <= {SEATS_MAX}")
    higher = [random(len(secret)) for _ in range(threshold - 1)]
    return tuple(
        bytes(_value([secret[i], *(row[i] for row in higher)], seat) for i in range(len(secret)))
        for seat in range(1, seats + 1)
    )


def value_at(shares: Mapping[int, bytes], seat: int) -> bytes:
    """The value at a seat (0: the secret) of the polynomials of lowest degree through the shares.

    Raises ValueError where the shares are none, of unequal length, or of a seat that there cannot be.
    """
    lengths = {len(share) for share in shares.values()}
    if len(lengths) != 1 or not all(1 <= x <= SEATS_MAX for x in shares):
        raise ValueError("shares of equal length, of seats from 1 on, are needed")
    weights = {x: _weight(x, shares, seat) for x in shares}
    total = bytearray(lengths.pop())
    for x, share in shares.items():
        for i, byte in enumerate(share):
            total[i] ^= multiply(byte, weights[x])
    return bytes(total)


def combine(shares: Mapping[int, bytes]) -> bytes:
    """The secret, from shares by seat. With fewer shares than the threshold the result is noise, not an error."""
    return value_at(shares, 0)


def _weight(x: int, shares: Mapping[int, bytes], at: int) -> int:
    weight = 1
    for other in shares:
        if other != x:
            weight = multiply(weight, divide(at ^ other, x ^ other))
    return weight


def _value(coefficients: list[int], x: int) -> int:
    value = 0
    for coefficient in reversed(coefficients):
        value = multiply(value, x) ^ coefficient
    return value
