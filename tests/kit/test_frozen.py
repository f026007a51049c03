"""Frozen dataclasses made without their constructor, and with some fields changed."""

from dataclasses import dataclass, replace

import pytest

from app.kit.frozen import changed, made


@dataclass(frozen=True, kw_only=True)
class Lot:
    """Something frozen."""

    number: int
    title: str = "一号标的"


def test_a_changed_copy_is_what_the_library_makes_and_leaves_the_first_as_it_was() -> None:
    first = Lot(number=1)
    assert changed(first, number=2) == replace(first, number=2) == Lot(number=2)
    assert first == Lot(number=1)


def test_what_is_made_is_what_the_constructor_makes_with_its_defaults() -> None:
    assert made(Lot, number=3) == Lot(number=3)
    assert vars(made(Lot, number=3, title="二号标的")) == vars(Lot(number=3, title="二号标的"))


def test_a_field_that_is_missing_or_that_there_is_not_is_refused_at_the_making() -> None:
    with pytest.raises(TypeError, match="Lot is not made of title"):
        made(Lot, title="二号标的")  # type: ignore[call-arg]  # that is the test
    with pytest.raises(TypeError, match="Lot is not made of number, price"):
        made(Lot, number=1, price=3)  # type: ignore[call-arg]  # that is the test


def test_a_field_that_there_is_not_is_refused() -> None:
    with pytest.raises(TypeError, match="Lot has no field among price"):
        changed(Lot(number=1), price=3)
