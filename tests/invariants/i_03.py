"""I-03. What each client saw of a sale could have happened one after the other: the history is linearizable.

The register is (number of the latest bid, its amount, whether the sale has ended). The search is that of Wing and Gong
in Lowe's form: take any operation that began before every other pending one had returned, remember which sets of
operations with which state have failed. Two things keep it fast. An operation that changes nothing and agrees with the
state is taken at once: to take it now never spoils a later order. An unanswered bid whose amount is not in the record
has not happened and may be dropped; one that is there happened at some time after it was sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from tests.invariants.record import require

State = tuple[int, int | None, bool]
"""(bid_no, amount in fen or None, ended)."""

START: State = (0, None, False)
STATES_MAX = 2_000_000
"""A search that visits more is given up, loudly."""


@dataclass(frozen=True)
class Bid:
    """A bid of so many fen. bid_no: its number where it was accepted; None while nobody knows.

    turn: the register before and after its decision, where more happened in it than this bid (automatic bids that
    answered it).
    """

    amount: int
    bid_no: int | None = None
    turn: tuple[State, State] | None = None


@dataclass(frozen=True)
class Refused:
    """A refused bid. price: the current price that the refusal named, if it did.

    That it was too late says nothing of the register: the end passes before anybody writes it down.
    """

    amount: int
    price: int | None = None


@dataclass(frozen=True)
class Read:
    """What a read showed."""

    bid_no: int
    price: int | None
    ended: bool


@dataclass(frozen=True)
class Close:
    """The end of the sale, which nobody called: it happens at some time or never."""


@dataclass(frozen=True)
class Turn:
    """Something that turned the register from one state into another: the auctioneer, a timer, somebody's maximum."""

    before: State
    after: State


@dataclass(frozen=True)
class Operation:
    """Something that a client did between two instants of one clock. back is infinite where no answer came."""

    call: float
    back: float
    did: Bid | Refused | Read | Close | Turn
    by: str = ""


def after(state: State, operation: Operation) -> State | None:
    """The register after the operation, or None where it cannot happen in this state."""
    bid_no, price, ended = state
    did = operation.did
    match did:
        case Read():
            return state if state == (did.bid_no, did.price, did.ended) else None
        case Refused():
            return state if did.price is None or did.price == price else None
        case Close():
            return None if ended else (bid_no, price, True)
        case Turn():
            return did.after if state == did.before else None
        case Bid() if did.turn is not None:
            return did.turn[1] if state == did.turn[0] else None
        case Bid():
            fits = not ended and (price is None or did.amount > price)
            numbered = did.bid_no is None or did.bid_no == bid_no + 1
            return (bid_no + 1, did.amount, False) if fits and numbered else None


def happened(operations: Iterable[Operation], stored: dict[int, int]) -> list[Operation]:
    """The operations without the unanswered bids that left no trace; the others get their number from the record.

    stored: amount in fen by `bid_no`, as the record has them. Amounts within a sale are all different.
    """
    number_of = {amount: number for number, amount in stored.items()}
    kept = []
    for one in operations:
        if isinstance(one.did, Bid) and one.did.bid_no is None:
            if one.did.amount in number_of:
                known = Bid(one.did.amount, number_of[one.did.amount])
                kept.append(Operation(one.call, inf, known, one.by))
        else:
            kept.append(one)
    return kept


def linearizable(operations: Sequence[Operation], first: State = START) -> bool:
    """Whether some order of the answered operations, with any of the unanswered, explains every answer."""
    known = sorted((one for one in operations if one.back < inf), key=lambda one: one.call)
    unknown = [one for one in operations if one.back == inf]
    failed: set[tuple[int, int, State]] = set()
    stack: list[tuple[int, int, State]] = [(0, 0, first)]
    while stack:
        place = stack.pop()
        done, maybe, state = _take_agreeing(known, *place)
        if done == (1 << len(known)) - 1:
            return True
        if (done, maybe, state) in failed:
            continue
        failed.add((done, maybe, state))
        if len(failed) > STATES_MAX:
            raise RuntimeError(f"the search for an order was given up after {STATES_MAX} states")
        candidates, soonest = _candidates(known, done)
        for number in candidates:
            moved = after(state, known[number])
            if moved is not None and moved != state:
                stack.append((done | 1 << number, maybe, moved))
        for number, one in enumerate(unknown):
            if not maybe >> number & 1 and one.call <= soonest:
                moved = after(state, one)
                if moved is not None:
                    stack.append((done, maybe | 1 << number, moved))
    return False


def _take_agreeing(known: Sequence[Operation], done: int, maybe: int, state: State) -> tuple[int, int, State]:
    """Take all that may come now, agrees with the state and leaves it as it is."""
    while True:
        candidates, _ = _candidates(known, done)
        agreeing = [number for number in candidates if after(state, known[number]) == state]
        if not agreeing:
            return done, maybe, state
        for number in agreeing:
            done |= 1 << number


def _candidates(known: Sequence[Operation], done: int) -> tuple[list[int], float]:
    """The operations that may come next, and the soonest return among those that are pending."""
    number = (~done & (done + 1)).bit_length() - 1
    soonest, found = inf, []
    while number < len(known) and known[number].call <= soonest:
        if not done >> number & 1:
            found.append(number)
            soonest = min(soonest, known[number].back)
        number += 1
    return [n for n in found if known[n].call <= soonest], soonest


def of_history(operations: Iterable[Operation], stored: dict[int, int]) -> None:
    """The clients' history of one sale against its record."""
    kept = happened(operations, stored)
    if not linearizable(kept):
        smallest = _smallest(kept)
        told = "\n".join(f"  {one.call:.6f} .. {one.back:.6f}  {one.by} {one.did}" for one in smallest)
        require(False, "I-03", f"no order explains these {len(smallest)} of {len(kept)} operations:\n{told}")


def _smallest(operations: list[Operation]) -> list[Operation]:
    """The shortest beginning (by return) that has no order, for a person to look at."""
    ordered = sorted(operations, key=lambda one: one.back)
    low, high = 1, len(ordered)
    while low < high:
        middle = (low + high) // 2
        cut = ordered[middle - 1].back
        # What began before the cut and returned later may or may not have happened by then.
        part = [one if one.back <= cut else _pending(one) for one in ordered if one.call <= cut]
        if linearizable([one for one in part if one is not None]):
            low = middle + 1
        else:
            high = middle
    cut = ordered[low - 1].back
    return [one for one in ordered if one.call <= cut][-60:]


def _pending(operation: Operation) -> Operation | None:
    if isinstance(operation.did, Read | Refused):
        return None
    return Operation(operation.call, inf, operation.did, operation.by)
