"""Frozen dataclasses with some fields changed."""

from dataclasses import dataclass, replace

import pytest

from app.kit.frozen import changed


@dataclass(frozen=True, kw_only=True)
class Lot:
    """Something frozen."""

    number: int
    title: str = "一号标的"


def test_a_changed_copy_is_what_the_library_makes_and_leaves_the_first_as_it_was() -> None:
    first = Lot(number=1)
    assert changed(first, number=2) == replace(first, number=2) == Lot(number=2)
    assert first == Lot(number=1)


def test_a_field_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="Lot has no field among price"):
        changed(Lot(number=1), price=3)
