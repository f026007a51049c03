"""Codes by which parties are identified."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as published

from app.identity.errors import PersonNumberInvalid, RegionUnknown, UsccInvalid
from app.identity.rules.codes import (
    COUNTRIES,
    USCC_ALPHABET,
    USCC_DEPARTMENTS,
    check_person_number,
    check_region,
    check_uscc,
    person_check_character,
    uscc_check_character,
)

TODAY = date(2026, 11, 21)
ALNUM = st.sampled_from(USCC_ALPHABET)


@st.composite
def usccs(draw: st.DrawFn, departments: str = USCC_DEPARTMENTS) -> str:
    body = (
        draw(st.sampled_from(departments))
        + draw(ALNUM)
        + draw(st.text("0123456789", min_size=6, max_size=6))
        + draw(st.text(USCC_ALPHABET, min_size=9, max_size=9))
    )
    return body + uscc_check_character(body)


@given(usccs())
def test_a_code_with_its_check_character_is_accepted(code: str) -> None:
    check_uscc(code)


@pytest.mark.parametrize("department", list("123456789ANY"))
def test_every_registering_department_is_accepted(department: str) -> None:
    body = f"{department}1330106MA2CF47L0"
    check_uscc(body + uscc_check_character(body))


@pytest.mark.parametrize("department", sorted(set(USCC_ALPHABET) - set(USCC_DEPARTMENTS)))
def test_no_other_first_character_is_accepted(department: str) -> None:
    body = f"{department}1330106MA2CF47L0"
    with pytest.raises(UsccInvalid):
        check_uscc(body + uscc_check_character(body))


@given(usccs("123456789"))
def test_the_check_character_is_the_one_of_the_published_library(code: str) -> None:
    assert published.calc_check_digit(code) == code[17]


@given(usccs(), st.integers(0, 17), ALNUM)
def test_a_single_wrong_character_is_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(UsccInvalid):
            check_uscc(wrong)


@given(usccs(), st.integers(8, 15))
def test_two_neighbours_changed_round_are_found(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if wrong != code:
        with pytest.raises(UsccInvalid):
            check_uscc(wrong)


def _full_width(code: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in code)


@pytest.mark.parametrize(
    "written",
    [
        "n2330523mf1234567w",
        _full_width("N2330523MF1234567W"),
        "N2330523 MF1234567W",
        "N2330523-MF1234567-W",
        " N2330523MF1234567W\n",
    ],
)
def test_lower_case_full_width_and_spaces_are_refused_with_the_code_to_write_instead(written: str) -> None:
    with pytest.raises(UsccInvalid) as refused:
        check_uscc(written)
    assert refused.value.data == {"suggestion": "N2330523MF1234567W"}
    assert "N2330523MF1234567W" in refused.value.detail_zh
    assert refused.value.field == "/body/uscc"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("N2330523MF1234567", "17"),
        ("N2330523MF1234567WW", "19"),
        ("", "0"),
        ("N23305I3MF1234567W", "places 3 to 8"),
        ("N2330523MF123456OW", "do not occur"),
        ("N2330523MF1234567X", "check character"),
        ("统一社会信用代码统一社会信用代码十八", "do not occur"),
    ],
)
def test_the_refusal_names_what_is_wrong(code: str, words: str) -> None:
    with pytest.raises(UsccInvalid, match=words):
        check_uscc(code)


@given(st.text(max_size=30))
def test_any_text_is_judged_without_a_fault(text: str) -> None:
    try:
        check_uscc(text)
    except UsccInvalid:
        return
    assert len(text) == 18


@st.composite
def person_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1850, 1, 1), TODAY))
    region = draw(st.sampled_from(["110101", "330106", "659001", "810000", "820000", "830000", "911241"]))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + person_check_character(body)


@given(person_numbers())
def test_an_identity_number_with_its_check_character_is_accepted(number: str) -> None:
    check_person_number(number, TODAY)


@given(person_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_a_single_wrong_digit_of_an_identity_number_is_found(number: str, place: int, other: str) -> None:
    wrong = number[:place] + other + number[place + 1 :]
    if wrong != number:
        with pytest.raises(PersonNumberInvalid) as refused:
            check_person_number(wrong, TODAY)
        assert wrong not in f"{refused.value} {refused.value.detail_zh} {refused.value.data}"


def test_a_known_identity_number_is_accepted() -> None:
    # The example that GB 11643 itself prints.
    check_person_number("11010519491231002X", TODAY)


def _numbered(body: str) -> str:
    return body + person_check_character(body)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("11010519491231002x", "capital X"),
        ("1101051949123100", "17 digits"),
        ("110105491231002", "17 digits"),
        ("１１０１０５１９４９１２３１００２X", "half width"),
        (_numbered("00010519491231002"), "no region"),
        (_numbered("99" + "0105194912310020"[1:]), "date of birth|check character"),
        (_numbered("84010519491231002"), "no region"),
        (_numbered("11010520230229002"), "date of birth"),
        (_numbered("11010520261122002"), "date of birth"),
        (_numbered("11010518491231002"), "date of birth"),
        (_numbered("11010500000000002"), "date of birth"),
        ("110105194912310020", "check character"),
    ],
)
def test_the_refusal_of_an_identity_number_names_what_is_wrong(number: str, words: str) -> None:
    with pytest.raises(PersonNumberInvalid, match=words):
        check_person_number(number, TODAY)


def test_somebody_born_on_the_29th_of_february_has_a_real_date_of_birth() -> None:
    check_person_number(_numbered("11010520240229002"), TODAY)


@given(st.text(string.digits + "X ０é", max_size=20))
def test_any_text_is_judged_as_an_identity_number_without_a_fault(text: str) -> None:
    try:
        check_person_number(text, TODAY)
    except PersonNumberInvalid:
        return
    assert len(text) == 18


@pytest.mark.parametrize("code", ["110000", "330106", "710000", "810000", "820000"])
def test_a_region_of_a_known_province_is_accepted(code: str) -> None:
    check_region(code)


@pytest.mark.parametrize("code", ["100000", "160000", "830000", "990000"])
def test_a_region_of_no_province_is_refused(code: str) -> None:
    with pytest.raises(RegionUnknown):
        check_region(code)


def test_the_list_of_countries_is_that_of_iso_3166() -> None:
    assert len(COUNTRIES) == 249
    assert {"CHN", "HKG", "MAC", "TWN", "DEU", "USA"} <= COUNTRIES
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in COUNTRIES)
