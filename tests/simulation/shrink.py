"""Makes a failing history small: drops moves, then what is left of each, for as long as the same thing goes wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.invariants import Violation
from tests.simulation.script import Copy, Move, Script

Play = Callable[[Script], object]


def failure_of(play: Play, script: Script) -> Violation | None:
    """The violation that playing meets, or None."""
    try:
        play(script)
    except Violation as violation:
        return violation
    return None


def shrink(play: Play, script: Script) -> Script:
    """The smallest script found that violates the same invariant."""
    wanted = failure_of(play, script)
    assert wanted is not None

    def fails(tried: Script) -> bool:
        found = failure_of(play, tried)
        return found is not None and found.invariant == wanted.invariant

    script = _fewer(fails, script)
    for number in range(len(script.moves)):
        for simpler in _simpler(script.moves[number]):
            moves = (*script.moves[:number], simpler, *script.moves[number + 1 :])
            tried = replace(script, moves=moves)
            if fails(tried):
                script = tried
                break
    return script


def _fewer(fails: Callable[[Script], bool], script: Script) -> Script:
    size = max(1, len(script.moves) // 2)
    while True:
        start = 0
        while start < len(script.moves):
            tried = script.without(set(range(start, min(start + size, len(script.moves)))))
            if fails(tried):
                script = tried
            else:
                start += size
        if size == 1:
            return script
        size = max(1, size // 2)


def _simpler(move: Move) -> Iterator[Move]:
    """The move with less in it, the simplest first."""
    plain = (Copy(0, 0),)
    if move.copies != plain:
        yield replace(move, copies=plain, flaw="")
        yield replace(move, copies=move.copies[:1])
        yield replace(move, copies=move.copies[-1:])
    if move.flaw:
        yield replace(move, flaw="")


def told(script: Script, violation: Violation) -> str:
    """The script as a person reads it, with what went wrong."""
    usual = Move("")
    lines = [f"history {script.name}: {violation}", f"  terms: {script.terms}"]
    for move in script.moves:
        differs = {k: v for k, v in vars(move).items() if k != "kind" and v != getattr(usual, k)}
        lines.append(f"  {move.kind:<8} " + "  ".join(f"{k}={v}" for k, v in differs.items()))
    return "\n".join(lines)
