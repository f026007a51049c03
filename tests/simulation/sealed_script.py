"""What one history of a sealed sale consists of, drawn from a seed: envelopes, custodians, the seller, the clock."""

import random
from dataclasses import replace
from typing import Final

from app.auctions.rules.sealed.terms import DropRule, Office, SealedTerms, SealingMethod, SeatTerms
from app.auctions.rules.snapshot import Holder
from app.auctions.rules.terms import CloseKind, Format, PriorityStyle, SessionProfile, Terms
from tests.auctions.sale import WAN, terms
from tests.simulation.script import (
    ASKED,
    CLIENTS,
    RATED_SHARE,
    SECOND,
    SECRET_FEN,
    Move,
    Script,
    copy_of,
    rated,
    with_outages,
)

SERVER_SHARE: Final = 0.2
"""Of the sealed histories, those that the market itself seals."""
OFFICES: Final = (Office.EXCHANGE, Office.SELLER, Office.NOTARY, Office.SUPERVISOR, Office.SUPERVISOR)
SPLITS: Final = {3: 2, 5: 3}

SHUT: Final = "shut"
"""No seat can open its share."""
UNREADABLE: Final = "unreadable"
"""The shares open, the content does not."""
ENVELOPES: Final = {
    "": 80,
    "taken back": 5,
    "dealt_falsely": 2,
    "commitment_disagrees": 2,
    "code_disagrees": 2,
    SHUT: 1.5,
    UNREADABLE: 1,
}
LOST: Final = "key lost"
"""A custodian who can open nothing."""
STUCK: Final = "stuck"
"""A custodian who cannot open the envelope of one bidder."""

_KINDS: Final = {
    "seal": 50,
    "shares": 34,
    "decide": 6,
    "tick": 9,
    "read": 8,
    "bid": 2,
    "exercise": 2,
    "waive": 1,
    "cheat": 4,
    "restart": 4,
    "clock": 3,
    "suspend": 1.5,
    "resume": 5,
    "cancel": 0.1,
}


def draw_sealed(seed: int, number: int) -> Script:
    """History `number` of a seed, a sealed one: always the same."""
    choice = random.Random(f"{seed}/{number}")
    chosen = _terms(choice)
    secret = None
    if chosen.reserve_commitment is not None:
        secret = chosen.start_price_minor + choice.choice((0, 1, 3)) * WAN + SECRET_FEN
    more = random.Random(f"{seed}/{number}/more")
    if more.random() < RATED_SHARE:
        chosen = rated(chosen, more)
        secret = (
            None if secret is None else min(chosen.start_price_minor + more.choice((0, 25, 9_000)), 10_000)
        )
    if more.random() < SERVER_SHARE:
        chosen = by_market(chosen)
    holders: tuple[Holder, ...] = ()
    if chosen.priority is PriorityStyle.AFTER_CLOSE:
        ranks = choice.choice(((1,), (1, 2), (1, 1), (2, 1)))
        holders = tuple(Holder(code=c, rank=r) for c, r in zip(CLIENTS[3:], ranks, strict=False))
    assert chosen.sealed is not None
    seats = max(3, len(chosen.sealed.seats))
    moves = with_outages((_move(choice, seats) for _ in range(choice.randint(10, 90))), more)
    return Script(f"{seed}/{number}", chosen, moves, holders, secret)


def by_market(chosen: Terms) -> Terms:
    """The same sale, sealed by the market itself."""
    assert chosen.sealed is not None
    seat = SeatTerms(no=1, office=Office.SERVER, holder="平台", keys=("ee" * 32,))
    return replace(
        chosen, sealed=replace(chosen.sealed, method=SealingMethod.SERVER, threshold=1, seats=(seat,))
    )


def _terms(choice: random.Random) -> Terms:
    rounds = choice.choice((1, 1, 2, 3, 4))
    seats = choice.choice((3, 3, 5))
    start = choice.choice((1, 199 * WAN, 200 * WAN))
    reserve = choice.choice((None, None, None, "announced", "secret"))
    return terms(
        format=Format.SEALED_ROUNDS if rounds > 1 else Format.SEALED_ONCE,
        close=CloseKind.DEADLINE,
        session_profile=SessionProfile.ONLINE_SESSION,
        start_price_minor=start,
        deposit_minor=choice.choice((0, start // 10)),
        free_seconds=choice.choice((900, 1_200)),
        window_seconds=60,
        rounds_max=rounds,
        proxy_allowed=False,
        priority=choice.choice((PriorityStyle.NONE, PriorityStyle.NONE, PriorityStyle.AFTER_CLOSE)),
        priority_seconds=600,
        reserve_minor=start + 3 * WAN if reserve == "announced" else None,
        reserve_commitment="ab" * 32 if reserve == "secret" else None,
        sealed=SealedTerms(
            threshold=SPLITS[seats],
            seats=tuple(
                SeatTerms(no=no, office=office, holder=f"单位{no}", keys=(f"{no:064x}",))
                for no, office in enumerate(OFFICES[:seats], start=1)
            ),
            round_seconds=choice.choice((300, 600)),
            drop=choice.choice(tuple(DropRule)),
        ),
    )


def _move(choice: random.Random, seats: int) -> Move:
    (kind,) = choice.choices(tuple(_KINDS), tuple(_KINDS.values()))
    after, aim = _when(choice)
    if kind == "clock":
        jump = choice.choice((-3_600, -60, -1, -1, 1, 1, 30, 1_200)) * SECOND + choice.randint(-999, 999)
        return Move(kind, after=after, jump=jump)
    content = ""
    if kind == "seal":
        (content,) = choice.choices(tuple(ENVELOPES), tuple(ENVELOPES.values()))
    elif kind == "shares":
        content = choice.choice(("",) * 7 + (LOST, STUCK, STUCK))
    if kind not in ASKED:
        return Move(kind, after=after, aim=aim, client=choice.randrange(len(CLIENTS)))
    return Move(
        kind,
        after=after,
        aim=aim,
        client=choice.randrange(len(CLIENTS)),
        steps=choice.choice((-1, 0, 1, 1, 2, 2, 2, 3, 5, 40)),
        off=choice.choice((0,) * 30 + (1, -1)),
        flaw=choice.choice(
            ("",) * 40 + ("is_seller", "is_registered", "is_qualified", "deposit_held", "code")
        ),
        copies=tuple(copy_of(choice, kind) for _ in range(choice.choice((1, 1, 2, 4)))),
        content=content,
        seat=choice.randint(1, seats),
        ends=choice.random() < 0.15,
    )


def _when(choice: random.Random) -> tuple[int, int | None]:
    """Together, soon, later, or around the instant that is due next."""
    what = choice.random()
    if what < 0.25:
        return 0, None
    if what < 0.55:
        return choice.randint(1, SECOND), None
    if what < 0.78:
        return choice.randint(SECOND, 40 * SECOND), None
    if what < 0.84:
        return 0, choice.choice((-1, -1, -SECOND, 0, 0, 1))
    if what < 0.97:
        return choice.randint(1, 60 * SECOND), None
    return choice.randint(60 * SECOND, 1_000 * SECOND), None
