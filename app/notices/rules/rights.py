"""Whether two spellings of a right's number are the same right, or one of them a slip that names no right at all. Pure.

Chinese application numbers carry a check digit: 8 or 12 digits weighted 2 to 9 in turn, modulo 11, `X` for 10 (ZC 0006).
A number whose check digit does not fit names no application; what stands in its place with two characters changed at
the most is taken for what was meant. A number that fits names another right, and that is another subject.
"""

import re
from typing import Any, Final

SLIP_MAX: Final = 2
"""How many characters a slip changes at the most."""

_CHINESE: Final = re.compile(r"(?:CN|ZL)?(\d{8}|\d{12})\.?([0-9X])?\Z", re.ASCII)


def folded(number: str) -> str:
    """A number without spaces, hyphens and its check digit, in capitals; Chinese ones without their prefix."""
    bare = re.sub(r"[\s\-]", "", number).upper()
    found = _CHINESE.match(bare)
    return f"CN{found[1]}" if found else bare


def fits(number: str) -> bool:
    """Whether a number may name a right: a Chinese one with its check digit must have the right one."""
    found = _CHINESE.match(re.sub(r"[\s\-]", "", number).upper())
    if found is None or found[2] is None:
        return True
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(found[1]))
    return found[2] == ("X" if total % 11 == 10 else str(total % 11))


def same_right(before: str, after: str) -> bool:
    """Whether `after` puts a slip in `before` right without naming another right."""
    if not fits(after):
        return False
    if folded(before) == folded(after):
        return True
    one, other = (re.sub(r"[\s\-.]", "", number).upper() for number in (before, after))
    changed = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) and changed <= SLIP_MAX and not fits(before)


def same_rights(before: Any, after: Any) -> bool:
    """The same for lists of rights, each an object with a `number`: as many, in the same order, nothing else changed."""
    if not (isinstance(before, list) and isinstance(after, list) and len(before) == len(after)):
        return False
    for one, other in zip(before, after, strict=True):
        if not (isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys()):
            return False
        if any(one[name] != other[name] for name in one if name not in ("number", "name")):
            return False
        if not same_right(str(one.get("number", "")), str(other.get("number", ""))):
            return False
    return True
