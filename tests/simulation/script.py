"""What one history consists of: terms, and moves in their order, drawn from a seed. Playing draws nothing more."""

import random
from dataclasses import dataclass, field
from typing import Final

from app.auctions.rules.ladder import Ladder, Step
from app.auctions.rules.terms import SessionProfile, Terms
from tests.auctions.sale import WAN, terms

SECOND: Final = 1_000_000
"""Microseconds."""

CLIENTS: Final = ("3172", "3211", "3260", "3311", "3499")
FAULTLESS: Final = ""
BEFORE_COMMIT: Final = "before commit"
AFTER_COMMIT: Final = "after commit"


@dataclass(frozen=True)
class Copy:
    """One sending of a request. Durations in microseconds; there None means that this leg is lost."""

    there: int | None
    back: int | None
    crash: str = FAULTLESS
    """Where the server dies while it works on this copy."""


@dataclass(frozen=True)
class Move:
    """Something that somebody does, `after` microseconds from the move before it.

    aim: instead, at this many microseconds from what is due next by the market's own time, where that lies ahead.
    """

    kind: str
    after: int = 0
    aim: int | None = None
    client: int = 0
    steps: int = 0
    """Whole increments above the least amount that counts at the time of sending."""
    off: int = 0
    """Fen beside the ladder."""
    flaw: str = ""
    """What the bidder lacks: a field of his standing."""
    copies: tuple[Copy, ...] = (Copy(0, 0),)
    jump: int = 0
    """By how many microseconds the server's clock is moved."""


@dataclass(frozen=True)
class Script:
    """One history."""

    name: str
    terms: Terms
    moves: tuple[Move, ...] = field(default_factory=tuple)

    def without(self, dropped: set[int]) -> "Script":
        """The same without some of its moves; each that stays keeps its time."""
        kept: list[Move] = []
        waited = 0
        for number, move in enumerate(self.moves):
            if number in dropped:
                waited += move.after
            else:
                kept.append(_later(move, waited))
                waited = 0
        return Script(self.name, self.terms, tuple(kept))


def _later(move: Move, waited: int) -> Move:
    return Move(**{**vars(move), "after": move.after + waited}) if waited else move


def draw(seed: int, number: int) -> Script:
    """History `number` of a seed: always the same."""
    choice = random.Random(f"{seed}/{number}")
    chosen = _terms(choice)
    count = choice.randint(8, 60)
    moves = tuple(_move(choice, chosen) for _ in range(count))
    return Script(f"{seed}/{number}", chosen, moves)


def _terms(choice: random.Random) -> Terms:
    first = choice.choice((1, 7, 50_000, WAN))
    steps = [Step(from_minor=0, increment_minor=first)]
    if choice.random() < 0.4:
        steps.append(Step(from_minor=210 * WAN, increment_minor=choice.choice((3, 2 * WAN, 10 * WAN))))
    short = choice.random() < 0.6
    start = choice.choice((1, 199 * WAN, 200 * WAN))
    return terms(
        start_price_minor=start,
        ladder=Ladder(steps=tuple(steps)),
        deposit_minor=choice.choice((0, start // 10)),
        session_profile=SessionProfile.ONLINE_SESSION if short else SessionProfile.ONLINE_LONG,
        free_seconds=choice.choice((900, 1_200)) if short else 3_600,
        window_seconds=choice.choice((60, 180) if short else (60, 300, 600)),
        extensions_max=choice.choice((None, None, None, 1, 3)),
        jump_cap_bp=choice.choice((None, None, 5_000)),
    )


_KINDS: Final = {
    "bid": 60,
    "read": 16,
    "tick": 10,
    "restart": 3,
    "clock": 3,
    "suspend": 2,
    "resume": 8,
    "cancel": 0.1,
}


def _move(choice: random.Random, chosen: Terms) -> Move:
    (kind,) = choice.choices(tuple(_KINDS), tuple(_KINDS.values()))
    after, aim = _when(choice, chosen)
    if kind == "clock":
        jump = choice.choice((-3_600, -60, -60, -1, -1, 1, 1, 30, 1_200)) * SECOND + choice.randint(-999, 999)
        return Move(kind, after=after, jump=jump)
    if kind not in ("bid", "read"):
        return Move(kind, after=after, aim=aim)
    return Move(
        kind,
        after=after,
        aim=aim,
        client=choice.randrange(len(CLIENTS)),
        steps=choice.choice((-1,) + (0,) * 9 + (1, 1, 2, 5, 60)),
        off=choice.choice((0,) * 12 + (1, -1)),
        flaw=choice.choice(
            ("",) * 40 + ("is_seller", "is_registered", "is_qualified", "deposit_held", "code")
        ),
        copies=tuple(_copy(choice, kind) for _ in range(choice.choice((1, 1, 2, 4)))),
    )


def _when(choice: random.Random, chosen: Terms) -> tuple[int, int | None]:
    window = chosen.window_seconds * SECOND
    what = choice.random()
    if what < 0.15:
        return 0, None
    if what < 0.5:
        return choice.randint(1, SECOND), None
    if what < 0.8:
        return choice.randint(SECOND, window // 4), None
    if what < 0.83:
        return choice.choice((window - 1, window, window + 1)), None
    if what < 0.98:
        return 0, choice.choice((-1, -1, -1, -1, -window, -window - 1, -window + 1, 0))
    return choice.randint(window, 4 * window), None


def _copy(choice: random.Random, kind: str) -> Copy:
    there = None if choice.random() < 0.08 else _delay(choice)
    back = None if choice.random() < 0.08 else _delay(choice)
    crash = FAULTLESS
    if kind == "bid" and choice.random() < 0.04:
        crash = choice.choice((BEFORE_COMMIT, AFTER_COMMIT))
    return Copy(there, back, crash)


def _delay(choice: random.Random) -> int:
    return choice.choice((0, 0, 1, choice.randint(1, SECOND // 10), choice.randint(1, 4 * SECOND)))
