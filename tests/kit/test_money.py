"""Money is exact: fen inside, a string with two decimals outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.kit.money import FEN_MAX, Money, capital, fen, fen_of_wan, wan, yuan

amounts = st.integers(min_value=0, max_value=FEN_MAX)


@given(amounts)
def test_fen_and_yuan_are_each_others_inverse(amount: int) -> None:
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1.5",
        "1.234",
        "01.00",
        "-1.00",
        "+1.00",
        "1,000.00",
        " 1.00",
        "1.00 ",
        "1e3",
        "NaN",
        "",
        ".50",
        "１.00",
        "1．00",
        "1.00\n",
        "100000000000000.00",
    ],
)
def test_any_other_form_of_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        fen(text)
    with pytest.raises(ValidationError):
        TypeAdapter(Money).validate_python(text)


@pytest.mark.parametrize("number", [1, 1.0, 10**400, None, True])
def test_an_amount_that_is_no_string_is_refused(number: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Money).validate_python(number)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.5", 12_500_000), ("0.000001", 1), ("200", 200_000_000), ("3.3", 3_300_000), ("0", 0)],
)
def test_wan_is_read_exactly_to_the_fen(text: str, amount: int) -> None:
    assert fen_of_wan(text) == amount


@pytest.mark.parametrize("text", ["12.5000001", "1e2", "-1", "１２", "", "1.", ".5", "01"])
def test_other_forms_of_wan_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        fen_of_wan(text)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (218_000_000, "218万元"),
        (12_500_000, "12.5万元"),
        (1_000_001, "1.000001万元"),
        (980_000, "9,800.00元"),
        (1_234_567_000_000, "1,234,567万元"),
    ],
)
def test_people_read_wan_without_any_rounding(amount: int, words: str) -> None:
    assert wan(amount) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.00", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("1.05", "人民币壹元零伍分"),
        ("10.50", "人民币壹拾元零伍角整"),
        ("10000.01", "人民币壹万元零壹分"),
        ("2190000.00", "人民币贰佰壹拾玖万元整"),
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("107000.53", "人民币壹拾万柒仟元零伍角叁分"),
        ("100000000.00", "人民币壹亿元整"),
        ("100010000.00", "人民币壹亿零壹万元整"),
        ("100000001.00", "人民币壹亿零壹元整"),
        ("1000000000000.00", "人民币壹万亿元整"),
        ("1000200000000.00", "人民币壹万零贰亿元整"),
        ("20345678.90", "人民币贰仟零叁拾肆万伍仟陆佰柒拾捌元玖角整"),
    ],
)
def test_capitals_are_written_as_on_a_cheque(text: str, words: str) -> None:
    assert capital(fen(text)) == words


@given(amounts, amounts)
def test_two_different_amounts_never_have_the_same_capitals(one: int, other: int) -> None:
    assert (capital(one) == capital(other)) == (one == other)
