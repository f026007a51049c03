"""What every fact carries, and which of its fields are free texts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Final, get_args, get_type_hints

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


@dataclass(frozen=True, kw_only=True)
class FactBase:
    """A public fact: its number in the sale's record and its time."""

    seq: int
    at: datetime
    """Market time of the decision."""
