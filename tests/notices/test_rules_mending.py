"""The three ways of mending: which field belongs to which, and what is refused."""

from typing import Any

import pytest

from app.kit.errors import Refusal
from app.kit.states import IllegalTransition
from app.notices import errors
from app.notices.rules.fields import FIELDS, MENDED_BY, REQUIRED, FieldClass
from app.notices.rules.mending import check_correction, check_supplement
from app.notices.rules.rights import fits, same_right
from app.notices.states import MEND, NOTICE, OBJECTION, MendKind, NoticeKind
from tests.factories.notices import CONTENT

TOLD = {"title": "钠离子电池正极材料专利", **CONTENT}


def test_every_field_that_a_notice_must_say_stands_in_the_table() -> None:
    assert REQUIRED.keys() == set(NoticeKind)
    assert {name for names in REQUIRED.values() for name in names} <= FIELDS.keys()
    assert MENDED_BY.keys() == set(FieldClass)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_field_is_mended_in_exactly_one_way(name: str) -> None:
    refused = {
        MendKind.CORRECTION: _refusal_of_correction(name),
        MendKind.SUPPLEMENT: _refusal_of_supplement(name),
        MendKind.CHANGE: None,
    }
    ways = {kind for kind, refusal in refused.items() if refusal is None} - {MendKind.CHANGE}
    wanted = FIELDS[name].mended_by
    assert ways == ({wanted} - {MendKind.CHANGE})
    if FIELDS[name].of is FieldClass.PRICE:
        assert isinstance(refused[MendKind.CORRECTION], errors.MendPriceNeverCorrection)
        assert isinstance(refused[MendKind.SUPPLEMENT], errors.MendPriceNeverCorrection)
    elif wanted is MendKind.CHANGE:
        assert isinstance(refused[MendKind.CORRECTION], errors.MendClassUnfit)


def _refusal_of_correction(name: str) -> Refusal | None:
    before: Any = [{"number": "CN202110123456.3", "name": "甲"}] if name == "rights" else "旧"
    after: Any = [{"number": "CN 2021 1012 3456.4", "name": "甲"}] if name == "rights" else "新"
    if name == "rights":
        assert not fits("CN202110123456.3")
        after = [{"number": "CN202110123456", "name": "甲"}]
    try:
        check_correction({name: before}, {name: after}, document_no="变更登记〔2026〕1号")
    except Refusal as refusal:
        return refusal
    return None


def _refusal_of_supplement(name: str) -> Refusal | None:
    try:
        check_supplement({name: "旧"}, {name: "新"}, days=3, days_min=3, caused_by_seller=False)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"mobile": "138"}, errors.MendFieldUnknown),
        ({"agent_name": "某公司"}, errors.MendFieldUnknown),
        ({"contact": None}, errors.MendFieldUnknown),
        ({"contact": TOLD["contact"]}, errors.MendChangesNothing),
        ({}, errors.MendChangesNothing),
        ({"contact": "新电话", "price": "1.00"}, errors.MendPriceNeverCorrection),
        ({"defects": "涉诉"}, errors.MendClassUnfit),
        ({"buyer_name": "杭州某科技股份有限公司"}, errors.MendPaperMissing),
        ({"rights": [{"name": "一种正极材料", "number": "CN201910999999.9"}]}, errors.MendOtherRight),
    ],
)
def test_a_correction_is_refused_with_its_reason(fields: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_correction(TOLD, fields, document_no=None)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"caused_by_seller": True}, errors.SupplementSellerCaused),
        ({"days": 2}, errors.SupplementTooShort),
        ({"days": 61}, errors.SupplementTooShort),
        ({"fields": {"contact": "新电话"}}, errors.MendClassUnfit),
        ({"fields": {"price": "1.00"}}, errors.MendPriceNeverCorrection),
    ],
)
def test_a_supplement_is_refused_with_its_reason(changed: dict[str, Any], refusal: type[Exception]) -> None:
    asked = {"fields": {"lawsuits": "有一起侵权诉讼"}, "days": 3, "days_min": 3, "caused_by_seller": False}
    fields = {**asked, **changed}.pop("fields")
    rest = {name: value for name, value in {**asked, **changed}.items() if name != "fields"}
    with pytest.raises(refusal):
        check_supplement(TOLD, fields, **rest)  # type: ignore[arg-type]
    check_supplement(TOLD, asked.pop("fields"), **asked)  # type: ignore[arg-type]


def test_a_slip_in_a_number_that_names_no_right_may_be_put_right() -> None:
    right = next(f"CN202110123456.{d}" for d in "0123456789X" if fits(f"CN202110123456.{d}"))
    slipped = right.replace("202110123", "202110132")
    assert not fits(slipped)
    assert same_right(slipped, right)
    assert same_right("202110123456", f"ZL {right[2:]}")


def test_a_number_that_fits_is_another_right() -> None:
    one = next(f"CN202110123456.{d}" for d in "0123456789X" if fits(f"CN202110123456.{d}"))
    other = next(f"CN202110123457.{d}" for d in "0123456789X" if fits(f"CN202110123457.{d}"))
    assert not same_right(one, other)
    assert not same_right(one, other[:-1] + ("0" if other[-1] != "0" else "1"))


@pytest.mark.parametrize("machine", [NOTICE, OBJECTION, MEND], ids=lambda machine: machine.name)
def test_every_pair_of_states_is_allowed_or_refused(machine: Any) -> None:
    class Row:
        status = machine.initial

    for here in machine.states:
        for to in machine.states:
            row = Row()
            row.status = here
            if to in machine.transitions[here]:
                machine.advance(row, to)
                assert row.status == to
            else:
                with pytest.raises(IllegalTransition):
                    machine.advance(row, to)
