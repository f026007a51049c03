"""What every fact carries, and which of its fields are free texts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, get_args, get_type_hints

_FREE: Final = "free text"

FreeText = Annotated[str, _FREE]
"""A text that a person wrote and that may name somebody: kept beside the chain with a salt, and redactable."""


def text_fields(kind: type) -> tuple[str, ...]:
    """The names of a fact's free texts."""
    return _text_fields(kind)


@cache
def _text_fields(kind: type) -> tuple[str, ...]:
    hints = get_type_hints(kind, include_extras=True)
    return tuple(name for name, hint in hints.items() if _FREE in get_args(hint))


HEAD: Final = ("seq", "at", "kind")
"""What every event row has of its own."""


def flat_fields(kind: type) -> tuple[str, ...] | None:
    """The names of a fact's fields besides its head, where all of them are plain values; None where one has parts."""
    return _flat_fields(kind)


@cache
def _flat_fields(kind: type) -> tuple[str, ...] | None:
    hints = {
        name: hint for name, hint in get_type_hints(kind, include_extras=True).items() if name not in HEAD
    }
    return tuple(hints) if all(_is_flat(hint) for hint in hints.values()) else None


def _is_flat(hint: Any) -> bool:
    if isinstance(hint, UnionType):
        return all(_is_flat(part) for part in get_args(hint))
    return isinstance(hint, type) and issubclass(hint, (str, int, datetime, NoneType))


@dataclass(frozen=True, kw_only=True)
class FactBase:
    """A public fact: its number in the sale's record and its time."""

    seq: int
    at: datetime
    """Market time of the decision."""
