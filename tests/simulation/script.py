"""What one history consists of: terms, and moves in their order, drawn from a seed. Playing draws nothing more."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from app.auctions.rules.ladder import Ladder, Step
from app.auctions.rules.snapshot import Holder
from app.auctions.rules.terms import CloseKind, Day, Price, PriorityStyle, SessionProfile, Terms
from app.markets.award import PriceKind
from tests.auctions.sale import WAN, terms

SECOND: Final = 1_000_000
"""Microseconds."""

ASKED: Final = ("bid", "proxy", "unproxy", "exercise", "waive", "read", "seal", "shares", "decide")
"""What clients ask over a line that loses things; the rest is the market's own."""

SECRET_FEN: Final = 7_177
"""Secret amounts end so, and no amount on a ladder of whole 500 yuan does: they are found wherever they leak to."""

RATED_SHARE: Final = 0.15
"""Of the histories, those in which a royalty is offered."""
OUTAGES: Final = (4, 10, 11, 60, 400, 1_799, 1_801, 2_400)
"""Lengths in seconds, around those that count."""

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
    """By how many microseconds the server's clock is moved; for how many nobody can reach the market."""
    floor: bool = False
    """By paddle, entered by the auctioneer."""
    confirmed: bool = True
    """Whether a large jump is confirmed."""
    matches: bool = False
    """Instead of more: the very price that stands (what a holder of first refusal may do)."""
    content: str = ""
    """What is wrong with an envelope, or with a custodian's key; empty: nothing."""
    seat: int = 1
    """Whose shares are handed in."""
    ends: bool = False
    """The seller decides to end the sale, not to go on."""


@dataclass(frozen=True)
class Script:
    """One history."""

    name: str
    terms: Terms
    moves: tuple[Move, ...] = field(default_factory=tuple)
    holders: tuple[Holder, ...] = ()
    """Who holds a right of first refusal."""
    secret_reserve: int | None = None

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
        return replace(self, moves=tuple(kept))


def _later(move: Move, waited: int) -> Move:
    return replace(move, after=move.after + waited) if waited else move


def draw(seed: int, number: int) -> Script:
    """History `number` of a seed: always the same."""
    choice = random.Random(f"{seed}/{number}")
    chosen = _terms(choice)
    secret = None
    if chosen.reserve_commitment is not None:
        secret = chosen.start_price_minor + choice.choice((0, 5, 40)) * WAN + SECRET_FEN
    more = random.Random(f"{seed}/{number}/more")
    if more.random() < RATED_SHARE:
        chosen = rated(chosen, more)
        secret = (
            None if secret is None else min(chosen.start_price_minor + more.choice((0, 1, 40, 9_000)), 10_000)
        )
    holders: tuple[Holder, ...] = ()
    if chosen.priority in (PriorityStyle.IN_ROOM, PriorityStyle.AFTER_CLOSE):
        ranks = choice.choice(((1,), (1, 2), (1, 1), (2, 1)))
        holders = tuple(Holder(code=c, rank=r) for c, r in zip(CLIENTS[3:], ranks, strict=False))
    kinds = dict(_KINDS) | (_IN_HALL if chosen.close is CloseKind.HAMMER else {})
    kinds |= {"open": 6} if chosen.called_up else {}
    moves = with_outages((_move(choice, chosen, kinds) for _ in range(choice.randint(8, 60))), more)
    first = (Move("open", after=2 * SECOND),) if chosen.called_up else ()
    return Script(f"{seed}/{number}", chosen, first + moves, holders, secret)


def rated(chosen: Terms, choice: random.Random) -> Terms:
    """The same sale, of a royalty: hundredths of a percent, often near the whole of it."""
    start = choice.choice((1, 300, 9_500, 9_990, 10_000))
    steps = [Step(from_minor=0, increment_minor=choice.choice((1, 25, 300)))]
    if choice.random() < 0.3:
        steps.append(Step(from_minor=9_600, increment_minor=choice.choice((10, 50))))
    return replace(
        chosen,
        price=Price(kind=PriceKind.ROYALTY_RATE, entry_fee_minor=20 * WAN),
        start_price_minor=start,
        ladder=Ladder(steps=tuple(steps)),
        reserve_minor=None if chosen.reserve_minor is None else min(start + 30, 10_000),
    )


def with_outages(moves: Iterable[Move], choice: random.Random) -> tuple[Move, ...]:
    """The moves, in some histories with outages among them, often around what is due next."""
    if choice.random() < 0.6:
        return tuple(moves)
    told: list[Move] = []
    for move in moves:
        if choice.random() < 0.06:
            aim = choice.choice((None, None, -1, -SECOND, -30 * SECOND, -400 * SECOND))
            length = choice.choice(OUTAGES) * SECOND + choice.choice((0, 0, 1, 999))
            told.append(Move("outage", aim=aim, jump=length, steps=choice.choice((0, 0, 1, 20))))
        told.append(move)
    return tuple(told)


