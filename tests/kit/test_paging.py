"""Cursors: ours come back as they went; anything else is refused, never an error of another kind."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.paging import CursorInvalid, decode_cursor, encode_cursor


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
    st.integers(-(2**63), 2**63 - 1),
    st.text("某a1中", max_size=9),
)
def test_a_cursor_brings_its_values_back(at: datetime, key: object, number: int, text: str) -> None:
    values = [at, key, number, text]
    cursor = encode_cursor(values, {"q": "电池"})
    assert decode_cursor(cursor, {"q": "电池"}, [datetime, type(key), int, str]) == values


def test_a_cursor_of_other_filters_is_refused() -> None:
    cursor = encode_cursor([1], {"q": "电池"})
    with pytest.raises(CursorInvalid):
        decode_cursor(cursor, {"q": "轴承"}, [int])


def test_a_cursor_of_other_kinds_is_refused() -> None:
    cursor = encode_cursor([uuid4()], {})
    with pytest.raises(CursorInvalid):
        decode_cursor(cursor, {}, [int])


@given(st.text(max_size=200))
def test_nonsense_is_refused_as_a_cursor(text: str) -> None:
    with pytest.raises(CursorInvalid):
        decode_cursor(text, {}, [int])


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "a\x00b"])
def test_a_forged_cursor_with_what_no_column_holds_is_refused(value: object) -> None:
    with pytest.raises(CursorInvalid):
        decode_cursor(encode_cursor([value], {}), {}, [type(value)])
