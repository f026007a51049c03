"""What holds of a sealed sale after every step and of its whole record, whatever its reference says."""

import re
from collections.abc import Sequence
from hashlib import sha256
from json import dumps

from app.auctions.rules.commands import BidVia
from app.auctions.rules.facts import (
    BidPlaced,
    EnvelopesOpened,
    Fact,
    KnockedDown,
    RoundOpened,
    SealingClosed,
)
from app.auctions.rules.record import payload, texts_of
from app.auctions.rules.sealed.state import Outcome, Result
from app.auctions.states import AuctionStatus
from app.kit.money import yuan
from tests.invariants import i_08, i_10, i_12, i_34
from tests.invariants.i_34 import SALTS
from tests.invariants.record import Record, Step, require

SEALED_ONLY = ("I-14", "I-16")
"""What only sealed sales keep."""

SHORT = 10_000
"""Shorter numbers are found anywhere by chance."""

Leaves = Sequence[tuple[str, str, str]]
"""(Id, commitment, digest) of each envelope in the order of the Merkle tree."""


def check_sealed_step(step: Step, leaves: Leaves, secrets: frozenset[int]) -> None:
    """Numbers, times, silence before the opening, and that exactly the committed set is opened.

    leaves: what lay there at the close; secrets: amounts in fen that are sealed and not public.
    """
    i_08.of_step(step)
    i_10.of_step(step)
    held = step.at if step.before.last_at is None else max(step.at, step.before.last_at)
    for before, fact, after in zip(step.states, step.facts, step.states[1:], strict=False):
        require(fact.seq == before.seq + 1, "I-02", f"seq {fact.seq} where {before.seq + 1} was due")
        require(fact.at == held, "I-06", f"{fact.kind} bears {fact.at}, the clock said {step.at}")
        if isinstance(fact, BidPlaced):
            opening = before.status is AuctionStatus.OPENING and fact.via is BidVia.SEALED
            require(opening, "I-06", f"a bid via {fact.via} while {before.status}")
            require(fact.bid_no == before.bid_no + 1, "I-02", f"bid_no has a gap at {fact.bid_no}")
        elif isinstance(fact, SealingClosed):
            due = before.ends_at is not None and fact.at >= before.ends_at
            require(due, "I-06", f"the sealing closed at {fact.at}, its end was {before.ends_at}")
            _committed(fact, leaves)
        elif isinstance(fact, EnvelopesOpened):
            _opened(fact, leaves)
        if before.ends_at and after.ends_at and before.ends_at != after.ends_at:
            moves = fact.kind in ("round_opened", "resumed", "postponed")
            require(moves and after.ends_at > fact.at, "I-07", f"{fact.kind} moved the end")
    if not any(isinstance(fact, EnvelopesOpened) for fact in step.facts):
        _silent(step, secrets)


def _silent(step: Step, secrets: frozenset[int]) -> None:
    """Before the opening the facts tell no amount, count no bid and name no leader."""
    require(step.after.bid_no == step.before.bid_no, "I-14", "a bid is counted before the opening")
    require(step.after.lead == step.before.lead, "I-14", "somebody leads before the opening")
    known = {step.after.current_minor, step.after.terms.start_price_minor, step.after.terms.reserve_minor}
    hidden = [amount for amount in secrets - known if amount > SHORT]
    for fact in step.facts:
        told = dumps([payload(fact, SALTS), texts_of(fact)], ensure_ascii=False)
        for amount in hidden:
            require(not _tells(told, amount), "I-14", f"{fact.kind} tells an offer")


def _tells(told: str, amount: int) -> bool:
    """Whether a text holds the amount, in fen or in yuan, and not as a part of a longer number."""
    forms = "|".join(map(re.escape, (str(amount), yuan(amount))))
    return re.search(rf"(?<!\d)(?:{forms})(?!\d)", told) is not None


def _committed(fact: SealingClosed, leaves: Leaves) -> None:
    root = merkle([bytes.fromhex(commitment + digest) for _, commitment, digest in leaves]).hex()
    require((fact.root, fact.size) == (root, len(leaves)), "I-16", "the root is not that of the envelopes")


def _opened(fact: EnvelopesOpened, leaves: Leaves) -> None:
    """Exactly what was committed to, in its order; a receipt's time only where the offer counts."""
    opened = tuple((one.envelope_id, one.commitment, one.digest) for one in fact.results)
    require(opened == tuple(leaves), "I-16", "the opened envelopes are not those whose root was published")
    for one in fact.results:
        require(
            (one.received_at is not None) == (one.outcome is Outcome.BID),
            "I-14",
            "tells when an empty envelope came",
        )


def merkle(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 6962 2.1 says it, by recursion."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + merkle(leaves[:half]) + merkle(leaves[half:])).digest()


def check_sealed_record(record: Record) -> None:
    """The winner from the opened envelopes alone, the rounds in their order, and the record read again."""
    i_08.of_record(record)
    i_12.of_record(record)
    i_34.of_record(record)
    numbers = [fact.seq for fact in record.facts]
    require(numbers == list(range(1, len(numbers) + 1)), "I-02", f"seq has a gap: {numbers}")
    numbers = [bid.bid_no for bid in record.bids]
    require(numbers == list(range(1, len(numbers) + 1)), "I-02", f"bid_no has a gap: {numbers}")
    rounds = [fact.round_no for fact in record.facts if isinstance(fact, EnvelopesOpened)]
    require(rounds == list(range(1, len(rounds) + 1)), "I-16", f"rounds were opened {rounds}")
    extra = [fact.is_tie for fact in record.facts if isinstance(fact, RoundOpened)]
    regular, cap = 1 + extra.count(False), record.first.terms.rounds_max
    require(regular <= cap and not any(extra[:-1]), "I-16", f"further rounds {extra}, at most {cap}")
    _won(record)


def _won(record: Record) -> None:
    best = max(_offers(record.facts), key=_rank, default=None)
    reserve = max(record.now.terms.reserve_minor or 0, record.secret_reserve or 0)
    sold = [fact for fact in record.facts if isinstance(fact, KnockedDown)]
    require(len(sold) == int(record.now.status is AuctionStatus.AWARDED), "I-01", f"{len(sold)} winners")
    if sold:
        require(best is not None and (best.amount_minor or 0) >= reserve, "I-01", "sold below the reserve")
        assert best is not None
        require(sold[0].amount_minor == best.amount_minor, "I-01", "not at the highest offer")
        taken = sold[0].by_priority or sold[0].bidder_code == best.code
        require(taken, "I-01", f"won by {sold[0].bidder_code}, the best offer was {best.code}'s")
    elif record.now.status is AuctionStatus.PASSED_IN:
        require(best is None or (best.amount_minor or 0) < reserve, "I-01", "passed in, with a winner")


def _offers(facts: Sequence[Fact]) -> list[Result]:
    opened = [one for fact in facts if isinstance(fact, EnvelopesOpened) for one in fact.results]
    return [one for one in opened if one.outcome is Outcome.BID]


def _rank(one: Result) -> tuple[int, float, str]:
    assert one.amount_minor is not None and one.received_at is not None
    return one.amount_minor, -one.received_at.timestamp(), one.envelope_id