def _terms(choice: random.Random) -> Terms:
    first = choice.choice((1, 7, 50_000, WAN))
    wide = (2 * WAN, 10 * WAN)
    steps = [Step(from_minor=0, increment_minor=first)]
    if choice.random() < 0.4:
        steps.append(
            Step(from_minor=210 * WAN, increment_minor=choice.choice(wide if first >= 50_000 else (3,)))
        )
    start = choice.choice((1, 199 * WAN, 200 * WAN))
    reserve = choice.choice((None, None, None, "announced", "secret"))
    return terms(
        start_price_minor=start,
        ladder=Ladder(steps=tuple(steps)),
        deposit_minor=choice.choice((0, start // 10)),
        jump_cap_bp=choice.choice((None, None, 5_000)),
        proxy_allowed=choice.random() < 0.8,
        priority=choice.choice((PriorityStyle.NONE, PriorityStyle.NONE, *PriorityStyle)),
        priority_seconds=600,
        reserve_minor=start + 3 * WAN if reserve == "announced" else None,
        reserve_commitment="ab" * 32 if reserve == "secret" else None,
        day=Day(starts_local="09:00", ends_local="09:30") if choice.random() < 0.15 else None,
        **_close(choice),
    )


def _close(choice: random.Random) -> dict[str, object]:
    if choice.random() < 0.35:
        return {
            "close": CloseKind.HAMMER,
            "session_profile": SessionProfile.HALL,
            "free_seconds": 0,
            "window_seconds": choice.choice((0, 60)),
            "call_seconds": choice.choice((10, 15, 30)),
            "called_up": choice.random() < 0.7,
        }
    short = choice.random() < 0.6
    return {
        "session_profile": SessionProfile.ONLINE_SESSION if short else SessionProfile.ONLINE_LONG,
        "free_seconds": choice.choice((900, 1_200)) if short else 3_600,
        "window_seconds": choice.choice((60, 180) if short else (60, 300, 600)),
        "extensions_max": choice.choice((None, None, None, 1, 3)),
        "called_up": choice.random() < 0.15,
    }


_KINDS: Final = {
    "bid": 60,
    "proxy": 9,
    "unproxy": 2,
    "exercise": 2,
    "waive": 1,
    "read": 14,
    "tick": 9,
    "restart": 3,
    "clock": 3,
    "suspend": 2,
    "resume": 8,
    "cancel": 0.1,
}
_IN_HALL: Final = {"call": 20, "hammer": 7, "correct": 4, "pass_in": 0.5}


def _move(choice: random.Random, chosen: Terms, kinds: dict[str, float]) -> Move:
    (kind,) = choice.choices(tuple(kinds), tuple(kinds.values()))
    after, aim = _when(choice, chosen)
    if kind == "clock":
        jump = choice.choice((-3_600, -60, -60, -1, -1, 1, 1, 30, 1_200)) * SECOND + choice.randint(-999, 999)
        return Move(kind, after=after, jump=jump)
    if kind not in ASKED:
        return Move(kind, after=after, aim=aim)
    maximum = kind == "proxy"
    return Move(
        kind,
        after=after,
        aim=aim,
        client=choice.randrange(len(CLIENTS)),
        steps=choice.choice((-1, 0, 1, 3, 10, 30) if maximum else ((-1,) + (0,) * 9 + (1, 1, 2, 5, 60))),
        off=SECRET_FEN if maximum else choice.choice((0,) * 12 + (1, -1)),
        flaw=choice.choice(
            ("",) * 40 + ("is_seller", "is_registered", "is_qualified", "deposit_held", "code")
        ),
        copies=tuple(copy_of(choice, kind) for _ in range(choice.choice((1, 1, 2, 4)))),
        floor=chosen.close is CloseKind.HAMMER and choice.random() < 0.5,
        confirmed=choice.random() < 0.8,
        matches=kind == "bid" and choice.random() < 0.1,
    )


def _when(choice: random.Random, chosen: Terms) -> tuple[int, int | None]:
    window = (chosen.window_seconds or 60) * SECOND
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


def copy_of(choice: random.Random, kind: str) -> Copy:
    there = None if choice.random() < 0.08 else _delay(choice)
    back = None if choice.random() < 0.08 else _delay(choice)
    crash = FAULTLESS
    if kind != "read" and choice.random() < 0.04:
        crash = choice.choice((BEFORE_COMMIT, AFTER_COMMIT))
    return Copy(there, back, crash)


def _delay(choice: random.Random) -> int:
    return choice.choice((0, 0, 1, choice.randint(1, SECOND // 10), choice.randint(1, 4 * SECOND)))
