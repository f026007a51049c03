"""Money: integer fen inside, an exact decimal string on the wire, 万元 for people. Never a float."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, WithJsonSchema

MONEY_PATTERN: Final = r"^(0|[1-9][0-9]{0,13})\.[0-9]{2}$"
SUM_PATTERN: Final = r"^-?(0|[1-9][0-9]{0,17})\.[0-9]{2}$"
FEN_MAX: Final = 10**16 - 1
"""The largest amount, in fen: one hundred trillion yuan less one fen. Fits a `bigint` with room to add."""

_EXACT = re.compile(r"(0|[1-9][0-9]{0,13})\.([0-9]{2})\Z", re.ASCII)
_WAN = re.compile(r"(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,6}))?\Z", re.ASCII)
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_UNITS: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿", "万亿")


def fen(text: str) -> int:
    """Fen of an exact yuan string such as `1234.50`. Raises ValueError for any other form."""
    found = _EXACT.match(text)
    if found is None:
        raise ValueError("an amount is written as yuan with exactly two decimals, such as 1234.50")
    return int(found[1]) * 100 + int(found[2])


def yuan(amount_minor: int) -> str:
    """The exact yuan string of an amount in fen, such as `1234.50`."""
    sign, rest = ("-", -amount_minor) if amount_minor < 0 else ("", amount_minor)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def fen_of_wan(text: str) -> int:
    """Fen of a 万元 string with at most six decimals, such as `12.5`. Raises ValueError for any other form."""
    found = _WAN.match(text)
    if found is None:
        raise ValueError("an amount in 万元 has at most six decimals, such as 12.5")
    return int(found[1]) * 1_000_000 + int((found[2] or "").ljust(6, "0"))


def wan(amount_minor: int) -> str:
    """An amount in fen as people read it: `218万元`, or `9,800.00元` below one 万元. Exact, never rounded."""
    if abs(amount_minor) < 1_000_000:
        return f"{amount_minor // 100:,}.{amount_minor % 100:02d}元"
    whole, rest = divmod(amount_minor, 1_000_000)
    decimals = f"{rest:06d}".rstrip("0")
    return f"{whole:,}{'.' + decimals if decimals else ''}万元"


def capital(amount_minor: int) -> str:
    """The amount in Chinese capitals (大写) as cheques and contracts write it, such as 人民币壹佰元整.

    Source: house rule, after the common form for bank instruments.
    """
    if not 0 <= amount_minor <= FEN_MAX:
        raise ValueError("capitals are written for amounts from 0 to 99999999999999.99")
    whole, rest = divmod(amount_minor, 100)
    jiao, cent = divmod(rest, 10)
    text = _capital_integer(whole) + "元" if whole else ""
    if not rest:
        return f"人民币{text or '零元'}整"
    if jiao:
        # A zero is spoken where the yuan end in 0 and jiao follow: 壹拾元零伍角.
        text += ("零" if whole and whole % 10 == 0 else "") + _DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    text += _DIGITS[cent] + "分" if cent else "整"
    return f"人民币{text}"


def _capital_integer(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += "零"
        text += _capital_group(group) + _GROUPS[index]
        gap = False
    # 万亿 already carries 亿: where 亿 follows, the word is said once.
    return text.replace("万亿", "万", 1) if len(groups) == 4 and groups[2] else text


def _capital_group(group: int) -> str:
    text, zero = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if zero and text else "") + _DIGITS[digit] + _UNITS[place]
            zero = False
        else:
            zero = True
    return text


def _checked(text: str) -> str:
    fen(text)
    return text


Money = Annotated[
    str,
    Field(pattern=MONEY_PATTERN, examples=["1234.50"]),
    AfterValidator(_checked),
    WithJsonSchema(
        {"type": "string", "pattern": MONEY_PATTERN, "examples": ["1234.50"], "description": "Yuan, exact."}
    ),
]
"""An exact yuan string on the wire: two decimals, no sign, no thousands separator, ASCII digits."""

Sum = Annotated[
    str,
    Field(
        pattern=SUM_PATTERN, examples=["1234.50"], description="Yuan, exact. Sums may be longer than amounts."
    ),
]
"""An exact yuan string that we write: an amount, or what many amounts come to."""
