"""What a planted fault is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """A text of a file that stands there once, and what takes its place."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """One thing done wrong. quick: its tests take seconds."""

    name: str
    what: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    quick: bool = False


def planted(
    name: str, what: str, path: str, change: tuple[str, str], *tests: str, quick: bool = False
) -> Fault:
    return Fault(name, what, (Edit(path, *change),), tests, quick)
