"""When one grant stands in the way of another. Pure.

A grant is of a right, by a class, in territories, for fields of use, for a time. Two grants meet where all of these
meet. A field that is told in words only, or a territory that is not told, meets another in a way that only a person can
decide: the answer is then `unclear`, never a guess.

An ordinary licence excludes nothing. An exclusive one excludes everybody in its scope, a sole one everybody but the
holder; what was put into a company is that company's in its scope. What was transferred is no longer the holder's to
grant, in whatever scope. A transfer leaves the licences standing that were granted before: it has to disclose them, and
so has an exclusive licence that is granted beside ordinary ones.
Sources: 技术合同司法解释 art. 25 (the three kinds of licence), 民法典 art. 865 (a licence lasts no longer than the patent),
专利法 art. 51 (beside an open licence no exclusive or sole one); as house rule for every seller and every right.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final
from uuid import UUID

from app.listings.grants.states import ConflictOutcome, ModeClass
from app.listings.states import PATENTS, IpType

WORLD: Final = "WORLD"
CHINA: Final = "CN"
APART: Final = {"71": "TWN", "81": "HKG", "82": "MAC"}
"""Places whose rights are granted apart from the mainland's, by the digits of their region code."""

_CHINESE: Final = re.compile(r"(?:CN|ZL)?(\d{12}|\d{8})(?:\.?[0-9X])?\Z", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is granted, where, for what, when.

    territories: `CN`, the leading digits of a region code, an ISO 3166 alpha-3 code, or `WORLD`; none: not told.
    fields: codes that the parties agreed on, such as `ipc:H01M` or `gb:38`; None with no text: every field.
    starts_on, ends_on: both counted; no end: as long as the right lives.
    """

    mode_class: ModeClass
    territories: frozenset[str] = frozenset({CHINA})
    fields: frozenset[str] | None = None
    field_text: str | None = None
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class Judgement:
    """What one grant means for another. disclose: it does not stand in the way, and has to be told."""

    outcome: ConflictOutcome
    disclose: bool = False


class Overlap(IntEnum):
    """How two scopes meet, from the strongest separation on."""

    NONE = 0
    UNCLEAR = 1
    OVERLAP = 2


def right_key(
    *, country_code: str, kind: IpType, application_no: str | None, grant_no: str | None, achievement_id: UUID
) -> str:
    """What tells one right from another: its number, however it was typed; for what has none, its achievement.

    A Chinese patent is known by the digits of its application number, which its grant number repeats.
    """
    for number in (application_no, grant_no):
        if number is None:
            continue
        folded = re.sub(r"[^0-9A-Z.]", "", number.upper())
        found = _CHINESE.match(folded)
        if country_code == "CHN" and kind in PATENTS and found is not None:
            return f"CN:{found[1]}"
    number = application_no or grant_no
    if number is None:
        return f"KH:{achievement_id}"
    return f"{country_code}:{re.sub(r'[^0-9A-Z]', '', number.upper())}"


def overlap(a: Scope, b: Scope) -> Overlap:
    """How two grants of the same right meet, whatever they grant. Symmetric."""
    return min(_times(a, b), _territories(a, b), _fields(a, b))


def judge(existing: Scope, asked: Scope) -> Judgement:
    """Whether a grant that stands lets another be made, and whether the other has to disclose it."""
    if ModeClass.TRANSFER in (existing.mode_class, asked.mode_class):
        met = _times(existing, asked)
    else:
        met = overlap(existing, asked)
    if met is Overlap.NONE:
        return Judgement(ConflictOutcome.NONE)
    if asked.mode_class not in _BARS[existing.mode_class]:
        return Judgement(ConflictOutcome.NONE, disclose=asked.mode_class in _TAKES_OVER)
    return Judgement(ConflictOutcome.UNCLEAR if met is Overlap.UNCLEAR else ConflictOutcome.CONFLICT)


def rivals(a: Scope, b: Scope) -> ConflictOutcome:
    """Whether two offers of the same right may be on the market at once: neither grant may bar the other. Symmetric.

    A transfer stands alone: whoever buys the right must know what is on it.
    """
    if ModeClass.TRANSFER in (a.mode_class, b.mode_class):
        return ConflictOutcome.CONFLICT
    return worst((judge(a, b).outcome, judge(b, a).outcome))


def worst(found: Iterable[ConflictOutcome]) -> ConflictOutcome:
    """The gravest of several outcomes."""
    seen = set(found)
    order = (ConflictOutcome.CONFLICT, ConflictOutcome.UNCLEAR)
    return next((outcome for outcome in order if outcome in seen), ConflictOutcome.NONE)


_EVERY: Final = frozenset(ModeClass)
_LICENCES: Final = _EVERY - {ModeClass.TRANSFER}
_BARS: Final = {
    ModeClass.TRANSFER: _EVERY,
    ModeClass.EQUITY: _EVERY,
    ModeClass.EXCLUSIVE: _LICENCES,
    ModeClass.SOLE: _LICENCES,
    ModeClass.OPEN: frozenset({ModeClass.EXCLUSIVE, ModeClass.SOLE, ModeClass.EQUITY}),
    ModeClass.ORDINARY: frozenset[ModeClass](),
}
"""What a grant that stands keeps others from, where they meet."""

_TAKES_OVER: Final = (ModeClass.TRANSFER, ModeClass.EXCLUSIVE, ModeClass.SOLE, ModeClass.EQUITY)
"""Whoever takes one of these must know of the licences that stand beside it."""


def _times(a: Scope, b: Scope) -> Overlap:
    met = (b.ends_on is None or a.starts_on <= b.ends_on) and (a.ends_on is None or b.starts_on <= a.ends_on)
    return Overlap.OVERLAP if met else Overlap.NONE


def _territories(a: Scope, b: Scope) -> Overlap:
    if not a.territories or not b.territories:
        return Overlap.UNCLEAR
    met = any(_within(x, y) or _within(y, x) for x in a.territories for y in b.territories)
    return Overlap.OVERLAP if met else Overlap.NONE


def _within(inner: str, outer: str) -> bool:
    inner, outer = _place(inner), _place(outer)
    if outer in (WORLD, inner):
        return True
    return inner.isdigit() and (outer == CHINA or (outer.isdigit() and inner.startswith(outer)))


def _place(code: str) -> str:
    """A code as it is compared: `330000` is `33`, Hong Kong's is its own place."""
    if not code.isdigit():
        return CHINA if code == "CHN" else code
    if code[:2] in APART:
        return APART[code[:2]]
    return code[:2] if code.endswith("0000") else code[:4] if len(code) == 6 and code.endswith("00") else code


def _fields(a: Scope, b: Scope) -> Overlap:
    if _every_field(a) or _every_field(b):
        return Overlap.OVERLAP
    if a.fields and b.fields:
        return _codes(a.fields, b.fields)
    same = a.field_text is not None and a.field_text == b.field_text
    return Overlap.OVERLAP if same else Overlap.UNCLEAR


def _every_field(scope: Scope) -> bool:
    return not scope.fields and not scope.field_text


def _codes(a: frozenset[str], b: frozenset[str]) -> Overlap:
    pairs = [(x, y) for x in a for y in b]
    if any(x.startswith(y) or y.startswith(x) for x, y in pairs):
        return Overlap.OVERLAP
    apart = all(x.partition(":")[0] == y.partition(":")[0] for x, y in pairs)
    return Overlap.NONE if apart else Overlap.UNCLEAR
