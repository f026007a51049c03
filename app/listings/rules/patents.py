"""Chinese patent application numbers: their forms and their check digit.

Before October 2003 a number had two digits of the year, one of the kind and five in series; since then four, one and
seven. Both may carry a check digit behind a point: the digits weighted 2 to 9 in turn, their sum modulo 11, `X` for 10.
Source: the office's standard for application numbers (ZC 0006), as house rule: a number without its check digit is
taken as it is, and so is a publication number or one of another country.
"""

import re
from typing import Final

from app.listings.errors import PatentNumberInvalid

_NUMBER: Final = re.compile(r"(?:CN|ZL)?(\d{8}|\d{12})\.?([0-9X])\Z", re.ASCII)


def check_digit(digits: str) -> str:
    """The check digit of an application number's 8 or 12 digits."""
    total = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(digits))
    return "X" if total % 11 == 10 else str(total % 11)


def check_chinese_number(number: str, pointer: str) -> None:
    """Raise `PatentNumberInvalid` for a number whose check digit does not fit; other forms pass."""
    found = _NUMBER.match(re.sub(r"[\s\-]", "", number).upper())
    if found is None:
        return
    fitting = check_digit(found[1])
    if found[2] != fitting:
        raise PatentNumberInvalid(
            f"号码 {found[1]} 的校验位应为 {fitting}，填写的是 {found[2]}。",
            f"The check digit of {found[1]} is {fitting}, not {found[2]}.",
            field=pointer,
        )
